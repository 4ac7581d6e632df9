/** FLOW4005: joins without two named inputs, and names for inputs where nothing is joined. FLOW4016, FLOW4017: joins that cannot be made. */
import { joinKeysOf } from "../../contract/join-keys.ts";
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
  } else if (join) checkJoin(node, [aliased[0]!.alias!, aliased[1]!.alias!], report);
}

type Report = CheckedProgram["declared"]["program"]["main"]["report"];

function checkJoin(node: NodeEntry, [first, second]: readonly [string, string], report: Report): void {
  const { name } = node;
  const on = clauseOf(node, "join")?.values.get("on");
  const isKnown = on?.kind === "expr" && on.value.type.kind !== "unknown";
  if (isKnown && joinKeysOf(on.value.tree, [first, second]) === undefined)
    report("FLOW4016", clauseOf(node, "join")!.syntax.keyword.span, { name, first, second });
  const key = clauseOf(node, "key");
  if (key)
    report("FLOW4017", key.syntax.keyword.span, { name, what: "'key'", why: "its key is what 'join' says is equal" });
  const panes = clauseOf(node, "panes");
  const mode = panes?.values.get("mode");
  if (panes && mode?.kind === "word" && mode.value === "retract")
    report("FLOW4017", panes.syntax.keyword.span, {
      name,
      what: "'panes retract'",
      why: "each pair comes once and is never taken back",
    });
  for (const keyword of ["emit", "where"]) {
    const value = clauseOf(node, keyword)?.values.get(keyword);
    if (value?.kind === "expr" && value.value.aggregates.length > 0)
      report("FLOW4017", clauseOf(node, keyword)!.syntax.keyword.span, {
        name,
        what: "aggregates",
        why: "it gives one result for each pair",
      });
  }
}
