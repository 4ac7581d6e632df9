/** What events can come to a node from. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { Graph } from "./graph.ts";
import { isProgram } from "./is-program.ts";

export interface ReachedBy {
  /** Nodes of the sources. */
  readonly sources: readonly number[];
  /** Nodes of the steps with user code. */
  readonly programs: readonly number[];
  /** What a window or a chunk gives comes to it, perhaps through steps. */
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
    programs: indexes.filter((index) => {
      const node = nodes[index];
      return node?.kind === "step" && node.operators.some(isProgram);
    }),
    windows: indexes.some((index) => nodes[index]?.kind === "window" || nodes[index]?.kind === "chunk"),
  };
}
