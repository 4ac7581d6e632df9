/** Between the picture and the text: which place a thing in the picture has, and which node the cursor is in. */
import type { Graph, Place, Position } from "./graph-data.ts";
import type { Target } from "./messages.ts";

/** Undefined when the graph has no such thing any more. */
export function placeOf(graph: Graph, target: Target): Place | undefined {
  switch (target.kind) {
    case "node":
      return graph.nodes.find(({ name }) => name === target.name)?.at;
    case "edge":
      return graph.edges.find(({ id }) => id === target.id)?.at;
    case "problem": {
      const { name, index } = target;
      const problems = name === undefined ? graph.problems : graph.nodes.find((node) => node.name === name)?.problems;
      return problems?.[index]?.at;
    }
  }
}

/** A node ends where its closing brace does: the cursor right after it is still in it. */
export function nodeAt(graph: Graph, uri: string, position: Position): string | undefined {
  return graph.nodes.find(({ whole }) => whole.uri === uri && holds(whole, position))?.name;
}

const holds = ({ range: { start, end } }: Place, position: Position): boolean =>
  isBefore(start, position) && isBefore(position, end);

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character <= b.character);
