import { expect, it } from "vitest";
import { edgeWords, nodeWords, summary } from "./describe.ts";
import { exampleGraph } from "./example-graph.ts";

const graph = exampleGraph("a>b(where data.x) b>c(.errors) | b!");

it("says all of a node in words", () => {
  expect(nodeWords(graph.nodes[1]!, graph.edges, false)).toBe(
    "step b, filter, gives Order. error: No b. reads a where data.x. read by c .errors",
  );
  expect(nodeWords(graph.nodes[0]!, graph.edges, true)).toContain("not in the text as it is now");
});

it("says what an edge carries, and over which topic", () => {
  expect(edgeWords({ ...graph.edges[1]!, topic: "argo.p.c" })).toBe("b to c, .errors, over the topic argo.p.c");
});

it("counts", () => {
  expect(summary(graph)).toBe("3 nodes · 0 stages · 1 error");
});
