import { expect, it } from "vitest";
import { exampleGraph, examplePlace } from "./example-graph.ts";
import { nodeAt, placeOf } from "./places.ts";

const graph = exampleGraph("a>b | b!");

it("leads from a thing of the picture to its place, and nowhere when it is gone", () => {
  expect(placeOf(graph, { kind: "node", name: "b" })).toEqual(examplePlace("b"));
  expect(placeOf(graph, { kind: "edge", id: "a→b" })).toEqual(examplePlace("a→b"));
  expect(placeOf(graph, { kind: "problem", name: "b", index: 0 })).toEqual(examplePlace("b"));
  expect(placeOf(graph, { kind: "problem", name: undefined, index: 0 })).toBeUndefined();
  expect(placeOf(graph, { kind: "node", name: "gone" })).toBeUndefined();
});

it("knows the node that the cursor is in, of the same file alone", () => {
  const { start, end } = examplePlace("b").range;
  expect([nodeAt(graph, graph.uri, start), nodeAt(graph, graph.uri, end)]).toEqual(["b", "b"]);
  expect(nodeAt(graph, "file:///other.flow", start)).toBeUndefined();
  expect(nodeAt(graph, graph.uri, { line: 0, character: 0 })).toBeUndefined();
});
