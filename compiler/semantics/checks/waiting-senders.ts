/** FLOW4021: a chunk that may stay open for ever, behind a source whose senders wait for an answer. */
import { clauseOf } from "../node-entry.ts";
import { isBroken } from "../program.ts";
import type { Check } from "./checked-program.ts";
import { firstSources } from "./upstream.ts";

export const waitingSenders: Check = ({ declared, graph }) => {
  const { main } = declared.program;
  // What a window holds has been answered.
  const waiting = firstSources(
    graph.order,
    ({ connector }) => connector?.row.name === "http",
    ({ kind }) => kind === "window",
  );
  for (const node of graph.nodes) {
    const source = waiting.get(node);
    if (node.kind !== "chunk" || source === undefined || isBroken(main, node.declaration.span)) continue;
    const closes =
      clauseOf(node, "size") ?? clauseOf(node, "bytes") ?? clauseOf(node, "end") ?? clauseOf(node, "start");
    if (closes === undefined || clauseOf(node, "every")) continue;
    const { keyword, span } = closes.syntax;
    const edits = [{ file: node.file, start: span.end, end: span.end, newText: "\n  every 1s" }];
    main.report(
      "FLOW4021",
      keyword.span,
      { chunk: node.name, source: source.name },
      { fixes: [{ title: "Add 'every 1s'", edits }] },
    );
  }
};
