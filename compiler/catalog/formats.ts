/** Every format: how bytes become events and back. */
import type { FormatName, FormatRow } from "./rows.ts";

export const formats: readonly FormatRow[] = [
  {
    name: "json",
    gives: "any",
    options: [],
    doc: "One JSON value per line, or per message.",
    since: "0.1",
    runtime: true,
  },
  { name: "lines", gives: "string", options: [], doc: "Each line is an event, a string.", since: "0.1", runtime: true },
  {
    name: "text",
    gives: "string",
    options: [],
    doc: "The whole file or message is one event, a string.",
    since: "0.1",
    runtime: true,
  },
  {
    name: "csv",
    gives: "{string: string}",
    options: [
      {
        name: "separator",
        kind: "string",
        default: ",",
        limit: { says: "one character, and no quote or line break", pattern: /[^"\r\n]/u },
        doc: "What divides the fields: one character.",
      },
      {
        name: "header",
        kind: "bool",
        default: true,
        doc: "The first row names the fields. Without it they are called `c0`, `c1`, …",
      },
      {
        name: "columns",
        kind: "strings",
        doc: "The fields' names, whatever the first row says; a sink writes just these, in this order.",
      },
    ],
    doc: "Comma separated, the first row names the fields; every value is a string unless the source's type says more.",
    since: "0.1",
    runtime: true,
  },
  { name: "bytes", gives: "bytes", options: [], doc: "The whole message, undecoded.", since: "0.1", runtime: true },
  {
    name: "cloudevents",
    gives: "any",
    options: [
      {
        name: "mode",
        kind: "choice",
        default: "structured",
        choices: [
          { name: "structured", doc: "The whole event in one JSON object." },
          { name: "binary", doc: "Attributes as headers, data as the body (connectors that have headers)." },
        ],
        doc: "How a sink writes an event. Sources detect it.",
      },
    ],
    doc: "CloudEvents, structured or binary, detected.",
    since: "0.1",
    runtime: true,
  },
];

const byName = new Map<string, FormatRow>(formats.map((row) => [row.name, row]));

export const formatRow = (name: FormatName | (string & {})): FormatRow | undefined => byName.get(name);
