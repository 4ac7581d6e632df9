/** The box of a node: an icon, its name, what it does, and its type or its first problem. Its size depends on no problem. */
import { colours, icons } from "../../../../compiler/emit/graph/look.ts";
import { count, nodeTooltip, nodeWords, problemWords, worst } from "../describe.ts";
import type { Graph, GraphNode } from "../graph-data.ts";
import { type Box, captionOf, nodeHeight } from "../layout-input.ts";
import { element, icon, setAttribute, setText } from "./element.ts";

export interface NodeCard {
  readonly element: HTMLElement;
  update(node: GraphNode, graph: Graph, isHeld: boolean): void;
  place(box: Box): void;
}

/** An error is a cross in a circle, a warning an exclamation mark in a triangle: told apart without colour. */
const marks = {
  error: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5.5 5.5l5 5M10.5 5.5l-5 5",
  warning: "M8 1.8 15 14H1zM8 6v4.2M8 11.8v.6",
} as const;

export function nodeCard(name: string): NodeCard {
  const card = element("div", "node", { role: "button", tabindex: "-1", "data-node": name });
  const badge = element("span", "badge");
  const title = element("span", "name");
  const caption = element("span", "caption");
  const foot = element("span", "foot");
  const mark = element("span", "mark");
  const text = element("span", "text");
  /** All problems whole, while the node is looked at. */
  const callout = element("div", "callout");
  text.append(title, caption, foot);
  card.append(badge, text, mark, callout);
  card.style.height = `${nodeHeight}px`;
  let kind: string | undefined;
  let severity: string | undefined;

  return {
    element: card,
    update(node, graph, isHeld) {
      if (node.kind !== kind) {
        kind = node.kind;
        setAttribute(card, "data-kind", node.kind);
        card.style.setProperty("--light", colours[node.kind].light);
        card.style.setProperty("--dark", colours[node.kind].dark);
        badge.replaceChildren(icon(icons[node.kind]));
      }
      setText(title, node.name);
      setText(caption, captionOf(node));
      const problem = worst(node.problems);
      setText(foot, problem?.message ?? node.type ?? "");
      setText(callout, node.problems.map(problemWords).join("\n"));
      setAttribute(card, "data-problem", problem?.severity);
      setAttribute(card, "data-held", isHeld ? "" : undefined);
      setAttribute(card, "aria-disabled", isHeld ? "true" : undefined);
      setAttribute(card, "title", nodeTooltip(node));
      setAttribute(card, "aria-label", nodeWords(node, graph.edges, isHeld));
      if (problem?.severity !== severity) {
        severity = problem?.severity;
        mark.replaceChildren(...(problem ? [icon(marks[problem.severity])] : []));
      }
      setAttribute(mark, "data-count", node.problems.length > 1 ? String(node.problems.length) : undefined);
      setAttribute(mark, "title", problem ? count(node.problems.length, "problem") : undefined);
    },
    place({ x, y, width }) {
      card.style.width = `${width}px`;
      card.style.transform = `translate(${x}px, ${y}px)`;
    },
  };
}
