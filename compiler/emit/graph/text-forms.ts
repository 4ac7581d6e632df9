/** A graph as Mermaid, as DOT and as JSON. Names are safe as they are; all other text is escaped. */
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

const mermaidShapes: Readonly<Record<GraphNode["kind"], readonly [string, string]>> = {
  source: ["([", "])"],
  step: ["[", "]"],
  window: ["{{", "}}"],
  chunk: ["[[", "]]"],
  sink: ["[/", "/]"],
  table: ["[(", ")]"],
};

/** Node names get a prefix: `end` and others are words of Mermaid. */
export function mermaid(graph: Graph): string {
  const nodes = graph.nodes.map((node) => {
    const [open, close] = mermaidShapes[node.kind];
    const lines = [node.label, node.detail].filter((text) => text !== "").map(mermaidText);
    return `  n_${node.id}${open}"${lines.join("<br/>")}"${close}`;
  });
  const edges = graph.edges.map((edge) => {
    const label = edge.label === "" ? "" : `|"${mermaidText(edge.label)}"|`;
    return `  n_${edge.from} ${isSide(edge) ? "-.->" : "-->"}${label} n_${edge.to}`;
  });
  const title =
    graph.description === undefined ? [] : [`  accDescr: ${mermaidText(graph.description).replace(/\s+/g, " ")}`];
  return ["flowchart LR", `  accTitle: ${mermaidText(graph.name)}`, ...title, ...nodes, ...edges, ""].join("\n");
}

/** Mermaid knows entities by number, without `&`. Control characters become spaces. */
const mermaidText = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .replace(/[&<>"#`|[\]{};]/g, (c) => `#${c.codePointAt(0)};`);

const dotShapes: Readonly<Record<GraphNode["kind"], string>> = {
  source: "oval",
  step: "box",
  window: "hexagon",
  chunk: "box3d",
  sink: "house",
  table: "cylinder",
};

export function dot(graph: Graph): string {
  const nodes = graph.nodes.map((node) => {
    const label = [node.label, node.detail]
      .filter((text) => text !== "")
      .map(dotText)
      .join("\\n");
    return `  "${dotText(node.id)}" [shape=${dotShapes[node.kind]}, label="${label}"];`;
  });
  const edges = graph.edges.map((edge) => {
    const attributes = [
      ...(edge.label === "" ? [] : [`label="${dotText(edge.label)}"`]),
      ...(isSide(edge) ? ["style=dashed"] : []),
    ];
    return `  "${dotText(edge.from)}" -> "${dotText(edge.to)}"${attributes.length > 0 ? ` [${attributes.join(", ")}]` : ""};`;
  });
  return [
    `digraph "${dotText(graph.name)}" {`,
    "  rankdir=LR;",
    "  node [style=rounded];",
    ...nodes,
    ...edges,
    "}",
    "",
  ].join("\n");
}

const dotText = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replace(/\s+/g, " ");

export const graphJson = (graph: Graph): string => `${JSON.stringify(graph, null, 2)}\n`;

const isSide = (edge: GraphEdge): boolean => edge.kind !== "main";
