/** FLOW4013 and FLOW4014: chunks that never end, and chunks of panes where there is no window. */
import { clauseOf, keywordsOf, type NodeEntry } from "../node-entry.ts";
import { isBroken } from "../program.ts";
import type { Check } from "./checked-program.ts";

const closing = ["size", "bytes", "every", "end", "start", "window"];

export const chunkEnds: Check = ({ declared, graph }) => {
  const { main } = declared.program;
  for (const node of graph.nodes) {
    if (node.kind !== "chunk" || isBroken(main, node.declaration.span)) continue;
    const keywords = keywordsOf(node);
    const { name } = node;
    if (
      !closing.some((keyword) => keywords.has(keyword)) &&
      node.declaration.clauses.every((clause) => clause.row !== undefined)
    ) {
      main.report("FLOW4013", node.declaration.name.span, { name });
    }
    const window = clauseOf(node, "window");
    if (window && node.inputs.some((input) => input.node && !comesFromWindow(input.node))) {
      main.report("FLOW4014", window.syntax.keyword.span, { name });
    }
  }
};

/** Panes pass through steps. */
function comesFromWindow(node: NodeEntry): boolean {
  const seen = new Set<NodeEntry>();
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at) || at.kind === "window") continue;
    seen.add(at);
    if (at.kind !== "step") return false;
    for (const input of at.inputs) if (input.node) stack.push(input.node);
  }
  return true;
}
