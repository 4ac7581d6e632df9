/**
 * Which Kafka the topics between stages are in: the pipeline's, else the one that its sources and sinks name. Where those
 * name several, the file must say which.
 */
import { connectorRow, optionsIn } from "../../catalog/connectors.ts";
import type { OptionRow } from "../../catalog/rows.ts";
import type { Ir, IrConnector, IrNode, IrOptions } from "../../ir/ir.ts";
import { stages } from "../../ir/stages.ts";
import { type Diagnostic, diagnostic } from "../../source/diagnostic.ts";
import { optionValues } from "./option-value.ts";

/** Options of the connection over those of the pipeline; none when the pipeline names the brokers itself, or nobody does. */
export function betweenStages(ir: Ir): IrOptions {
  return hasOwnBrokers(ir) ? [] : (connections(ir)[0]?.options ?? []);
}

/** Several Kafkas, and none of them the pipeline's: nothing says where the topics between its stages are. */
export function ambiguousTopics(ir: Ir): readonly Diagnostic[] {
  if (hasOwnBrokers(ir)) return [];
  const all = connections(ir);
  const [first] = all;
  const other = all.find((one) => one.text !== first?.text);
  if (first === undefined || other === undefined || stages(ir).length === 1) return [];
  return [diagnostic("FLOW5011", other.connector.origin, { first: first.node.name, other: other.node.name })];
}

const hasOwnBrokers = ({ defaults }: Ir): boolean =>
  defaults.some(({ type, options }) => type === "kafka" && options.some(([name]) => name === "brokers"));

interface Connection {
  readonly node: IrNode;
  readonly connector: IrConnector;
  readonly options: IrOptions;
  /** Equal for equal connections. */
  readonly text: string;
}

/** Of the sources and sinks, in written order. */
function connections(ir: Ir): readonly Connection[] {
  const shared = ir.defaults.find(({ type }) => type === "kafka")?.options ?? [];
  return ir.nodes.flatMap((node) => {
    const { connector } = node;
    if (connector?.type !== "kafka" || node.kind === "table") return [];
    const options = connector.options.filter(([name]) => connectionRows().some((row) => row.name === name));
    if (!options.some(([name]) => name === "brokers")) return [];
    const own = new Set(options.map(([name]) => name));
    const whole = [...shared.filter(([name]) => !own.has(name)), ...options];
    return [{ node, connector, options, text: JSON.stringify(optionValues(whole, connectionRows())) }];
  });
}

function connectionRows(): readonly OptionRow[] {
  const row = connectorRow("kafka");
  return row === undefined ? [] : optionsIn(row, "defaults");
}
