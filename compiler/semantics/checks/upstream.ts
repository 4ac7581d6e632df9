/** The way from a node up to its sources, for all nodes of a graph in one pass. */
import type { NodeEntry } from "../node-entry.ts";

/**
 * For each node the first source above it, or itself, that is of the kind asked for; nodes without one are not in the map.
 * @param order each node after its inputs.
 * @param stop what is above such a node does not count.
 */
export function firstSources(
  order: readonly NodeEntry[],
  isWanted: (source: NodeEntry) => boolean,
  stop: (node: NodeEntry) => boolean = () => false,
): ReadonlyMap<NodeEntry, NodeEntry> {
  const found = new Map<NodeEntry, NodeEntry>();
  for (const node of order) {
    if (node.kind === "source") {
      if (!stop(node) && isWanted(node)) found.set(node, node);
      continue;
    }
    const above = node.inputs.flatMap((input) =>
      input.node && !stop(input.node) ? (found.get(input.node) ?? []) : [],
    );
    if (above[0]) found.set(node, above[0]);
  }
  return found;
}
