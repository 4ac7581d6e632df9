import { expect, it } from "vitest";
import type { Places } from "./layout-input.ts";
import { anchored, firstView, fitted, inSight, revealing, type View, zoomed } from "./viewport.ts";

const page = { width: 400, height: 300 };
const box = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
const places = (nodes: Readonly<Record<string, ReturnType<typeof box>>>, width = 300, height = 200): Places => ({
  width,
  height,
  nodes: new Map(Object.entries(nodes)),
  edges: new Map(),
  stages: new Map(),
});
const onPage = ({ x, y, zoom }: View, at: { x: number; y: number }) => [at.x * zoom + x, at.y * zoom + y];

it("fits a graph into the middle, and makes a small one no larger", () => {
  expect(fitted({ width: 200, height: 100 }, page)).toEqual({ zoom: 1, x: 100, y: 100 });
  const { zoom } = fitted({ width: 4_000, height: 100 }, page);
  expect(zoom).toBeCloseTo(0.094);
});

it("opens a large graph where it can be read: at the cursor's node", () => {
  const large = places({ a: box(0, 0), b: box(5_000, 5_000) }, 10_000, 10_000);
  const view = firstView(large, page, "b");
  expect([view.zoom, ...onPage(view, { x: 5_050, y: 5_025 })]).toEqual([0.5, 200, 150]);
  expect(onPage(firstView(large, page, undefined), { x: 0, y: 0 })).toEqual([0, 0]);
});

it("zooms about the pointer, within limits", () => {
  const view = { x: 10, y: 20, zoom: 1 };
  const nearer = zoomed(view, 2, { x: 110, y: 120 });
  expect(onPage(nearer, { x: 100, y: 100 })).toEqual([110, 120]);
  expect(zoomed(view, 1_000, { x: 0, y: 0 }).zoom).toBe(3);
});

it("pans no more than it takes to show a node", () => {
  const view = { x: 0, y: 0, zoom: 1 };
  expect(revealing(view, box(50, 50), page)).toEqual(view);
  expect(revealing(view, box(350, 50), page)).toEqual({ x: -62, y: 0, zoom: 1 });
  expect(revealing(view, box(-50, 50), page)).toEqual({ x: 62, y: 0, zoom: 1 });
});

it("keeps the node that is looked at in its place on the page when all others move", () => {
  const view = { x: 5, y: 5, zoom: 0.5 };
  const [before, after] = [
    places({ a: box(0, 0), b: box(200, 0) }),
    places({ n: box(0, 0), a: box(0, 90), b: box(260, 90) }),
  ];
  const kept = (preferred: string | undefined, name: string) =>
    expect(onPage(anchored(view, before, after, page, [preferred]), after.nodes.get(name)!)).toEqual(
      onPage(view, before.nodes.get(name)!),
    );
  kept("a", "a");
  kept("b", "b");
  kept("gone", "b");
  expect(anchored(view, before, places({ x: box(0, 0) }), page, ["a"])).toEqual(view);
});

it("keeps a graph that nobody has moved in sight whole, and leaves one that is too large where it is", () => {
  const view = { x: -100, y: 30, zoom: 1 };
  expect(inSight(view, places({}, 300, 200), page)).toEqual({ x: 12, y: 30, zoom: 1 });
  expect(inSight(view, places({}, 800, 200), page)).toEqual(fitted({ width: 800, height: 200 }, page));
  expect(inSight(view, places({}, 8_000, 200), page)).toEqual(view);
});
