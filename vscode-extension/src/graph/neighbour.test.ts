import { expect, it } from "vitest";
import { exampleGraph } from "./example-graph.ts";
import { type Arrow, neighbour } from "./neighbour.ts";

/** a reads into b (above) and c (below), both into d; e stands alone below d. */
const { edges } = exampleGraph("a>b a>c b>d c>d");
const at = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
const boxes = new Map([
  ["a", at(0, 60)],
  ["b", at(200, 50)],
  ["c", at(200, 150)],
  ["d", at(400, 60)],
  ["e", at(400, 300)],
]);
const way = (from: string, ...keys: Arrow[]) =>
  keys.reduce<string | undefined>(
    (name, key) => (name === undefined ? name : neighbour(name, key, "right", edges, boxes)),
    from,
  );

it("follows the edges with the flow and against it", () => {
  expect([way("a", "ArrowRight"), way("a", "ArrowRight", "ArrowRight"), way("d", "ArrowLeft", "ArrowLeft")]).toEqual([
    "b",
    "d",
    "a",
  ]);
});

it("goes to the node beside across the flow, also to one without edges", () => {
  expect([way("b", "ArrowDown"), way("c", "ArrowUp"), way("d", "ArrowDown")]).toEqual(["c", "b", "e"]);
});

it("stays where there is nothing further", () => {
  expect([way("a", "ArrowLeft"), way("e", "ArrowRight"), way("e", "ArrowDown"), way("gone", "ArrowUp")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("follows the flow by the other keys when it goes down", () => {
  expect([neighbour("a", "ArrowDown", "down", edges, boxes), neighbour("d", "ArrowUp", "down", edges, boxes)]).toEqual([
    "b",
    "b",
  ]);
});
