import { expect, it } from "vitest";
import { exampleGraph } from "./example-graph.ts";
import { fromPageOf, keptOf, toPageOf } from "./messages.ts";

it.each([
  { type: "ready" },
  { type: "pin", pinned: true },
  { type: "reveal", target: { kind: "node", name: "a" }, focus: true },
  { type: "reveal", target: { kind: "edge", id: "a→b" }, focus: false },
  { type: "reveal", target: { kind: "problem", name: undefined, index: 0 }, focus: true },
])("the extension hears %j", (message) => expect(fromPageOf(message)).toEqual(message));

it.each([
  undefined,
  "ready",
  { type: "run" },
  { type: "pin", pinned: "yes" },
  { type: "reveal", focus: true },
  { type: "reveal", target: { kind: "node", name: 1 }, focus: true },
  { type: "reveal", target: { kind: "problem", index: -1 }, focus: true },
  { type: "reveal", target: { kind: "file", uri: "file:///etc/passwd" }, focus: true },
])("the extension does not hear %j", (message) => expect(fromPageOf(message)).toBeUndefined());

it("the page hears graphs, the cursor's node, and nothing else", () => {
  const graph = exampleGraph("a>b");
  expect(toPageOf({ type: "graph", graph, pinned: true })).toEqual({ type: "graph", graph, pinned: true });
  expect(toPageOf({ type: "current", name: "a" })).toEqual({ type: "current", name: "a" });
  expect([toPageOf({ type: "graph", graph: {} }), toPageOf({ type: "eval" }), toPageOf(1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("what was kept names a file, or is nothing", () => {
  expect(keptOf({ uri: "file:///a.flow", pinned: true, view: {} })).toEqual({ uri: "file:///a.flow", pinned: true });
  expect(keptOf({ pinned: true })).toBeUndefined();
});
