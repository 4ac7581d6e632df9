/** FLOW4008: one window for all time over an input without end, and nothing that makes it give a result. */
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Check } from "./checked-program.ts";
import { firstSources } from "./upstream.ts";

export const endlessWindows: Check = ({ declared, graph }) => {
  const endless = firstSources(graph.order, isEndless);
  for (const node of graph.nodes) {
    const clause = clauseOf(node, "global");
    if (node.kind !== "window" || !clause || clauseOf(node, "early") || clauseOf(node, "join")) continue;
    const source = endless.get(node);
    if (source)
      declared.program.main.report("FLOW4008", clause.syntax.keyword.span, { window: node.name, source: source.name });
  }
};

function isEndless({ connector }: NodeEntry): boolean {
  if (!connector?.row.source) return false;
  return !connector.row.source.bounded && !(connector.row.name === "generate" && connector.options.has("count"));
}
