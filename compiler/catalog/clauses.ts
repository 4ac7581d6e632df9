/** Every clause of the language: what it takes, what it means. Order is the order of docs and completion. */

import { operatorClauses } from "./clauses-operators.ts";
import { placementClauses } from "./clauses-placement.ts";
import { testClauses } from "./clauses-test.ts";
import { chunkClauses, windowClauses } from "./clauses-window.ts";
import type { ClauseRow, Place } from "./rows.ts";

const formatChoices = [
  { name: "json", doc: "One JSON value per line (or per message). The default." },
  { name: "lines", doc: "Each line is an event, a string." },
  { name: "text", doc: "The whole file or message is one event, a string." },
  {
    name: "csv",
    doc: "Comma separated, the first row names the fields; every value is a string unless the source's type says more.",
  },
  { name: "bytes", doc: "The whole message, undecoded." },
  { name: "cloudevents", doc: "CloudEvents, structured or binary, detected." },
] as const;

const formatOptions = [
  {
    name: "separator",
    kind: "string",
    default: ",",
    limit: { says: "one character, and no quote or line break", pattern: /[^"\r\n]/u },
    doc: "What divides the fields of `csv`: one character.",
  },
  {
    name: "header",
    kind: "bool",
    default: true,
    doc: "`csv`: the first row names the fields. Without it they are called `c0`, `c1`, …",
  },
  {
    name: "columns",
    kind: "strings",
    doc: "`csv`: the fields' names, whatever the first row says; a sink writes just these, in this order.",
  },
  {
    name: "mode",
    kind: "choice",
    default: "structured",
    choices: [
      { name: "structured", doc: "The whole event in one JSON object." },
      { name: "binary", doc: "Attributes as headers, data as the body (connectors that have headers)." },
    ],
    doc: "`cloudevents`: how a sink writes an event. Sources detect it.",
  },
] as const;

function format(place: Place): ClauseRow {
  return {
    id: `${place}.format`,
    place,
    keyword: "format",
    parts: [
      { name: "type", kind: "word", choices: formatChoices, default: "json", doc: "The format." },
      { name: "options", kind: "options", optional: true, options: formatOptions, doc: "Options of the format." },
    ],
    doc: "How bytes become events and back.",
    example: 'format csv { separator: ";" }',
    since: "0.1",
    runtime: true,
  };
}

const pipelineClauses: readonly ClauseRow[] = [
  {
    id: "pipeline.delivery",
    place: "pipeline",
    keyword: "delivery",
    parts: [
      {
        name: "guarantee",
        kind: "word",
        choices: [
          {
            name: "at_least_once",
            doc: "Sources acknowledge after every sink has taken what came of an event. The default.",
          },
          { name: "exactly_once", doc: "Positions, state and output commit together; every sink must be able to." },
        ],
        default: "at_least_once",
        doc: "The guarantee.",
      },
    ],
    doc: "What a failure may do to the output.",
    example: "delivery exactly_once",
    since: "0.1",
    runtime: true,
  },
  {
    id: "pipeline.errors",
    place: "pipeline",
    keyword: "errors",
    parts: [
      {
        name: "policy",
        kind: "word",
        choices: [
          { name: "dead_letter", doc: "A bad event is kept with its reason, and the rest goes on. The default." },
          { name: "fail", doc: "The first bad event stops the pipeline." },
        ],
        default: "dead_letter",
        doc: "What a bad event does.",
      },
      {
        name: "deadLetter",
        kind: "block",
        block: "errors",
        optional: true,
        doc: "The connector that takes bad events.",
      },
    ],
    doc: "What happens to an event that cannot be decoded, or whose expression fails.",
    example: 'errors dead_letter { file { path: "bad.ndjson" } }',
    since: "0.1",
    runtime: true,
  },
  {
    id: "pipeline.namespace",
    place: "pipeline",
    keyword: "namespace",
    parts: [{ name: "namespace", kind: "string", doc: "A Kubernetes namespace." }],
    doc: "The namespace of the compiled resource.",
    example: 'namespace "analytics"',
    since: "0.1",
    runtime: true,
  },
  {
    id: "pipeline.labels",
    place: "pipeline",
    keyword: "labels",
    parts: [{ name: "labels", kind: "record", doc: "Label names and values." }],
    doc: "Labels of the compiled resource and of everything made from it.",
    example: 'labels { team: "checkout" }',
    since: "0.1",
    runtime: true,
  },
];

const sourceClauses: readonly ClauseRow[] = [
  {
    id: "source.time",
    place: "source",
    keyword: "time",
    parts: [{ name: "time", kind: "expr", type: "timestamp", doc: "A timestamp, from the event." }],
    doc: "The event's own time. Without it the transport's time is used, else the time of arrival.",
    example: "time data.at",
    since: "0.1",
    runtime: true,
  },
  {
    id: "source.watermark",
    place: "source",
    keyword: "watermark",
    parts: [
      { name: "delay", kind: "duration", doc: "How far behind the newest event time an event may still come." },
      {
        name: "idle",
        word: "idle",
        kind: "duration",
        optional: true,
        doc: "A partition silent for so long stops holding the watermark back.",
      },
      {
        name: "ahead",
        word: "ahead",
        kind: "duration",
        optional: true,
        doc: "A timestamp further in the future than this does not move the watermark.",
      },
    ],
    doc: "How event time advances: the largest time seen, less the delay.",
    example: "watermark 5s idle 30s",
    since: "0.1",
    runtime: true,
  },
  format("source"),
];

const tableClauses: readonly ClauseRow[] = [
  {
    id: "table.key",
    place: "table",
    keyword: "key",
    parts: [{ name: "key", kind: "expr", doc: "What `table[…]` looks up, from a row." }],
    required: true,
    doc: "The key of a row. A later row with the same key replaces an earlier one.",
    example: "key data.id",
    since: "0.1",
    runtime: true,
  },
  {
    id: "table.refresh",
    place: "table",
    keyword: "refresh",
    parts: [{ name: "refresh", kind: "duration", doc: "How often." }],
    doc: "Reads the whole table again; the old version serves until the new one is in.",
    example: "refresh 15m",
    since: "0.1",
    runtime: true,
  },
  format("table"),
];

const sinkClauses: readonly ClauseRow[] = [format("sink")];

export const clauses: readonly ClauseRow[] = [
  ...pipelineClauses,
  ...sourceClauses,
  ...tableClauses,
  ...operatorClauses,
  ...windowClauses,
  ...chunkClauses,
  ...sinkClauses,
  ...placementClauses,
  { ...format("errors"), runtime: false },
  ...testClauses,
];

const byPlace = new Map<Place, Map<string, ClauseRow>>(clauses.map((row) => [row.place, new Map()]));
for (const row of clauses) byPlace.get(row.place)?.set(row.keyword, row);

/** The clause that `keyword` starts in `place`; connectors are not here but in `connectors.ts`. */
export function clauseRow(place: Place, keyword: string): ClauseRow | undefined {
  return byPlace.get(place)?.get(keyword);
}

export const clausesOf = (place: Place): readonly ClauseRow[] => clauses.filter((row) => row.place === place);
