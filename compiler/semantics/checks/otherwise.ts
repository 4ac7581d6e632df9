/** FLOW4003: `otherwise` beside no `where`. */
import type { Check } from "./checked-program.ts";

export const otherwise: Check = ({ declared, graph }) => {
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (!input.otherwise || !input.node) continue;
      const siblings = input.node.readers.filter((reader) => reader.input.output === input.output);
      if (siblings.some((reader) => reader.input.syntax.where)) continue;
      declared.program.main.report("FLOW4003", input.syntax.otherwise!, { name: input.node.name });
    }
  }
};
