import { expect, it } from "vitest";
import { exampleGraph } from "./example-graph.ts";
import { graphOf } from "./graph-data.ts";

it("takes a graph as it is", () => {
  const graph = exampleGraph("a>b b>c(.errors) | b!");
  expect(graphOf(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
});

it.each([undefined, null, 1, "x", [], {}, { uri: "file:///a" }, { nodes: [] }, { uri: 1, nodes: [] }])(
  "%j is no graph",
  (value) => expect(graphOf(value)).toBeUndefined(),
);

it("leaves out what makes no sense, and edges to it", () => {
  const { nodes, edges, ...graph } = exampleGraph("a>b b>c");
  const [a, b, c] = nodes;
  const odd = {
    ...graph,
    nodes: [a, null, "b", { ...b, at: { uri: 1 } }, { ...c, kind: "<b>" }],
    edges,
    problems: [1],
  };
  const found = graphOf(odd);
  expect([found?.nodes.map(({ name }) => name), found?.edges, found?.problems]).toEqual([["a"], [], []]);
});

it("numbers edges between the same nodes", () => {
  const graph = exampleGraph("a>b");
  expect(graphOf({ ...graph, edges: [...graph.edges, ...graph.edges] })?.edges.map(({ id }) => id)).toEqual([
    "a→b",
    "a→b#2",
  ]);
});

it("takes the answer of an older server, which knows no stages and problems", () => {
  const { stages: _, problems: __, ...older } = exampleGraph("a>b");
  expect(graphOf(older)).toEqual(exampleGraph("a>b"));
});
