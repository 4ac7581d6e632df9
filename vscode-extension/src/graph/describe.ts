/** The graph in words: names for screen readers, tooltips and the lines of the page. */
import type { Graph, GraphEdge, GraphNode, GraphProblem } from "./graph-data.ts";

/** All of a node in a sentence or two, as a screen reader says it. */
export function nodeWords(node: GraphNode, edges: readonly GraphEdge[], isHeld: boolean): string {
  const inputs = edges.filter(({ to }) => to === node.name);
  const readers = edges.filter(({ from }) => from === node.name);
  const placed = [node.stage === undefined ? "" : `stage ${node.stage}`, node.replicas ?? ""];
  return [
    [`${node.kind} ${node.name}`, node.detail, node.type === undefined ? "" : `gives ${node.type}`, ...placed]
      .filter((part) => part !== "")
      .join(", "),
    ...(isHeld ? ["not in the text as it is now"] : []),
    ...node.problems.map(({ severity, message }) => `${severity}: ${message.replace(/\.$/, "")}`),
    ...(inputs.length > 0 ? [`reads ${inputs.map((edge) => edgeEnd(edge, edge.from)).join(", ")}`] : []),
    ...(readers.length > 0 ? [`read by ${readers.map((edge) => edgeEnd(edge, edge.to)).join(", ")}`] : []),
  ].join(". ");
}

const edgeEnd = ({ label }: GraphEdge, name: string): string => (label === "" ? name : `${name} ${label}`);

export function nodeTooltip(node: GraphNode): string {
  const lines = [
    node.description ?? "",
    node.detail,
    node.type === undefined ? "" : `gives ${node.type}`,
    [node.stage === undefined ? "" : `stage ${node.stage}`, node.replicas ?? ""].filter(Boolean).join(" · "),
    ...node.problems.map(problemWords),
  ];
  return [`${node.kind} ${node.name}`, ...lines.filter((line) => line !== "")].join("\n");
}

export const edgeWords = ({ from, to, kind, label, topic }: GraphEdge): string =>
  [
    kind === "table" ? `${to} looks into ${from}` : `${from} to ${to}`,
    label,
    topic === undefined ? "" : `over the topic ${topic}`,
  ]
    .filter((part) => part !== "")
    .join(", ");

export const problemWords = ({ severity, code, message }: GraphProblem): string =>
  `${severity === "error" ? "Error" : "Warning"}${code === "" ? "" : ` ${code}`}: ${message}`;

export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

/** `5 nodes · 2 stages · 1 error`. */
export function summary({ nodes, stages, problems }: Graph): string {
  const all = [...problems, ...nodes.flatMap((node) => node.problems)];
  const errors = all.filter(({ severity }) => severity === "error").length;
  const warnings = all.length - errors;
  return [
    count(nodes.length, "node"),
    count(stages.length, "stage"),
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ].join(" · ");
}

/** Errors before warnings. */
export const worst = (problems: readonly GraphProblem[]): GraphProblem | undefined =>
  problems.find(({ severity }) => severity === "error") ?? problems[0];
