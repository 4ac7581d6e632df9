/**
 * IR → runtime configs, one per stage: everything resolved, nothing left to look up. Defaults come from the catalogue.
 * Must not know the custom resource.
 */
import { connectorRow } from "../catalog/connectors.ts";
import type { ConnectionOptions, EdgePlan, NodePlan, RuntimeConfig, TablePlan } from "../contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import type { Ir, IrInput, IrNode } from "../ir/ir.ts";
import { type Stage, stages } from "../ir/stages.ts";
import type { SourceText } from "../source/source-text.ts";
import { placeOf } from "../source/source-text.ts";
import type { At } from "./runtime/at.ts";
import { connectorPlan, formatPlan } from "./runtime/connector-plan.ts";
import { chunkPlan, windowPlan } from "./runtime/group-plans.ts";
import { type Crossings, crossings, intermediaryPlans } from "./runtime/intermediary.ts";
import { deadLetterTopic, kafkaPlan } from "./runtime/kafka-plan.ts";
import { clauseOf, exprPart, msPart, type Parts, wordPart } from "./runtime/parts.ts";
import { operatorPlans, retryPlan } from "./runtime/step-plans.ts";

export interface RuntimeConfigOptions {
  /** Everything in one process: one stage, no intermediary topics. */
  readonly local?: boolean;
  /** To print places as `file:line:column`; a file that is not here shows as its name alone. */
  readonly sources?: ReadonlyMap<string, SourceText>;
}

/** In topological order of the stages. The IR must come from a model without errors. */
export function runtimeConfigs(ir: Ir, options: RuntimeConfigOptions = {}): readonly RuntimeConfig[] {
  const at: At = (origin) => {
    const source = options.sources?.get(origin.file);
    return source === undefined ? origin.file : placeOf(source, origin.start);
  };
  const cut = stages(ir, options);
  const between = crossings(ir, cut);
  return cut.map((stage) => stageConfig(ir, stage, between, at, options.local === true));
}

function stageConfig(ir: Ir, stage: Stage, crossing: Crossings, at: At, isLocal: boolean): RuntimeConfig {
  const between = intermediaryPlans(ir, stage, crossing, at);
  const nodes = [
    ...between.sources,
    ...stage.nodes.map((node) => nodePlan(ir, node, at, between.edge)),
    ...between.sinks,
  ];
  const declared = ir.nodes.filter((node) => node.kind === "table");
  const read = declared.length === 0 ? new Set<string>() : tablesRead(nodes);
  const tables = declared.filter((node) => read.has(node.name)).map((node) => tablePlan(ir, node, at));
  const errors = errorsPlan(ir);
  const hasOwn = !isLocal && errors.policy === "dead_letter" && errors.connector === undefined;
  const { kafka } = kafkaPlan(ir, stage, crossing, nodes, isLocal, hasOwn);
  return {
    apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
    pipeline: ir.name,
    stage: stage.name,
    delivery:
      wordPart(clauseOf(ir.clauses, "delivery"), "guarantee") === "exactly_once" ? "exactly_once" : "at_least_once",
    errors: hasOwn && kafka?.connection ? ownDeadLetter(ir, kafka.connection) : errors,
    types: usedTypes(ir.types, [...nodes, ...tables]),
    tables,
    nodes,
    ...(kafka && { kafka }),
  };
}

function errorsPlan(ir: Ir): RuntimeConfig["errors"] {
  const clause = clauseOf(ir.clauses, "errors");
  if (wordPart(clause, "policy") === "fail") return { policy: "fail" };
  const block = clause?.get("deadLetter");
  if (block?.kind !== "block" || block.connector === undefined) return { policy: "dead_letter" };
  const format = clauseOf(block.clauses, "format");
  const options = format?.get("options");
  return {
    policy: "dead_letter",
    connector: connectorPlan(ir, block.connector, "dead_letter"),
    ...(format && {
      format: formatPlan(wordPart(format, "type") ?? "json", options?.kind === "options" ? options.options : []),
    }),
  };
}

/** In a cluster there is no file that outlives a worker. */
const ownDeadLetter = (ir: Ir, connection: ConnectionOptions): RuntimeConfig["errors"] => ({
  policy: "dead_letter",
  connector: { type: "kafka", options: { topic: deadLetterTopic(ir), ...connection } },
});

