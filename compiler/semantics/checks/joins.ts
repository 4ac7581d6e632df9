/** FLOW4005: joins without two named inputs, and names for inputs where nothing is joined. */
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const joins: Check = (checked) => {
  for (const node of checked.graph.nodes) checkNode(node, checked);
};

function checkNode(node: NodeEntry, { declared }: CheckedProgram): void {
  const { report } = declared.program.main;
  const join = clauseOf(node, "join");
  const aliased = node.inputs.filter((input) => input.alias !== undefined);
  if (join && (node.inputs.length !== 2 || aliased.length !== 2)) {
    const count =
      node.inputs.length === 2
        ? "the inputs have no names"
        : `there ${node.inputs.length === 1 ? "is one input" : `are ${node.inputs.length} inputs`}`;
    report("FLOW4005", join.syntax.keyword.span, { what: `'${node.name}' cannot join: ${count}.` });
  } else if (!join && aliased.length > 0) {
    const what =
      node.kind === "window"
        ? `'${node.name}' has named inputs but no 'join' clause.`
        : `A ${node.kind} joins nothing, so its inputs need no names.`;
    report("FLOW4005", aliased[0]!.syntax.alias!.span, { what });
  }
}
