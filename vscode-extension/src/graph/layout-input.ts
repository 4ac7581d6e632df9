/** A graph as ELK takes it, and the places as ELK gives them. Sizes are quantized, so that typing a letter moves nothing. */
import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Graph, GraphEdge, GraphNode } from "./graph-data.ts";

export type Direction = "right" | "down";

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Places {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  /** By id of the edge: from the start to the arrow's tip. */
  readonly edges: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label?: Box }>;
  readonly stages: ReadonlyMap<string, Box>;
}

/** Widths in px of texts as the page draws them. */
export interface Measure {
  readonly name: (text: string) => number;
  readonly small: (text: string) => number;
  readonly code: (text: string) => number;
}

export const nodeHeight = 72;
const step = 24;
const narrowest = 180;
const widest = 276;
/** Of the badge at the left and the edges of a box. */
const besideText = 58;
const lineHeight = 17;

const quantized = (width: number, most: number): number => Math.min(most, Math.ceil(width / step) * step);

export function nodeWidth(node: GraphNode, measure: Measure): number {
  const text = Math.max(
    // With room for the mark of a problem.
    measure.name(node.name) + 30,
    measure.small(captionOf(node)),
    node.type === undefined ? 0 : measure.code(node.type),
  );
  return Math.max(narrowest, quantized(text + besideText, widest));
}

/** The line below the name. */
export const captionOf = ({ kind, detail }: GraphNode): string => (detail === "" ? kind : `${kind} · ${detail}`);

/** The lines of an edge's label. */
export const labelLines = ({ label, topic }: GraphEdge): readonly string[] =>
  [label, topic === undefined ? "" : `topic ${topic}`].filter((line) => line !== "");

/** A box is drawn where there is more than one stage. */
export const drawnStages = ({ stages, nodes }: Graph): Graph["stages"] => {
  const used = new Set(nodes.map(({ stage }) => stage));
  const drawn = stages.filter(({ name }) => used.has(name));
  return drawn.length > 1 ? drawn : [];
};

export const stageTitle = ({ name, replicas }: Graph["stages"][number]): string =>
  ["stage", name].join(" ") + (replicas === undefined ? "" : ` · ${replicas}`);

const shared = {
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeLabel": "4",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "14",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
};

/** Ids are marked by what they name: a stage may be called like a node. */
export function layoutInput(graph: Graph, direction: Direction, measure: Measure): ElkNode {
  const stages = drawnStages(graph);
  const boxed = new Set(stages.map(({ name }) => name));
  const children = (stage: string | undefined): ElkNode[] =>
    graph.nodes
      .filter((node) => (node.stage !== undefined && boxed.has(node.stage) ? node.stage : undefined) === stage)
      .map((node) => ({ id: `n:${node.name}`, width: nodeWidth(node, measure), height: nodeHeight }));
  return {
    id: "root",
    layoutOptions: {
      ...shared,
      "elk.algorithm": "layered",
      // The written order. Of the root alone: ELK 0.12 fails on some graphs with an order inside of boxes.
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.direction": direction === "right" ? "RIGHT" : "DOWN",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.hierarchyHandling": "INCLUDE_CHILDREN",
      "elk.json.shapeCoords": "ROOT",
      "elk.json.edgeCoords": "ROOT",
      "elk.padding": "[top=16,left=16,bottom=16,right=16]",
      "elk.randomSeed": "1",
    },
    children: [
      ...stages.map((stage) => ({
        id: `s:${stage.name}`,
        layoutOptions: {
          ...shared,
          "elk.padding": "[top=34,left=16,bottom=16,right=16]",
          "elk.nodeSize.constraints": "MINIMUM_SIZE",
          "elk.nodeSize.minimum": `(${Math.ceil(measure.small(stageTitle(stage)) + 40)},0)`,
        },
        children: children(stage.name),
      })),
      ...children(undefined),
    ],
    edges: graph.edges.map((edge) => edgeInput(edge, measure)),
  };
}

/** The same question, where what is drawn already keeps its order within each layer: an edit swaps no nodes. New ones go where they fit best. */
export function keepingOrder(input: ElkNode, drawn: Places): ElkNode {
  const order = { "elk.layered.crossingMinimization.semiInteractive": "true" };
  const placed = (node: ElkNode): ElkNode => {
    const name = node.id.slice(2);
    const box = node.id.startsWith("s:") ? drawn.stages.get(name) : drawn.nodes.get(name);
    const position = box ? { "elk.position": `(${box.x},${box.y})` } : {};
    if (!node.children) return { ...node, layoutOptions: { ...node.layoutOptions, ...position } };
    return {
      ...node,
      layoutOptions: { ...node.layoutOptions, ...order, ...position },
      children: node.children.map(placed),
    };
  };
  return placed(input);
}

function edgeInput(edge: GraphEdge, measure: Measure): ElkExtendedEdge {
  const lines = labelLines(edge);
  const width = quantized(Math.max(0, ...lines.map(measure.code)) + 18, 228);
  const label = {
    text: edge.id,
    width,
    height: lines.length * lineHeight + 5,
    layoutOptions: { "elk.edgeLabels.inline": "true" },
  };
  return {
    id: `e:${edge.id}`,
    sources: [`n:${edge.from}`],
    targets: [`n:${edge.to}`],
    ...(lines.length > 0 ? { labels: [label] } : {}),
  };
}

/** @param root ELK's answer, with all coordinates from the root's corner. */
export function placesOf(root: ElkNode): Places {
  const nodes = new Map<string, Box>();
  const stages = new Map<string, Box>();
  const edges = new Map<string, { readonly points: readonly Point[]; readonly label?: Box }>();
  const walk = (node: ElkNode): void => {
    for (const child of node.children ?? []) {
      (child.id.startsWith("s:") ? stages : nodes).set(child.id.slice(2), boxOf(child));
      walk(child);
    }
    for (const edge of node.edges ?? []) {
      const section = edge.sections?.[0];
      const label = edge.labels?.[0];
      edges.set(edge.id.slice(2), {
        points: section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [],
        ...(label ? { label: boxOf(label) } : {}),
      });
    }
  };
  walk(root);
  return { width: root.width ?? 0, height: root.height ?? 0, nodes, edges, stages };
}

const boxOf = ({ x, y, width, height }: { x?: number; y?: number; width?: number; height?: number }): Box => ({
  x: x ?? 0,
  y: y ?? 0,
  width: width ?? 0,
  height: height ?? 0,
});
