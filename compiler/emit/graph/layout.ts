/** Places a graph: boxes, bent edges and their labels, by ELK's layered algorithm. The same graph always gives the same places. */
import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}
export interface PlacedNode extends Box {
  readonly node: GraphNode;
}
export interface PlacedEdge {
  readonly edge: GraphEdge;
  /** From the start to the arrow's tip, turning at right angles. */
  readonly points: readonly Point[];
  readonly label?: Box;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Widths of a character, in px, of the fonts that `svg.ts` uses; a little generous. */
const charWidth = { label: 8.1, small: 6.5, edge: 6.2 } as const;
export const boxHeight = 74;
const textStart = 48;

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeLabel": "4",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
  "elk.randomSeed": "1",
} as const;

/** ELK is loaded when the first picture is drawn: it is large. */
export async function layoutOf(graph: Graph): Promise<Layout> {
  const root = await (await newElk()).layout({
    id: "root",
    layoutOptions: { ...options },
    children: graph.nodes.map((node) => ({ id: `n:${node.id}`, ...sizeOf(node) })),
    edges: graph.edges.map((edge, i) => edgeOf(edge, i)),
  });
  return placed(graph, root);
}

async function newElk(): Promise<ELK> {
  const { default: found }: { readonly default: unknown } = await import("elkjs/lib/elk.bundled.js");
  if (!isConstructor(found)) throw new Error("bug: elkjs has no constructor");
  return new found();
}

const isConstructor = (value: unknown): value is new () => ELK => typeof value === "function";

export function sizeOf(node: GraphNode): { readonly width: number; readonly height: number } {
  const widths = [
    node.label.length * charWidth.label,
    node.detail.length * charWidth.small,
    footOf(node).length * charWidth.small,
    captionOf(node).length * charWidth.small + 12,
  ];
  return {
    width: Math.ceil(Math.max(120, textStart + 16 + Math.max(...widths))),
    height: footOf(node) === "" ? boxHeight - 14 : boxHeight,
  };
}

/** The line above the name. */
export const captionOf = (node: GraphNode): string => [node.kind, node.replicas].filter(Boolean).join(" · ");
/** The last line: the type. */
export const footOf = (node: GraphNode): string => node.type ?? "";

function edgeOf(edge: GraphEdge, index: number): ElkExtendedEdge {
  const labels =
    edge.label === ""
      ? []
      : [
          {
            text: edge.label,
            width: Math.ceil(edge.label.length * charWidth.edge + 12),
            height: 18,
            layoutOptions: { "elk.edgeLabels.inline": "true" },
          },
        ];
  return { id: `e:${index}`, sources: [`n:${edge.from}`], targets: [`n:${edge.to}`], labels };
}

function placed(graph: Graph, root: ElkNode): Layout {
  const boxes = new Map((root.children ?? []).map((child) => [child.id, boxOf(child)]));
  const edges = new Map((root.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: Math.ceil(root.width ?? 0),
    height: Math.ceil(root.height ?? 0),
    nodes: graph.nodes.map((node) => ({ node, ...boxes.get(`n:${node.id}`)! })),
    edges: graph.edges.map((edge, i) => {
      const elkEdge = edges.get(`e:${i}`);
      const label = elkEdge?.labels?.[0];
      return { edge, points: pointsOf(elkEdge), ...(label ? { label: boxOf(label) } : {}) };
    }),
  };
}

function pointsOf(edge: ElkExtendedEdge | undefined): readonly Point[] {
  const section = edge?.sections?.[0];
  return section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
}

const boxOf = (shape: { x?: number; y?: number; width?: number; height?: number }): Box => ({
  x: shape.x ?? 0,
  y: shape.y ?? 0,
  width: shape.width ?? 0,
  height: shape.height ?? 0,
});
