/**
 * The ends of the edges between stages: a sink in the stage that writes, a source in the stage that reads, over an
 * intermediary Kafka topic per edge. Routing (`where`, `otherwise`) happens where the events are written.
 */

import type { ExprTree } from "../../contract/expr-tree.ts";
import { joinKeysOf } from "../../contract/join-keys.ts";
import type { ConnectorPlan, EdgePlan, SinkPlan, SourcePlan } from "../../contract/runtime-config.ts";
import type { Ir, IrInput, IrNode, IrOptions } from "../../ir/ir.ts";
import type { Stage } from "../../ir/stages.ts";
import { kebab } from "../../source/kebab.ts";
import type { At } from "./at.ts";
import { betweenStages } from "./between-stages.ts";
import { connectorPlan, formatPlan } from "./connector-plan.ts";
import { clauseOf, exprPart, exprsPart } from "./parts.ts";
import { mapTree } from "./shift-slots.ts";

export interface Between {
  readonly sources: readonly SourcePlan[];
  readonly sinks: readonly SinkPlan[];
  /** The edge of a node's input inside the stage. */
  readonly edge: (node: IrNode, input: IrInput, index: number) => EdgePlan;
}

export interface Crossing {
  readonly node: IrNode;
  readonly input: IrInput;
  readonly index: number;
  readonly producer: IrNode;
  /** Where its topic is; the same for all. */
  readonly connection: IrOptions;
}

/** All edges between stages, in order, and by the stage that reads and the stage that writes. */
export interface Crossings {
  readonly all: readonly Crossing[];
  readonly into: ReadonlyMap<Stage, readonly Crossing[]>;
  readonly outOf: ReadonlyMap<Stage, readonly Crossing[]>;
}

/** The topics of a pipeline between its stages, in order. */
export function intermediaryTopics(ir: Ir, stages: readonly Stage[]): readonly string[] {
  return crossings(ir, stages).all.map((crossing) => topicOf(ir, crossing));
}

/** The topic of each input that comes from another stage. */
export function topicByInput(ir: Ir, stages: readonly Stage[]): ReadonlyMap<IrInput, string> {
  return new Map(crossings(ir, stages).all.map((crossing) => [crossing.input, topicOf(ir, crossing)]));
}

export function intermediaryPlans(ir: Ir, stage: Stage, between: Crossings, at: At): Between {
  const names = new Set(stage.nodes.map((node) => node.name));
  return {
    sources: (between.into.get(stage) ?? []).map((crossing) => sourceOf(ir, crossing, at)),
    sinks: (between.outOf.get(stage) ?? []).map((crossing) => sinkOf(ir, crossing, at)),
    edge: (node, input, index) => {
      if (names.has(input.node)) return localEdge(input);
      return {
        node: entryName(node, input, index),
        output: "main",
        ...(input.alias === undefined ? {} : { alias: input.alias }),
      };
    },
  };
}

/** Looked up once for all stages. */
export function crossings(ir: Ir, stages: readonly Stage[]): Crossings {
  const connection = stages.length > 1 ? betweenStages(ir) : [];
  const byName = new Map(ir.nodes.map((node) => [node.name, node]));
  const stageOf = new Map(stages.flatMap((stage) => stage.nodes.map((node) => [node.name, stage] as const)));
  const all: Crossing[] = [];
  const into = new Map<Stage, Crossing[]>();
  const outOf = new Map<Stage, Crossing[]>();
  for (const stage of stages)
    for (const node of stage.nodes)
      for (const [index, input] of node.from.entries()) {
        const producer = byName.get(input.node);
        const writer = stageOf.get(input.node);
        if (producer === undefined || writer === stage) continue;
        const crossing = { node, input, index, producer, connection };
        all.push(crossing);
        put(into, stage, crossing);
        if (writer !== undefined) put(outOf, writer, crossing);
      }
  return { all, into, outOf };
}

