/** Pan and zoom as arithmetic: a point of the graph is drawn at `point * zoom + (x, y)` of the page. */
import type { Box, Places, Point } from "./layout-input.ts";
import { centre, distance } from "./neighbour.ts";

export interface View extends Point {
  readonly zoom: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

const lowestZoom = 0.05;
const highestZoom = 3;
const margin = 12;

/** The whole graph, in the middle, never larger than life. */
export function fitted(graph: Size, page: Size): View {
  const room = { width: Math.max(1, page.width - 2 * margin), height: Math.max(1, page.height - 2 * margin) };
  const scale = Math.min(1, room.width / Math.max(1, graph.width), room.height / Math.max(1, graph.height));
  const zoom = Math.max(lowestZoom, scale);
  return { zoom, x: (page.width - graph.width * zoom) / 2, y: (page.height - graph.height * zoom) / 2 };
}

/** The whole graph where that can be read; of a large one the part around the node, or its beginning. */
export function firstView(graph: Places, page: Size, name: string | undefined): View {
  const all = fitted(graph, page);
  if (all.zoom >= lowestReadable) return all;
  const box = (name === undefined ? undefined : graph.nodes.get(name)) ?? [...graph.nodes.values()][0];
  if (!box) return all;
  const zoom = firstZoom;
  const { x, y } = centre(box);
  // Not further than to the graph's edge.
  const start = (at: number, length: number, room: number): number =>
    length * zoom <= room ? (room - length * zoom) / 2 : clamp(room / 2 - at * zoom, room - length * zoom, 0);
  return { zoom, x: start(x, graph.width, page.width), y: start(y, graph.height, page.height) };
}

const lowestReadable = 0.35;
const firstZoom = 0.5;
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** What is at `point` of the page stays there. */
export function zoomed(view: View, factor: number, point: Point): View {
  const zoom = Math.min(highestZoom, Math.max(lowestZoom, view.zoom * factor));
  const scale = zoom / view.zoom;
  return { zoom, x: point.x - (point.x - view.x) * scale, y: point.y - (point.y - view.y) * scale };
}

/** The least pan that shows the box; a box that is shown stays where it is. */
export function revealing(view: View, box: Box, page: Size): View {
  const left = box.x * view.zoom + view.x;
  const top = box.y * view.zoom + view.y;
  return {
    zoom: view.zoom,
    x: view.x + shift(left, box.width * view.zoom, page.width),
    y: view.y + shift(top, box.height * view.zoom, page.height),
  };
}

function shift(start: number, length: number, room: number): number {
  if (start < margin) return margin - start;
  const over = start + length - (room - margin);
  return over > 0 ? -Math.min(over, start - margin) : 0;
}

/** A graph that nobody has moved by hand stays in sight whole, by the least pan; where it has outgrown the page, by fitting it anew. */
export function inSight(view: View, graph: Places, page: Size): View {
  const fits = (length: number, room: number): boolean => length * view.zoom <= room - 2 * margin;
  if (fits(graph.width, page.width) && fits(graph.height, page.height))
    return revealing(view, { x: 0, y: 0, width: graph.width, height: graph.height }, page);
  const all = fitted(graph, page);
  return all.zoom >= lowestReadable ? all : view;
}

/**
 * After a new layout: the node that the eye is on stays where it is on the page. That is `preferred`, else the one nearest
 * to the page's middle of those that both layouts have.
 */
export function anchored(
  view: View,
  before: Places,
  after: Places,
  page: Size,
  preferred: readonly (string | undefined)[],
): View {
  const middle = { x: (page.width / 2 - view.x) / view.zoom, y: (page.height / 2 - view.y) / view.zoom };
  const stayed = [...before.nodes.keys()].filter((name) => after.nodes.has(name));
  const wanted = preferred.find((name) => name !== undefined && stayed.includes(name) && isShown(name));
  const anchor = wanted ?? closest();
  const old = anchor === undefined ? undefined : before.nodes.get(anchor);
  const now = anchor === undefined ? undefined : after.nodes.get(anchor);
  if (!old || !now) return view;
  return { zoom: view.zoom, x: view.x + (old.x - now.x) * view.zoom, y: view.y + (old.y - now.y) * view.zoom };

  function closest(): string | undefined {
    const away = (name: string) => distance(centre(before.nodes.get(name)!), middle);
    return stayed.reduce<string | undefined>(
      (best, name) => (best === undefined || away(name) < away(best) ? name : best),
      undefined,
    );
  }
  function isShown(name: string): boolean {
    const box = before.nodes.get(name)!;
    const at = { x: centre(box).x * view.zoom + view.x, y: centre(box).y * view.zoom + view.y };
    return at.x >= 0 && at.y >= 0 && at.x <= page.width && at.y <= page.height;
  }
}
