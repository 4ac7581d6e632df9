/** What the worker of a stage needs of Kafka: its group, its changelog, and the topics between stages with their partitions. */
import type {
  ConnectionOptions,
  ConnectorPlan,
  KafkaPlan,
  KafkaTopicPlan,
  NodePlan,
  PartitionsPlan,
} from "../../contract/runtime-config.ts";
import type { Ir, IrNode } from "../../ir/ir.ts";
import type { Stage } from "../../ir/stages.ts";
import { kebab } from "../../source/kebab.ts";
import { connectorPlan } from "./connector-plan.ts";
import { type Crossing, type Crossings, keysOf, topicOf } from "./intermediary.ts";
import { clauseOf } from "./parts.ts";

/** Of topics whose size nothing decides: room to grow, since their partitions cannot be changed. */
const defaultPartitions = 4;

export function kafkaPlan(
  ir: Ir,
  stage: Stage,
  between: Crossings,
  nodes: readonly NodePlan[],
  isLocal: boolean,
  hasOwnDeadLetter: boolean,
): { readonly kafka?: KafkaPlan } {
  const sources = nodes.filter((node) => node.kind === "source").map(({ connector }) => connector);
  const inputs = sources.filter(({ type }) => type === "kafka");
  const into = between.into.get(stage) ?? [];
  const crossing = [...into, ...(between.outOf.get(stage) ?? [])];
  if (inputs.length === 0 && crossing.length === 0) return {};
  const group = groupOf(ir, stage, inputs, isLocal);
  const own = inputs[0] ?? crossingConnector(ir, crossing[0]!);
  const connection = connectionOf(own);
  const topics: KafkaTopicPlan[] = crossing.map((one) => intermediary(ir, one, between, connection));
  const hasChangelog = inputs.length > 0 && nodes.some(keepsState);
  const changelog = `${groupOf(ir, stage, [], isLocal)}-changelog`;
  if (hasChangelog)
    topics.push({
      topic: changelog,
      role: "changelog",
      partitions: changelogPartitions(ir, into, between, inputs, isLocal),
    });
  if (hasOwnDeadLetter) topics.push({ topic: deadLetterTopic(ir), role: "dead_letter", partitions: { count: 1 } });
  return {
    kafka: {
      group,
      ...(connection === undefined ? {} : { connection }),
      ...(hasChangelog ? { changelog } : {}),
      topics,
    },
  };
}

/** Where bad events go in a cluster when the file does not say. */
export const deadLetterTopic = (ir: Pick<Ir, "name">): string => `argo.${kebab(ir.name)}-dead-letter`;

/** Of a stage: what one of its sources says, else a name of its own. */
function groupOf(ir: Ir, stage: Stage, inputs: readonly ConnectorPlan[], isLocal: boolean): string {
  const said = inputs.map(({ options }) => options.group).find((group) => typeof group === "string");
  return said ?? (isLocal ? `argo.${kebab(ir.name)}` : `argo.${kebab(ir.name)}.${stage.name}`);
}

const connectionNames = ["brokers", "tls", "sasl"] as const;

/** Undefined when it names no brokers. */
function connectionOf({ options }: ConnectorPlan): ConnectionOptions | undefined {
  if (options.brokers === undefined) return undefined;
  return Object.fromEntries(
    connectionNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

const crossingConnector = (ir: Ir, { connection }: Crossing): ConnectorPlan =>
  connectorPlan(ir, { type: "kafka", options: connection }, "defaults");

const keepsState = (node: NodePlan): boolean =>
  node.kind === "window" ||
  node.kind === "chunk" ||
  (node.kind === "step" && node.operators.some(({ op }) => op === "dedupe")) ||
  (node.kind === "source" && node.connector.options.watermarks === true);

/** A local run is one task with one state; else there is one for each partition of what the stage reads. */
function changelogPartitions(
  ir: Ir,
  into: readonly Crossing[],
  between: Crossings,
  inputs: readonly ConnectorPlan[],
  isLocal: boolean,
): PartitionsPlan {
  if (isLocal) return { count: 1 };
  const [first] = into;
  if (first !== undefined) return partitionsOf(ir, first, between, connectionOf(crossingConnector(ir, first)));
  return { like: inputs.map(({ options }) => String(options.topic)), least: 1 };
}

function intermediary(
  ir: Ir,
  crossing: Crossing,
  between: Crossings,
  stageConnection: ConnectionOptions | undefined,
): KafkaTopicPlan {
  const connection = connectionOf(crossingConnector(ir, crossing));
  const isElsewhere = JSON.stringify(connection) !== JSON.stringify(stageConnection);
  return {
    topic: topicOf(ir, crossing),
    role: "intermediary",
    ...(isElsewhere && connection !== undefined ? { connection } : {}),
    partitions: partitionsOf(ir, crossing, between, connection),
  };
}

/** One plan for all topics into a stage: partition p of each is one task. */
function partitionsOf(
  ir: Ir,
  { node }: Crossing,
  between: Crossings,
  connection: ConnectionOptions | undefined,
): PartitionsPlan {
  const reader = [...between.into].find(([stage]) => stage.nodes.includes(node));
  if (reader === undefined) throw new Error(`bug: no stage has '${node.name}'`);
  const [stage, inputs] = reader;
  if (stage.nodes.some(isOneForAll)) return { count: 1 };
  const like = topicsAbove(
    ir,
    inputs.map(({ producer }) => producer),
    connection,
  );
  const replicas = Math.max(1, ...stage.nodes.map(mostReplicas));
  return like.length === 0 ? { count: Math.max(replicas, defaultPartitions) } : { like, least: replicas };
}

/** A window without a key has one group for all events. */
const isOneForAll = (node: IrNode): boolean =>
  node.kind === "window" && keysOf(node).length === 0 && clauseOf(node.clauses, "join") === undefined;

function mostReplicas({ clauses }: IrNode): number {
  const value = clauseOf(clauses, "replicas")?.get("replicas");
  if (value?.kind === "constant") return Number(value.value);
  if (value?.kind !== "replicas" || value.value === "partitions") return 1;
  return typeof value.value === "number" ? value.value : value.value.max;
}

/** The topics of the Kafka sources above these nodes that are in the same Kafka. */
function topicsAbove(ir: Ir, nodes: readonly IrNode[], connection: ConnectionOptions | undefined): readonly string[] {
  const byName = new Map(ir.nodes.map((node) => [node.name, node]));
  const seen = new Set<IrNode>();
  const waiting = [...nodes];
  const topics = new Set<string>();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const { node: name } of node.from) {
      const input = byName.get(name);
      if (input !== undefined) waiting.push(input);
    }
    if (node.kind !== "source" || node.connector?.type !== "kafka") continue;
    const plan = connectorPlan(ir, node.connector, "source");
    const isSame = JSON.stringify(connectionOf(plan)) === JSON.stringify(connection);
    if (isSame && typeof plan.options.topic === "string") topics.add(plan.options.topic);
  }
  return [...topics].sort();
}
