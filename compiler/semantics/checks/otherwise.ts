/** FLOW4003: `otherwise` beside no `where`. */
import type { NodeEntry } from "../node-entry.ts";
import type { Check } from "./checked-program.ts";

export const otherwise: Check = ({ declared, graph }) => {
  for (const node of graph.nodes) {
    const outputsWithWhere = conditionsOf(node);
    for (const { input } of node.readers) {
      if (!input.otherwise || outputsWithWhere.has(input.output)) continue;
      declared.program.main.report("FLOW4003", input.syntax.otherwise!, { name: node.name });
    }
  }
};

/** The outputs of the node of which some reader takes only a part. */
const conditionsOf = ({ readers }: NodeEntry): ReadonlySet<string> =>
  new Set(readers.flatMap(({ input }) => (input.syntax.where ? [input.output] : [])));
