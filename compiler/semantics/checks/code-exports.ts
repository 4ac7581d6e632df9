/** FLOW5014: code that exports nothing. Whether what it exports is a function, and fits the events, others look into. */
import type { Check } from "./checked-program.ts";

const exporting = /(?<![\w$.])export(?![\w$])/;

export const codeExports: Check = ({ declared, graph }) => {
  for (const node of graph.nodes) {
    for (const clause of node.clauses) {
      const source = clause.row === "step.code" ? clause.values.get("source") : undefined;
      if (source?.kind !== "constant" || typeof source.value !== "string" || exporting.test(source.value)) continue;
      declared.program.main.report("FLOW5014", source.syntax.value.span, { name: node.name });
    }
  }
};
