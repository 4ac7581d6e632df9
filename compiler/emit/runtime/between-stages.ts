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
  if (hasOwnBrokers(ir)) return [];
  for (const node of ir.nodes) {
    const connection = connectionOf(node);
    if (connection) return connection.options;
  }
  return [];
}

/** Several Kafkas, and none of them the pipeline's: nothing says where the topics between its stages are. */
export function ambiguousTopics(ir: Ir): readonly Diagnostic[] {
  if (hasOwnBrokers(ir)) return [];
  const all = connections(ir);
  const [first] = all;
  const textOf = wholeText(ir);
  const text = first && textOf(first);
  const other = all.find((one) => textOf(one) !== text);
  if (first === undefined || other === undefined || stages(ir).length === 1) return [];
  return [diagnostic("FLOW5011", other.connector.origin, { first: first.node.name, other: other.node.name })];
}

/** Topics between stages, and no Kafka named anywhere: in a cluster the stages would not find each other. */
export function missingBrokers(ir: Ir): readonly Diagnostic[] {
  const count = stages(ir).length;
  if (count === 1 || hasOwnBrokers(ir) || connections(ir).length > 0) return [];
  return [diagnostic("FLOW5012", ir.origin, { stages: count, pipeline: ir.name })];
}

const hasOwnBrokers = ({ defaults }: Ir): boolean =>
  defaults.some(({ type, options }) => type === "kafka" && options.some(([name]) => name === "brokers"));

interface Connection {
  readonly node: IrNode;
  readonly connector: IrConnector;
  readonly options: IrOptions;
}

/** Of the sources and sinks, in written order. */
const connections = (ir: Ir): readonly Connection[] => ir.nodes.flatMap((node) => connectionOf(node) ?? []);

function connectionOf(node: IrNode): Connection | undefined {
  const { connector } = node;
  if (connector?.type !== "kafka" || node.kind === "table") return undefined;
  const options = connector.options.filter(([name]) => connectionNames.has(name));
  return options.some(([name]) => name === "brokers") ? { node, connector, options } : undefined;
}

/** Equal for equal connections. */
function wholeText(ir: Ir): (connection: Connection) => string {
  const shared = ir.defaults.find(({ type }) => type === "kafka")?.options ?? [];
  return ({ options }) => {
    const own = new Set(options.map(([name]) => name));
    const whole = [...shared.filter(([name]) => !own.has(name)), ...options];
    return JSON.stringify(optionValues(whole, connectionRows));
  };
}

const kafka = connectorRow("kafka");
const connectionRows: readonly OptionRow[] = kafka === undefined ? [] : optionsIn(kafka, "defaults");
const connectionNames: ReadonlySet<string> = new Set(connectionRows.map((row) => row.name));
