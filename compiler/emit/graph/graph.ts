/** A pipeline as a plain graph, for drawing: what Mermaid, DOT, JSON and SVG are all made from. */
import type { Ir, IrClause, IrInput, IrNode, IrValue } from "../../ir/ir.ts";
import { clauseById } from "../../ir/rows-by-id.ts";
import { type Stage, stages } from "../../ir/stages.ts";
import { printValueType } from "../../semantics/print-value-type.ts";
import { topicByInput } from "../runtime/intermediary.ts";

export interface Graph {
  readonly name: string;
  readonly description?: string;
  /** In written order. */
  readonly nodes: readonly GraphNode[];
  /** Of each node its inputs in written order, then the tables that it looks into. */
  readonly edges: readonly GraphEdge[];
  /** In topological order. */
  readonly stages: readonly GraphStage[];
}

export interface GraphStage {
  readonly name: string;
  /** `replicas 2`: of one of its nodes, else of the pipeline. */
  readonly replicas?: string;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: IrNode["kind"];
  readonly label: string;
  readonly description?: string;
  /** What it does, in a few words: its connector, its operators, its window. */
  readonly detail: string;
  /** The type of the events that leave it, on one line, shortened; sinks have none. */
  readonly type?: string;
  /** `replicas 2`. */
  readonly replicas?: string;
  readonly stage?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "main" | "errors" | "late" | "table";
  /** The condition or the alias; empty when every event passes. */
  readonly label: string;
  /** Of an edge between two stages: the topic that carries its events. */
  readonly topic?: string;
}

const longestText = 48;

export function graphOf(ir: Ir): Graph {
  const cut = stages(ir);
  const stageOf = new Map(cut.flatMap((stage) => stage.nodes.map((node) => [node.name, stage.name] as const)));
  const topics = topicByInput(ir, cut);
  return {
    name: ir.name,
    ...(ir.description === undefined ? {} : { description: ir.description }),
    nodes: ir.nodes.map((node) => graphNode(node, stageOf.get(node.name))),
    edges: ir.nodes.flatMap((node) => [...inputEdges(node, topics), ...tableEdges(ir, node)]),
    stages: cut.map((stage) => graphStage(ir, stage)),
  };
}

function graphStage(ir: Ir, { name, nodes }: Stage): GraphStage {
  const replicas = [...nodes.map(replicasOf), replicasOf(ir)].find((clause) => clause !== undefined);
  return { name, ...(replicas ? { replicas: replicasText(replicas) } : {}) };
}

const replicasOf = ({ clauses }: { readonly clauses: readonly IrClause[] }): IrClause | undefined =>
  clauses.find((clause) => clause.keyword === "replicas");

function graphNode(node: IrNode, stage: string | undefined): GraphNode {
  const replicas = replicasOf(node);
  return {
    id: node.name,
    kind: node.kind,
    label: node.name,
    ...(node.description === undefined ? {} : { description: node.description }),
    detail: shorten(detailOf(node)),
    ...(node.kind === "sink" ? {} : { type: shorten(typeText(node)) }),
    ...(replicas ? { replicas: replicasText(replicas) } : {}),
    ...(stage === undefined ? {} : { stage }),
  };
}

/** The type's name where it has one. */
function typeText(node: IrNode): string {
  // A step declares what its user code answers, which operators behind may change.
  const isNamed = node.kind !== "step" && node.declaredType?.kind === "ref";
  return printValueType(isNamed ? node.declaredType : node.outputType).replace(/\s+/g, " ");
}

function detailOf(node: IrNode): string {
  if (node.connector) return [node.connector.type, mainOption(node)].filter(Boolean).join(" ");
  const operators = node.clauses.filter((clause) => clauseById(clause.row)?.row.operator);
  if (node.kind === "step") return operators.map((clause) => clause.keyword).join(" · ") || "merge";
  const shown = new Set([
    "key",
    "fixed",
    "sliding",
    "session",
    "global",
    "count",
    "join",
    "size",
    "bytes",
    "every",
    "window",
    "start",
    "end",
  ]);
  return node.clauses
    .filter((clause) => shown.has(clause.keyword))
    .map(clauseText)
    .join(" · ");
}

/** The first option that is a string or a list of them and no broker: a path, a topic, an address. */
function mainOption(node: IrNode): string {
  const names = ["topic", "path", "subject", "key", "table", "url", "port", "schedule"];
  const option = names.flatMap((name) => node.connector!.options.filter(([given]) => given === name))[0];
  return option && (typeof option[1] === "string" || typeof option[1] === "number") ? String(option[1]) : "";
}

/** As .flow writes it: `sliding 10m every 1m`. */
function clauseText(clause: IrClause): string {
  const parts = clauseById(clause.row)?.row.parts ?? [];
  const values = clause.values.flatMap(([name, value]) => [
    parts.find((part) => part.name === name)?.word ?? "",
    valueText(value),
  ]);
  return [clause.keyword, ...values].filter((text) => text !== "").join(" ");
}

function valueText(value: IrValue): string {
  if (value.kind === "expr") return value.value.text;
  if (value.kind === "exprs") return value.values.map((one) => one.text).join(", ");
  if (value.kind === "word") return value.value;
  if (value.kind !== "constant") return "";
  return typeof value.value === "object" && value.value !== null && "text" in value.value
    ? value.value.text
    : String(value.value);
}

function replicasText(clause: IrClause): string {
  const value = clause.values[0]?.[1];
  if (value?.kind !== "replicas") return "replicas";
  if (typeof value.value === "object") return `replicas ${value.value.min}..${value.value.max}`;
  return `replicas ${value.value}`;
}

function inputEdges(node: IrNode, topics: ReadonlyMap<IrInput, string>): readonly GraphEdge[] {
  return node.from.map((input) => {
    const alias = input.alias === undefined ? "" : `as ${input.alias}`;
    const route = input.where ? `where ${input.where.text}` : input.otherwise ? "otherwise" : "";
    const output = input.output === "main" ? "" : `.${input.output}`;
    const topic = topics.get(input);
    return {
      from: input.node,
      to: node.name,
      kind: input.output,
      label: shorten([output, alias, route].filter(Boolean).join(" ")),
      ...(topic === undefined ? {} : { topic }),
    };
  });
}

/** One per table that an expression of the node looks into. */
function tableEdges(ir: Ir, node: IrNode): readonly GraphEdge[] {
  const tables = ir.nodes.filter((one) => one.kind === "table");
  if (tables.length === 0) return [];
  const text = JSON.stringify([node.clauses, node.from], (key, value: unknown) =>
    key === "origin" ? undefined : typeof value === "bigint" ? String(value) : value,
  );
  return tables
    .filter((table) => text.includes(`"op":"table"`) && text.includes(`"table":${JSON.stringify(table.name)}`))
    .map((table) => ({ from: table.name, to: node.name, kind: "table" as const, label: "" }));
}

const shorten = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