function put<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function localEdge(input: IrInput): EdgePlan {
  return {
    node: input.node,
    output: input.output,
    ...(input.where && { where: input.where.tree }),
    ...(input.otherwise ? { otherwise: true as const } : {}),
    ...(input.alias === undefined ? {} : { alias: input.alias }),
  };
}

/** A topic belongs to the node that reads it; one with several inputs from afar has one per input. */
export function topicOf(ir: Pick<Ir, "name">, { node, index }: Crossing): string {
  const base = `argo.${kebab(ir.name)}.${kebab(node.name)}`;
  return node.from.length === 1 ? base : `${base}.${index}`;
}

/** Has a dot, so that no node of the pipeline can have the name. */
const entryName = (node: IrNode, input: IrInput, index: number): string =>
  `${node.name}.from.${input.node}${index === 0 ? "" : `.${index}`}`;

/** `watermarks`, which is no option of the catalogue: only stages write and read them. */
function kafka(ir: Ir, crossing: Crossing, role: "source" | "sink"): ConnectorPlan {
  const options = [["topic", topicOf(ir, crossing)], ...crossing.connection] as const;
  const plan = connectorPlan(ir, { type: "kafka", options }, role);
  return { ...plan, options: { ...plan.options, watermarks: true } };
}

function sourceOf(ir: Ir, crossing: Crossing, at: At): SourcePlan {
  return {
    kind: "source",
    name: entryName(crossing.node, crossing.input, crossing.index),
    at: at(crossing.input.origin),
    connector: kafka(ir, crossing, "source"),
    format: formatPlan("cloudevents", []),
    ...(crossing.input.output === "main" ? { type: crossing.producer.outputType } : {}),
  };
}

function sinkOf(ir: Ir, crossing: Crossing, at: At): SinkPlan {
  const connector = kafka(ir, crossing, "sink");
  const key = partitionKey(crossing);
  const { alias: _, ...edge } = localEdge(crossing.input);
  return {
    kind: "sink",
    name: `${entryName(crossing.node, crossing.input, crossing.index)}.out`,
    at: at(crossing.input.origin),
    from: [edge],
    connector: key === undefined ? connector : { ...connector, options: { ...connector.options, key: { expr: key } } },
    format: formatPlan("cloudevents", []),
  };
}

/** What decides the partition: the reader's key, over the producer's event. None: the record keeps its own key. */
function partitionKey({ node, input }: Crossing): ExprTree | undefined {
  const keys = joinSide(node, input) ?? keysOf(node);
  if (keys.length <= 1) return keys[0];
  return { op: "list", kind: "list", items: keys.map((value) => ({ value, optional: false })) };
}

/** The values of the clause that divides the events of a node: `key`, or that of `dedupe`. */
export const keysOf = (node: IrNode): readonly ExprTree[] =>
  exprsPart(clauseOf(node.clauses, node.kind === "step" ? "dedupe" : "key"), "key").map((key) => key.tree);

/** What a join says is equal, of this input; undefined where nothing is joined. */
function joinSide({ clauses, from }: IrNode, { alias }: IrInput): readonly ExprTree[] | undefined {
  const on = exprPart(clauseOf(clauses, "join"), "on")?.tree;
  const [first, second] = from.map((input) => input.alias);
  if (on === undefined || alias === undefined || first === undefined || second === undefined) return undefined;
  const keys = joinKeysOf(on, [first, second]);
  return (alias === first ? keys?.first : keys?.second)?.map((tree) => strip(tree, alias));
}

/** `o.data.id` → `data.id`: the alias stands for a whole event. */
function strip(tree: ExprTree, alias: string): ExprTree {
  return mapTree(tree, (node) => {
    const of = node.of;
    const isAlias =
      node.op === "select" &&
      typeof of === "object" &&
      of !== null &&
      "op" in of &&
      of.op === "var" &&
      "name" in of &&
      of.name === alias;
    return isAlias ? { op: "var", kind: node.kind, name: node.field } : undefined;
  }) as ExprTree;
}
