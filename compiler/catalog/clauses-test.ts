/** The statements of a `test`. An event, `lines at 0s { … }`, begins with a node's name: its row is `eventRow`. */
import type { ClauseRow, Part } from "./rows.ts";

function statement(keyword: string, parts: readonly Part[], doc: string, example: string): ClauseRow {
  return {
    id: `test.${keyword}`,
    place: "test",
    keyword,
    parts,
    many: true,
    doc,
    example,
    since: "0.1",
    runtime: true,
  };
}

export const testClauses: readonly ClauseRow[] = [
  statement(
    "watermark",
    [
      { name: "source", kind: "node", optional: true, doc: "Only of this source; of all if not given." },
      { name: "at", kind: "duration", doc: "Event time, from the test's start." },
    ],
    "Moves the watermark.",
    "watermark 61s",
  ),
  statement(
    "advance",
    [{ name: "by", kind: "duration", doc: "Processing time." }],
    "Lets processing time pass.",
    "advance 10s",
  ),
  statement(
    "end",
    [{ name: "input", kind: "node", optional: true, doc: "Only of this source; of all if not given." }],
    "The input ends, so that every window closes. Without it a test ends in the middle of a stream.",
    "end",
  ),
  statement("restart", [], "Crashes the pipeline and starts it again from its last checkpoint.", "restart"),
  statement(
    "table",
    [
      { name: "table", kind: "node", doc: "A table." },
      { name: "rows", kind: "events", doc: "Its rows from now on." },
    ],
    "Gives a table its rows.",
    'table teams [{ id: "t1", org: "a" }]',
  ),
  statement(
    "expect",
    [
      {
        name: "nothing",
        word: "nothing from",
        kind: "node",
        optional: true,
        doc: "A node, or its `.late` or `.errors`, that gives nothing.",
      },
      { name: "node", kind: "node", optional: true, doc: "A node, or its `.late` or `.errors`." },
      {
        name: "exactly",
        kind: "word",
        optional: true,
        choices: [{ name: "exactly", doc: "Fields left out must be absent." }],
        doc: "Compares whole records.",
      },
      {
        name: "events",
        kind: "events",
        optional: true,
        doc: "What it must have given, in order; fields left out are not compared.",
      },
      {
        name: "order",
        word: "in",
        kind: "word",
        optional: true,
        choices: [{ name: "any order", doc: "The order is not compared." }],
        doc: "`in any order`",
      },
    ],
    "Says what a node has given since the last `expect` of it.",
    'expect totals [{ word: "be", n: 2 }]',
  ),
];

/** `lines at 0s { … }`. */
export const eventRow: ClauseRow = statement(
  "event",
  [
    { name: "at", word: "at", kind: "duration", doc: "Event time, from the test's start." },
    { name: "data", kind: "event", doc: "The event's data." },
  ],
  "An event enters at a source.",
  'lines at 0s { text: "to be" }',
);
