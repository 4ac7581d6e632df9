/** What the graph gives to its layout. */
import type { ELK } from "elkjs/lib/elk-api.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { exampleGraph } from "./example-graph.ts";
import type { Graph } from "./graph-data.ts";
import { type Direction, keepingOrder, layoutInput, type Measure, type Places, placesOf } from "./layout-input.ts";

const width = (text: string): number => text.length * 7;
const measure: Measure = { name: width, small: width, code: width };

async function layout(graph: Graph, direction: Direction = "right", drawn?: Places) {
  const { default: found }: { readonly default: unknown } = await import("elkjs/lib/elk.bundled.js");
  const Elk = found as new () => ELK;
  const input = layoutInput(graph, direction, measure);
  return placesOf(await new Elk().layout(drawn ? keepingOrder(input, drawn) : input));
}

const staged = (graph: Graph, stageOf: (name: string) => string): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => ({ ...node, stage: stageOf(node.name) })),
  stages: [...new Set(graph.nodes.map(({ name }) => stageOf(name)))].map((name) => ({ name })),
});

it("asks for the same layout when only problems, or a letter of a text, have changed", () => {
  const input = (text: string, detail: string) => {
    const graph = exampleGraph(text);
    return layoutInput({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, detail })) }, "right", measure);
  };
  expect(input("a>b | b!", "filter, sets")).toEqual(input("a>b", "filter, set"));
});

it("lets the flow go right or down", async () => {
  const [right, down] = [await layout(exampleGraph("a>b")), await layout(exampleGraph("a>b"), "down")];
  expect(right.nodes.get("b")!.x).toBeGreaterThan(right.nodes.get("a")!.x);
  expect(down.nodes.get("b")!.y).toBeGreaterThan(down.nodes.get("a")!.y);
});

it("draws a box around each stage where there are several, and none around a single one", async () => {
  const graph = exampleGraph("a>b b>c");
  expect((await layout(staged(graph, () => "all"))).stages.size).toBe(0);
  const { stages, nodes } = await layout(staged(graph, (name) => (name === "a" ? "a" : "b-c")));
  const box = stages.get("b-c")!;
  const isInside = (name: string) => {
    const { x, y, width: wide, height } = nodes.get(name)!;
    return x >= box.x && y >= box.y && x + wide <= box.x + box.width && y + height <= box.y + box.height;
  };
  expect(["a", "b", "c"].map(isInside)).toEqual([false, true, true]);
});

it("gives a label room, of an edge between stages too", async () => {
  const graph = exampleGraph("a>b(where data.x) b>c(.errors)");
  const { edges } = await layout(staged(graph, (name) => name));
  expect([...edges.values()].map(({ label }) => label!.width > 0)).toEqual([true, true]);
});

it("leaves the others where they are when a node is added at the end", async () => {
  const [before, after] = [await layout(exampleGraph("a>b b>c")), await layout(exampleGraph("a>b b>c c>d"))];
  for (const name of ["a", "b", "c"]) expect(after.nodes.get(name)).toEqual(before.nodes.get(name));
});

/** Names as they stand in each layer. */
const layers = ({ nodes }: Places, names: readonly string[]): readonly string[][] => {
  const rows = Map.groupBy(
    names.toSorted((a, b) => nodes.get(a)!.x - nodes.get(b)!.x),
    (name) => nodes.get(name)!.y,
  );
  return [...rows].toSorted(([a], [b]) => a - b).map(([, row]) => row);
};

it("swaps no nodes when one is added between others", async () => {
  const edges =
    "orders>express(where) orders>domestic(where) express>fast domestic>home orders>by_hand(otherwise) express>audit domestic>audit";
  const names = ["orders", "express", "domestic", "fast", "home", "by_hand", "audit"];
  const before = await layout(exampleGraph(edges), "down");
  for (const from of ["orders", "express", "domestic"]) {
    const after = await layout(exampleGraph(`${edges} ${from}>added`), "down", before);
    expect(layers(after, names), from).toEqual(layers(before, names));
    expect(after.nodes.has("added")).toBe(true);
  }
});

it("gives the same picture of the same graph once more", async () => {
  const graph = staged(exampleGraph("a>c b>c a>d c>e d>e"), (name) => (name < "c" ? name : "cde"));
  const before = await layout(graph, "down");
  expect((await layout(graph, "down", before)).nodes).toEqual(before.nodes);
});

it("places every node of any graph", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const arrow = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.constantFrom("", "(.late)"));
  const any = fc.tuple(fc.array(arrow, { minLength: 1, maxLength: 14 }), fc.integer({ min: 1, max: 4 }));
  await fc.assert(
    fc.asyncProperty(any, async ([arrows, count]) => {
      const graph = exampleGraph(arrows.map(([from, to, label]) => `${from}>${to}${label}`).join(" "));
      const unique = { ...graph, edges: [...new Map(graph.edges.map((edge) => [edge.id, edge])).values()] };
      const { nodes } = await layout(staged(unique, (name) => `s${names.indexOf(name) % count}`));
      expect([...nodes.keys()].toSorted()).toEqual(graph.nodes.map(({ name }) => name).toSorted());
    }),
    { numRuns: 40 },
  );
});
