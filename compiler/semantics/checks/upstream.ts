/** The way from a node up to its sources. */
import type { NodeEntry } from "../node-entry.ts";

/** The sources whose events reach the node. `stop` ends the way at a node, which is then not looked behind. */
export function sourcesAbove(node: NodeEntry, stop: (node: NodeEntry) => boolean = () => false): readonly NodeEntry[] {
  const seen = new Set<NodeEntry>();
  const sources: NodeEntry[] = [];
  const stack = node.inputs.flatMap((input) => input.node ?? []).reverse();
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (stop(at)) continue;
    if (at.kind === "source") sources.push(at);
    for (const input of at.inputs.toReversed()) if (input.node) stack.push(input.node);
  }
  return sources;
}
