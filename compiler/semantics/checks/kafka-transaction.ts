/** FLOW5015: exactly once is a transaction of one Kafka, so what is read and what is written must both be in it. */
import type { NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";
import { firstSources } from "./upstream.ts";

export const kafkaTransaction: Check = (checked) => {
  const { declared, graph, header } = checked;
  const guarantee = header.clauses.find((each) => each.keyword === "delivery")?.values.get("guarantee");
  if (guarantee?.kind !== "word" || guarantee.value !== "exactly_once") return;
  const fromKafka = firstSources(graph.order, isKafka);
  const fromOthers = firstSources(graph.order, (source) => !isKafka(source) && isReadAgain(source));
  const report = (sink: NodeEntry, why: string): void =>
    declared.program.main.report("FLOW5015", sink.connector!.syntax.keyword.span, { sink: sink.name, why });
  for (const sink of graph.nodes) {
    if (sink.kind !== "sink" || sink.connector?.row.sink?.exactlyOnce !== true) continue;
    const [kafka, other] = [fromKafka.get(sink), fromOthers.get(sink)];
    const type = sink.connector.row.name;
    if (isKafka(sink)) {
      if (other)
        report(sink, `how far '${other.name}' (${other.connector?.row.name}) was read cannot be in the transaction`);
      else if (kafka && brokersOf(kafka, checked) !== brokersOf(sink, checked))
        report(sink, `it is in another Kafka than '${kafka.name}', and a transaction is in one`);
    } else if (kafka && type !== "memory")
      report(sink, `'${kafka.name}' reads from Kafka, and ${type} cannot be in its transaction`);
  }
};

const isKafka = ({ connector }: NodeEntry): boolean => connector?.row.name === "kafka";

/** FLOW5004 names the others. */
const isReadAgain = ({ connector }: NodeEntry): boolean =>
  connector?.row.source?.replay === true && connector.row.name !== "memory";

function brokersOf({ connector }: NodeEntry, { declared }: CheckedProgram): string {
  const shared = declared.defaults.get("kafka")?.options.get("brokers");
  return JSON.stringify((connector?.options.get("brokers") ?? shared)?.value ?? null);
}