function nodePlan(
  ir: Ir,
  node: IrNode,
  at: At,
  edge: (node: IrNode, input: IrInput, index: number) => EdgePlan,
): NodePlan {
  const base = { name: node.name, at: at(node.origin) };
  const from = node.from.map((input, index) => edge(node, input, index));
  switch (node.kind) {
    case "source": {
      const time = exprPart(clauseOf(node.clauses, "time"), "time");
      const watermark = clauseOf(node.clauses, "watermark");
      return {
        ...base,
        kind: "source",
        ...(node.declaredType === undefined ? {} : { type: node.declaredType }),
        ...endPlan(ir, node, "source"),
        ...(time && { time: time.tree }),
        ...(watermark && { watermark: watermarkPlan(watermark) }),
      };
    }
    case "step":
      return {
        ...base,
        kind: "step",
        from,
        ...(node.declaredType === undefined ? {} : { type: node.declaredType }),
        operators: operatorPlans(node, at),
        ...retryPlan(node),
      };
    case "window":
      return { ...base, kind: "window", from, ...windowPlan(node) };
    case "chunk":
      return { ...base, kind: "chunk", from, ...chunkPlan(node) };
    case "sink":
      return { ...base, kind: "sink", from, ...endPlan(ir, node, "sink"), ...retryPlan(node) };
    case "table":
      throw new Error("bug: a table is not a node of a stage");
  }
}

function watermarkPlan(clause: Parts) {
  const idleMs = msPart(clause, "idle");
  const aheadMs = msPart(clause, "ahead");
  return {
    delayMs: msPart(clause, "delay") ?? 0,
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(aheadMs === undefined ? {} : { aheadMs }),
  };
}

function tablePlan(ir: Ir, node: IrNode, at: At): TablePlan {
  const key = exprPart(clauseOf(node.clauses, "key"), "key");
  if (key === undefined) throw new Error(`bug: table '${node.name}' without a key`);
  const refreshMs = msPart(clauseOf(node.clauses, "refresh"), "refresh");
  return {
    name: node.name,
    at: at(node.origin),
    ...(node.declaredType === undefined ? {} : { type: node.declaredType }),
    ...endPlan(ir, node, "table"),
    key: key.tree,
    ...(refreshMs === undefined ? {} : { refreshMs }),
  };
}

function endPlan(ir: Ir, node: IrNode, role: "source" | "sink" | "table") {
  if (node.connector === undefined) throw new Error(`bug: '${node.name}' without a connector`);
  const format = node.format ?? {
    type: connectorRow(node.connector.type)?.format ?? "json",
    options: [],
    explicit: false,
  };
  return { connector: connectorPlan(ir, node.connector, role), format: formatPlan(format.type, format.options) };
}

/** The tables that expressions of the plans look into. */
function tablesRead(plans: readonly NodePlan[]): ReadonlySet<string> {
  const names = new Set<string>();
  visit(plans, (value) => {
    if (value.op === "table" && typeof value.table === "string") names.add(value.table);
  });
  return names;
}

/** The named types that sources, steps and tables declare, and those that these name, by name. Nothing else in a plan has a type. */
function usedTypes(types: TypeTable, plans: readonly (NodePlan | TablePlan)[]): TypeTable {
  const used = new Set<string>();
  const collect = (type: ValueType): void => {
    switch (type.kind) {
      case "ref": {
        const named = types[type.name];
        if (used.has(type.name) || named === undefined) return;
        used.add(type.name);
        collect(named);
        return;
      }
      case "record":
        for (const field of type.fields) collect(field.type);
        return;
      case "union":
        for (const member of type.members) collect(member);
        return;
      case "list":
        collect(type.element);
        return;
      case "map":
        collect(type.key);
        collect(type.value);
        return;
      case "optional":
        collect(type.of);
        return;
      default:
    }
  };
  for (const plan of plans) if ("type" in plan && plan.type !== undefined) collect(plan.type);
  return Object.fromEntries([...used].sort().map((name) => [name, types[name]!]));
}

/** Calls `see` with every object inside `value`. */
function visit(value: unknown, see: (object: Readonly<Record<string, unknown>>) => void): void {
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const top = stack.pop();
    if (Array.isArray(top)) stack.push(...top);
    else if (typeof top === "object" && top !== null) {
      see(top as Readonly<Record<string, unknown>>);
      stack.push(...Object.values(top));
    }
  }
}
