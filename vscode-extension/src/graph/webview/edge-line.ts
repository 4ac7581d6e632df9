/** The line of an edge with its arrow, and its label: the condition or output, and the topic where it crosses a stage. */
import { edgeWords } from "../describe.ts";
import type { GraphEdge } from "../graph-data.ts";
import { type Box, labelLines, type Point } from "../layout-input.ts";
import { element, setAttribute, setText, svgElement } from "./element.ts";

export interface EdgeLine {
  readonly line: SVGGElement;
  readonly label: HTMLElement;
  readonly edge: GraphEdge;
  update(edge: GraphEdge, isHeld: boolean): void;
  place(points: readonly Point[], label: Box | undefined): void;
  /** `near`: it begins or ends at the node that is looked at. */
  setNear(isNear: boolean): void;
}

export function edgeLine(first: GraphEdge): EdgeLine {
  const line = svgElement("g", { class: "edge", "data-edge": first.id });
  const path = svgElement("path", { class: "line" });
  const label = element("div", "label", { "data-edge-label": first.id });
  const condition = element("span", "condition");
  const topic = element("span", "topic");
  label.append(condition, topic);
  line.append(path);
  let edge = first;
  let drawn = "";

  return {
    line,
    label,
    get edge() {
      return edge;
    },
    update(now, isHeld) {
      edge = now;
      for (const one of [line, label]) {
        setAttribute(one, "data-kind", now.kind);
        setAttribute(one, "data-held", isHeld ? "" : undefined);
      }
      setAttribute(path, "marker-end", headOf(now, line.classList.contains("near")));
      setText(condition, now.label);
      setText(topic, now.topic === undefined ? "" : `topic ${now.topic}`);
      label.hidden = labelLines(now).length === 0;
      setAttribute(label, "title", edgeWords(now));
    },
    place(points, box) {
      const d = rounded(points);
      if (box) {
        label.style.width = `${box.width}px`;
        label.style.height = `${box.height}px`;
        label.style.transform = `translate(${box.x}px, ${box.y}px)`;
      }
      if (d === drawn) return;
      path.setAttribute("d", d);
      if (drawn !== "") fadeIn(line);
      drawn = d;
    },
    setNear(isNear) {
      line.classList.toggle("near", isNear);
      label.classList.toggle("near", isNear);
      setAttribute(path, "marker-end", headOf(edge, isNear));
    },
  };
}

const headOf = ({ kind }: GraphEdge, isNear: boolean): string =>
  kind === "main" ? `url(#arrow${isNear ? "-near" : ""})` : "url(#arrow-side)";

/** A line cannot glide from one course to another: it comes in anew where its nodes arrive. */
function fadeIn(line: Element): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  line.animate([{ opacity: 0 }, { opacity: 0, offset: 0.4 }, { opacity: 1 }], { duration: 260 });
}

const radius = 7;

/** Corners are rounded. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return "";
  const path = [`M${at(first)}`];
  for (const [i, corner] of rest.slice(0, -1).entries())
    path.push(`L${at(toward(corner, points[i]!))}Q${at(corner)} ${at(toward(corner, points[i + 2]!))}`);
  return [...path, `L${at(last)}`].join("");
}

function toward(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
