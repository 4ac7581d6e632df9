/** What events can come to a node from. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Graph } from "./graph.ts";

export interface ReachedBy {
  /** Nodes of the sources. */
  readonly sources: readonly number[];
  /** Results of a window come to it, perhaps through steps. */
  readonly windows: boolean;
}

export function reachedBy(name: string, { nodes }: RuntimeConfig, { indexByName }: Graph): ReachedBy {
  const above = new Set<number>();
  const stack = [indexByName.get(name)];
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    if (above.has(index)) continue;
    above.add(index);
    const node = nodes[index];
    if (node !== undefined && node.kind !== "source")
      for (const edge of node.from) stack.push(indexByName.get(edge.node));
  }
  const indexes = [...above];
  return {
    sources: indexes.filter((index) => nodes[index]?.kind === "source"),
    windows: indexes.some((index) => nodes[index]?.kind === "window"),
  };
}
