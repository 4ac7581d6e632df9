/**
 * IR → runtime configs, one per stage: everything resolved, nothing left to look up. Defaults come from the catalogue.
 * Must not know the custom resource.
 */
import { connectorRow } from "../catalog/connectors.ts";
import type { EdgePlan, NodePlan, RuntimeConfig, TablePlan } from "../contract/runtime-config.ts";
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import type { Ir, IrInput, IrNode } from "../ir/ir.ts";
import { type Stage, stages } from "../ir/stages.ts";
import type { SourceText } from "../source/source-text.ts";
import { placeOf } from "../source/source-text.ts";
import type { At } from "./runtime/at.ts";
import { connectorPlan, formatPlan } from "./runtime/connector-plan.ts";
import { chunkPlan, windowPlan } from "./runtime/group-plans.ts";
import { intermediaryPlans } from "./runtime/intermediary.ts";
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
  return cut.map((stage) => stageConfig(ir, stage, cut, at));
}

function stageConfig(ir: Ir, stage: Stage, all: readonly Stage[], at: At): RuntimeConfig {
  const between = intermediaryPlans(ir, stage, all, at);
  const nodes = [
    ...between.sources,
    ...stage.nodes.map((node) => nodePlan(ir, node, at, between.edge)),
    ...between.sinks,
  ];
  const tables = ir.nodes
    .filter((node) => node.kind === "table" && mentionsTable(nodes, node.name))
    .map((node) => tablePlan(ir, node, at));
  return {
    apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
    pipeline: ir.name,
    stage: stage.name,
    delivery:
      wordPart(clauseOf(ir.clauses, "delivery"), "guarantee") === "exactly_once" ? "exactly_once" : "at_least_once",
    errors: errorsPlan(ir),
    types: usedTypes(ir.types, { nodes, tables }),
    tables,
    nodes,
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
    ...(format && { format: formatPlan(wordPart(format, "type") ?? "json", options?.kind === "options" ? options.options : []) }),
  };
}

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
      return { ...base, kind: "step", from, operators: operatorPlans(node, at), ...retryPlan(node) };
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

/** Some expression of the plans looks into the table. */
function mentionsTable(plans: readonly NodePlan[], table: string): boolean {
  return some(plans, (value) => value.op === "table" && value.table === table);
}

/** The named types that the plans name, and those that these name. */
function usedTypes(types: TypeTable, plans: unknown): TypeTable {
  const used = new Set<string>();
  const collect = (value: unknown): void => {
    some(value, (one) => {
      const name = one.kind === "ref" ? one.name : undefined;
      if (typeof name !== "string" || used.has(name) || types[name] === undefined) return false;
      used.add(name);
      collect(types[name]);
      return false;
    });
  };
  collect(plans);
  return Object.fromEntries(Object.entries(types).filter(([name]) => used.has(name)) as [string, ValueType][]);
}

/** Whether any object inside `value` passes; visits all of them until one does. */
function some(value: unknown, test: (object: Readonly<Record<string, unknown>>) => boolean): boolean {
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const top = stack.pop();
    if (Array.isArray(top)) stack.push(...top);
    else if (typeof top === "object" && top !== null) {
      if (test(top as Readonly<Record<string, unknown>>)) return true;
      stack.push(...Object.values(top));
    }
  }
  return false;
}
