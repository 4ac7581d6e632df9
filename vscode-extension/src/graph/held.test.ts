import { expect, it } from "vitest";
import { exampleGraph } from "./example-graph.ts";
import { shownOf } from "./held.ts";

const whole = exampleGraph("a>b b>c");

function shown(graph: string, broken: boolean, before = whole): string {
  const { graph: now, held } = shownOf(exampleGraph(graph, { broken }), before);
  const nodes = now.nodes.map(
    ({ name, problems }) => `${name}${held.has(name) ? "?" : ""}${problems.length > 0 ? "!" : ""}`,
  );
  return `${nodes.join(" ")} | ${now.edges.map(({ id }) => id).join(" ")}`;
}

it("keeps what a syntax error took away, where it was", () => {
  expect(shown("a>a2 c", true)).toBe("a b? c a2 | a→a2 a→b b→c");
});

it("shows what is new and wrong in broken text at once", () => {
  expect(shown("a>b b>c c>d | b!", true)).toBe("a b! c d | a→b b→c c→d");
});

it("takes away what is gone from text that can be read", () => {
  expect(shown("a>b", false)).toBe("a b | a→b");
});

it("keeps nothing of another file, nor when there was nothing", () => {
  expect(shown("a", true, { ...whole, uri: "file:///b.flow" })).toBe("a | ");
  expect(shownOf(exampleGraph("a", { broken: true }), undefined).held.size).toBe(0);
});

it("keeps the boxes of stages while a node of them cannot be read", () => {
  const staged = {
    ...whole,
    nodes: whole.nodes.map((node) => ({ ...node, stage: "a-b-c" })),
    stages: [{ name: "a-b-c" }],
  };
  const half = exampleGraph("a c", { broken: true, stages: [{ name: "a" }, { name: "c" }] });
  const now = shownOf({ ...half, nodes: half.nodes.map((node) => ({ ...node, stage: node.name })) }, staged).graph;
  expect(now.nodes.map(({ stage }) => stage)).toEqual(["a-b-c", "a-b-c", "a-b-c"]);
});
