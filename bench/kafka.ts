/**
 * What a message costs on Kafka, CPU of our process against Kafka Streams, kafkajs and @platformatic/kafka on the same topics of one broker:
 * npm run bench:kafka [-- --messages 300000 --rounds 3 --only flow,streams --work w1,route --delivery at_least_once,exactly_once].
 * The contenders take turns, so that all see the same machine; compare the ratios.
 */
import { parseArgs } from "node:util";
import { openCluster } from "./kafka/cluster.ts";
import { type Contender, contenders } from "./kafka/contenders.ts";
import { latency } from "./kafka/latency.ts";
import { type Measured, measure } from "./kafka/measure.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "400000" },
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    work: { type: "string", default: "w1,route" },
    delivery: { type: "string", default: "at_least_once,exactly_once" },
    latency: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const messages = Number(values.messages);
const rounds = Number(values.rounds);
const wanted = values.only.split(",").filter((name) => name !== "");

await using cluster = await openCluster();
const input = await cluster.fill(messages);
const those: readonly Contender[] = (await contenders(cluster.folder)).filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
);
for (const work of values.work.split(","))
  for (const delivery of values.delivery.split(",")) {
    const results = new Map<string, Measured[]>();
    for (let round = 0; round < rounds; round++)
      for (const contender of those) {
        const measured = await measure(contender, { cluster, input, messages, work, delivery });
        console.log(
          `${work} ${delivery} ${contender.name}: ${measured.microseconds.toFixed(2)} µs a message, ${Math.round(measured.perSecond / 1000)} k/s, ${measured.rssMib.toFixed(0)} MiB`,
        );
        results.set(contender.name, [...(results.get(contender.name) ?? []), measured]);
      }
    report(`${work}, ${delivery}`, results);
  }
if (values.latency) for (const delivery of values.delivery.split(",")) console.log(await latency(cluster, delivery));

function report(title: string, results: ReadonlyMap<string, readonly Measured[]>): void {
  const median = (name: string): number | undefined => {
    const all = results
      .get(name)
      ?.map(({ microseconds }) => microseconds)
      .sort((a, b) => a - b);
    return all?.[all.length >> 1];
  };
  const ours = median("flow");
  console.log(`\n${title}: median CPU of ${rounds} rounds`);
  for (const name of results.keys()) {
    const theirs = median(name)!;
    const ratio = ours === undefined || name === "flow" ? "" : `   flow takes ${(ours / theirs).toFixed(2)} ×`;
    console.log(`  ${name.padEnd(14)} ${theirs.toFixed(2)} µs${ratio}`);
  }
  console.log();
}
