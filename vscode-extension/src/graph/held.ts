/**
 * What is drawn while the text has a syntax error: the new graph, and of the last whole one what is missing in it, so that
 * half-typed text takes nothing off the picture.
 */
import type { Graph } from "./graph-data.ts";

export interface Shown {
  readonly graph: Graph;
  /** Names of nodes that are not in the text as it is now. */
  readonly held: ReadonlySet<string>;
}

/** @param whole the last graph of the same file without a syntax error. */
export function shownOf(graph: Graph, whole: Graph | undefined): Shown {
  if (!graph.broken || whole === undefined || whole.uri !== graph.uri) return { graph, held: new Set() };
  const names = new Set(graph.nodes.map(({ name }) => name));
  const missing = whole.nodes.filter(({ name }) => !names.has(name));
  const held = new Set(missing.map(({ name }) => name));
  if (held.size === 0) return { graph, held };
  const edges = new Set(graph.edges.map(({ id }) => id));
  const isHeld = (name: string): boolean => held.has(name);
  const missingEdges = whole.edges.filter(({ id, from, to }) => !edges.has(id) && (isHeld(from) || isHeld(to)));
  const stageOf = new Map(whole.nodes.map(({ name, stage }) => [name, stage]));
  // Without its neighbours a node falls into another stage: the boxes stay as they were.
  const kept = graph.nodes.map((node) => {
    const { stage: _, ...rest } = node;
    const stage = stageOf.has(node.name) ? stageOf.get(node.name) : node.stage;
    return { ...rest, ...(stage === undefined ? {} : { stage }) };
  });
  const gone = missing.map((node) => ({ ...node, problems: [] }));
  const nodes = inOrderOf(whole, [...kept, ...gone]);
  const used = new Set(nodes.map((node) => node.stage));
  const stages = new Map([...graph.stages, ...whole.stages].map((stage) => [stage.name, stage]));
  return {
    graph: {
      ...graph,
      nodes,
      edges: [...graph.edges, ...missingEdges],
      stages: [...stages.values()].filter(({ name }) => used.has(name)),
    },
    held,
  };
}

/** Nodes that the whole graph has stand as they stood there, new ones after them: the layout follows this order. */
function inOrderOf(whole: Graph, nodes: Graph["nodes"]): Graph["nodes"] {
  const place = new Map(whole.nodes.map(({ name }, index) => [name, index]));
  return nodes.toSorted((a, b) => (place.get(a.name) ?? place.size) - (place.get(b.name) ?? place.size));
}
