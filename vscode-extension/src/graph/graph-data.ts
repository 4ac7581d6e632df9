/** The server's answer to `flow.graph`, looked over: it may come from another version of the server. Knows neither VS Code nor the page. */

export const nodeKinds = ["source", "step", "window", "chunk", "sink", "table"] as const;
export type NodeKind = (typeof nodeKinds)[number];
export const edgeKinds = ["main", "errors", "late", "table"] as const;
export type EdgeKind = (typeof edgeKinds)[number];

export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Place {
  readonly uri: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface Graph {
  readonly uri: string;
  /** Of the document that it was made from. */
  readonly version?: number;
  readonly name: string;
  /** The text has a syntax error: nodes may be missing. */
  readonly broken: boolean;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly stages: readonly GraphStage[];
  /** Those that lie in no node. */
  readonly problems: readonly GraphProblem[];
}

export interface GraphNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly detail: string;
  readonly description?: string;
  readonly type?: string;
  readonly replicas?: string;
  readonly stage?: string;
  readonly at: Place;
  readonly whole: Place;
  readonly problems: readonly GraphProblem[];
}

export interface GraphEdge {
  /** Of the edges of one graph: `from→to`, and a number where there are several. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label: string;
  readonly topic?: string;
  readonly at: Place;
}

export interface GraphStage {
  readonly name: string;
  readonly replicas?: string;
}

export interface GraphProblem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly at: Place;
}

const mostNodes = 5_000;

/** Undefined when it is no graph at all. Nodes and edges that make no sense are left out. */
export function graphOf(value: unknown): Graph | undefined {
  if (!isRecord(value) || typeof value.uri !== "string" || !Array.isArray(value.nodes)) return undefined;
  const nodes = listOf(value.nodes, nodeOf);
  const names = new Set(nodes.map(({ name }) => name));
  const edges = listOf(value.edges, edgeOf).filter(({ from, to }) => names.has(from) && names.has(to));
  return {
    uri: value.uri,
    ...(typeof value.version === "number" ? { version: value.version } : {}),
    name: textOf(value.name),
    broken: value.broken === true,
    nodes: [...new Map(nodes.map((node) => [node.name, node])).values()],
    edges: numbered(edges),
    stages: listOf(value.stages, stageOf),
    problems: listOf(value.problems, problemOf),
  };
}

function nodeOf(value: Record<string, unknown>): GraphNode | undefined {
  const kind = nodeKinds.find((one) => one === value.kind);
  const at = placeOf(value.at);
  if (kind === undefined || at === undefined || typeof value.name !== "string" || value.name === "") return undefined;
  return {
    name: value.name,
    kind,
    detail: textOf(value.detail),
    ...given(value, ["description", "type", "replicas", "stage"]),
    at,
    whole: placeOf(value.whole) ?? at,
    problems: listOf(value.problems, problemOf),
  };
}

function edgeOf(value: Record<string, unknown>): Omit<GraphEdge, "id"> | undefined {
  const { from, to } = value;
  const at = placeOf(value.at);
  if (typeof from !== "string" || typeof to !== "string" || at === undefined) return undefined;
  const kind = edgeKinds.find((one) => one === value.kind) ?? "main";
  return { from, to, kind, label: textOf(value.label), ...given(value, ["topic"]), at };
}

function numbered(edges: readonly Omit<GraphEdge, "id">[]): readonly GraphEdge[] {
  const counts = new Map<string, number>();
  return edges.map((edge) => {
    const id = `${edge.from}→${edge.to}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return { ...edge, id: count === 1 ? id : `${id}#${count}` };
  });
}

const stageOf = (value: Record<string, unknown>): GraphStage | undefined =>
  typeof value.name === "string" ? { name: value.name, ...given(value, ["replicas"]) } : undefined;

function problemOf(value: Record<string, unknown>): GraphProblem | undefined {
  const at = placeOf(value.at);
  if (typeof value.message !== "string" || at === undefined) return undefined;
  const severity = value.severity === "warning" ? "warning" : "error";
  return { severity, code: textOf(value.code), message: value.message, at };
}

function placeOf(value: unknown): Place | undefined {
  if (!isRecord(value) || typeof value.uri !== "string" || !isRecord(value.range)) return undefined;
  const start = positionOf(value.range.start);
  const end = positionOf(value.range.end);
  return start && end && { uri: value.uri, range: { start, end } };
}

function positionOf(value: unknown): Position | undefined {
  if (!isRecord(value) || !isCount(value.line) || !isCount(value.character)) return undefined;
  return { line: value.line, character: value.character };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function listOf<T>(value: unknown, read: (one: Record<string, unknown>) => T | undefined): readonly T[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, mostNodes)
    .map((one: unknown) => (isRecord(one) ? read(one) : undefined))
    .filter((one) => one !== undefined);
}

/** Those of the names that are texts. */
function given<K extends string>(value: Record<string, unknown>, names: readonly K[]): { readonly [_ in K]?: string } {
  const found: { [_ in K]?: string } = {};
  for (const name of names) {
    const text = value[name];
    if (typeof text === "string" && text !== "") found[name] = text;
  }
  return found;
}
