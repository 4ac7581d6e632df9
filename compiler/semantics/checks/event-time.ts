/** FLOW4007: a window of event time over events that have none. */
import type { Fix } from "../../source/diagnostic.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import { resolveType } from "../types.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";
import { firstSources } from "./upstream.ts";

export const eventTime: Check = (checked) => {
  const timeless = firstSources(checked.graph.order, (source) => source.connector !== undefined, hasTime);
  for (const node of checked.graph.nodes) {
    const source = timeless.get(node);
    if (node.kind === "window" && source) checkWindow(node, source, checked);
  }
};

function checkWindow(window: NodeEntry, source: NodeEntry, checked: CheckedProgram): void {
  const { main } = checked.declared.program;
  const clause = clauseOf(window, "fixed") ?? clauseOf(window, "sliding") ?? clauseOf(window, "session");
  if (!clause) return;
  const at = { file: source.file, start: source.declaration.name.span.start, end: source.declaration.name.span.end };
  main.report(
    "FLOW4007",
    clause.syntax.keyword.span,
    { window: window.name, clause: clause.keyword, source: source.name },
    { related: [{ at, message: "The source is here." }], fixes: addTime(source, checked) },
  );
}

/** From here on events have a time that says when they happened. */
function hasTime(node: NodeEntry): boolean {
  if (node.kind === "window" || clauseOf(node, "time")) return true;
  return (
    node.kind === "source" && (node.connector?.row.source?.time === true || node.format.row.name === "cloudevents")
  );
}

/** Where the type has one timestamp, that is the time. */
function addTime(source: NodeEntry, { declared }: CheckedProgram): Fix[] {
  const type = resolveType(source.inputType, declared.types);
  const times =
    type.kind === "record"
      ? type.fields.filter((field) => !field.optional && resolveType(field.type, declared.types).kind === "timestamp")
      : [];
  const field = times[0];
  if (times.length !== 1 || !field || !source.connector) return [];
  const { end } = source.connector.syntax.span;
  return [
    {
      title: `Add 'time data.${field.name}'`,
      edits: [{ file: source.file, start: end, end, newText: `\n  time data.${field.name}` }],
    },
  ];
}
