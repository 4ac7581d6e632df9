/** The clauses of `window` and `chunk`. */
import type { ClauseRow, Part, Place } from "./rows.ts";

type Extra = Pick<ClauseRow, "oneOf" | "required" | "alternatives" | "field">;

function clause(
  place: Place,
  keyword: string,
  parts: readonly Part[],
  doc: string,
  example: string,
  extra: Partial<Extra> = {},
): ClauseRow {
  return { id: `${place}.${keyword}`, place, keyword, parts, doc, example, since: "0.1", runtime: true, ...extra };
}

const kind = { oneOf: "kind", required: true } as const;

export const windowClauses: readonly ClauseRow[] = [
  clause(
    "window",
    "key",
    [{ name: "key", kind: "exprs", doc: "One or more values; `key` in `emit` is the value, or the list of them." }],
    "Groups events by value.",
    "key data.user, data.country",
  ),
  clause(
    "window",
    "fixed",
    [
      { name: "size", kind: "duration", doc: "The length." },
      {
        name: "offset",
        word: "offset",
        kind: "duration",
        optional: true,
        default: "0s",
        doc: "Shifts the windows against the epoch.",
      },
    ],
    "Windows side by side, aligned to the epoch.",
    "fixed 1m",
    kind,
  ),
  clause(
    "window",
    "sliding",
    [
      { name: "size", kind: "duration", doc: "The length." },
      { name: "every", word: "every", kind: "duration", doc: "A window starts this often." },
    ],
    "Windows that overlap.",
    "sliding 10m every 1m",
    kind,
  ),
  clause(
    "window",
    "session",
    [
      { name: "gap", kind: "duration", doc: "A silence of this length ends the session." },
      { name: "max", word: "max", kind: "duration", optional: true, doc: "A session is never longer." },
    ],
    "A window per burst of events of a key.",
    "session 30s max 1h",
    kind,
  ),
  clause("window", "global", [], "One window for all time.", "global", kind),
  clause(
    "window",
    "count",
    [{ name: "count", kind: "int", doc: "How many." }],
    "A window per so many events of a key.",
    "count 100",
    kind,
  ),
  clause(
    "window",
    "lateness",
    [{ name: "lateness", kind: "duration", doc: "How long." }],
    "How long after its end a window still takes events.",
    "lateness 30s",
  ),
  clause(
    "window",
    "early",
    [
      {
        name: "every",
        word: "every",
        kind: "duration",
        optional: true,
        doc: "Processing time between two early panes.",
      },
      { name: "after", word: "after", kind: "int", optional: true, doc: "Events between two early panes." },
    ],
    "Panes before the watermark passes the window's end.",
    "early every 10s",
    { alternatives: true },
  ),
  clause(
    "window",
    "late",
    [
      {
        name: "every",
        word: "every",
        kind: "duration",
        optional: true,
        doc: "Processing time between two late panes.",
      },
      { name: "after", word: "after", kind: "int", optional: true, doc: "Events between two late panes." },
    ],
    "Panes for events that came late but within the lateness. Every late event makes one if this is not given.",
    "late after 1",
    { alternatives: true },
  ),
  clause(
    "window",
    "panes",
    [
      {
        name: "mode",
        kind: "word",
        default: "accumulate",
        choices: [
          { name: "accumulate", doc: "Each pane has the whole result so far. The default." },
          { name: "discard", doc: "Each pane has what came since the last." },
          { name: "retract", doc: "The old value again, with `retracted: true`, before the new one." },
        ],
        doc: "How.",
      },
    ],
    "How the panes of one window relate.",
    "panes discard",
  ),
  clause(
    "window",
    "join",
    [
      {
        name: "on",
        kind: "expr",
        type: "bool",
        doc: "Equality of a value of each input: `o.data.id == p.data.order_id`.",
      },
      {
        name: "mode",
        kind: "word",
        optional: true,
        default: "inner",
        choices: [
          { name: "inner", doc: "Only pairs. The default." },
          { name: "left", doc: "Also events of the first input without a partner." },
          { name: "outer", doc: "Also events of either input without a partner." },
        ],
        doc: "What becomes of events without a partner.",
      },
    ],
    "Joins two inputs within the window.",
    "join o.data.id == p.data.order_id left",
  ),
  clause(
    "window",
    "where",
    [{ name: "where", kind: "expr", type: "bool", doc: "May use aggregates." }],
    "Which results are emitted.",
    "where count() > 10",
  ),
  clause(
    "window",
    "emit",
    [{ name: "emit", kind: "expr", doc: "The result's `data`; may use aggregates, `key`, `window`, `pane`." }],
    "What a pane gives.",
    "emit { word: key, n: count() }",
    { required: true },
  ),
];

export const chunkClauses: readonly ClauseRow[] = [
  clause(
    "chunk",
    "key",
    [{ name: "key", kind: "exprs", doc: "One or more values." }],
    "A chunk holds events of one key.",
    "key data.customer",
  ),
  clause(
    "chunk",
    "size",
    [{ name: "size", kind: "int", limit: { least: 1, most: 1_000_000 }, doc: "Events, at most 1000000." }],
    "Closes a chunk after so many events.",
    "size 500",
  ),
  clause(
    "chunk",
    "bytes",
    [{ name: "bytes", kind: "size", doc: "Bytes of data." }],
    "Closes a chunk before it grows over so many bytes.",
    "bytes 1MiB",
  ),
  clause(
    "chunk",
    "every",
    [{ name: "every", kind: "duration", doc: "Processing time." }],
    "Closes a chunk so long after it began.",
    "every 5s",
  ),
  clause(
    "chunk",
    "end",
    [{ name: "when", word: "when", kind: "expr", type: "bool", doc: "True for the last event of a chunk." }],
    "Closes a chunk with the event for which it is true. It may ask what user code has set: `event.chunkend`.",
    "end when data.last",
    { field: "endWhen" },
  ),
  clause(
    "chunk",
    "start",
    [{ name: "when", word: "when", kind: "expr", type: "bool", doc: "True for the first event of a chunk." }],
    "Opens a new chunk with the event for which it is true.",
    "start when data.first",
    { field: "startWhen" },
  ),
  clause("chunk", "window", [], "Each pane of the window upstream is one chunk.", "window"),
  clause(
    "chunk",
    "emit",
    [{ name: "emit", kind: "expr", doc: "One event per chunk; may use aggregates." }],
    "Replaces a chunk by one event.",
    "emit { n: count(), items: list(data) }",
  ),
];
