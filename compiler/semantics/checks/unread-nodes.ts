/** FLOW4002: a node that nothing reads. */
import type { Check } from "./checked-program.ts";

export const unreadNodes: Check = ({ declared, graph }) => {
  const { main } = declared.program;
  if (main.broken || graph.hasUnknownInputs) return;
  for (const node of graph.nodes) {
    if (node.kind === "sink" || node.kind === "table" || node.meant || node.readers.length > 0) continue;
    main.report("FLOW4002", node.declaration.name.span, { name: node.name, kind: node.kind });
  }
};
