/** Which node the arrow keys lead to: along the edges with the flow and against it, and to the node beside across the flow. */
import type { GraphEdge } from "./graph-data.ts";
import type { Box, Direction, Point } from "./layout-input.ts";

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
export const isArrow = (key: string): key is Arrow => /^Arrow(?:Left|Right|Up|Down)$/.test(key);

export function neighbour(
  from: string,
  key: Arrow,
  direction: Direction,
  edges: readonly GraphEdge[],
  boxes: ReadonlyMap<string, Box>,
): string | undefined {
  const box = boxes.get(from);
  if (!box) return undefined;
  const [forward, back] = direction === "right" ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
  if (key === forward) return nearest(box, linked(edges, from, "from", "to"), boxes);
  if (key === back) return nearest(box, linked(edges, from, "to", "from"), boxes);
  return beside(from, box, key, boxes);
}

const linked = (edges: readonly GraphEdge[], name: string, here: "from" | "to", there: "from" | "to") =>
  edges.filter((edge) => edge[here] === name && edge[there] !== name).map((edge) => edge[there]);

function nearest(box: Box, names: readonly string[], boxes: ReadonlyMap<string, Box>): string | undefined {
  return least(names, (name) => {
    const other = boxes.get(name);
    return other && distance(centre(box), centre(other));
  });
}

/** The nearest one that lies that way; a step aside counts twice. */
function beside(from: string, box: Box, key: Arrow, boxes: ReadonlyMap<string, Box>): string | undefined {
  const here = centre(box);
  const isUpright = key === "ArrowUp" || key === "ArrowDown";
  const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  return least([...boxes.keys()], (name) => {
    const there = centre(boxes.get(name)!);
    const along = sign * (isUpright ? there.y - here.y : there.x - here.x);
    const aside = Math.abs(isUpright ? there.x - here.x : there.y - here.y);
    return name === from || along <= 1 ? undefined : along + 2 * aside;
  });
}

/** The first of the least; undefined costs are out of reach. */
function least(names: readonly string[], costOf: (name: string) => number | undefined): string | undefined {
  let found: string | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const cost = costOf(name) ?? Number.POSITIVE_INFINITY;
    if (cost < lowest) [found, lowest] = [name, cost];
  }
  return found;
}

export const centre = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
