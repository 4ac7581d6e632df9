/** FLOW4002: a node that nothing reads. Its errors are no substitute for its events. */
import type { NodeEntry } from "../node-entry.ts";
import type { Check } from "./checked-program.ts";

export const unreadNodes: Check = ({ declared, graph }) => {
  const { main } = declared.program;
  if (main.broken || graph.hasUnknownInputs) return;
  for (const node of graph.nodes) {
    if (node.kind === "sink" || node.kind === "table" || node.meant || lacksInput(node)) continue;
    if (node.readers.some((reader) => reader.input.output === "main")) continue;
    main.report("FLOW4002", node.declaration.name.span, { name: node.name, kind: node.kind });
  }
};

/** That is reported, and the node is not finished. */
const lacksInput = (node: NodeEntry): boolean => node.kind !== "source" && node.declaration.inputs.length === 0;
