/** The operators of a step, in the order of docs and completion. */
import { resourceOptions } from "./clauses-placement.ts";
import type { ClauseRow, OptionRow, Part } from "./rows.ts";

function operator(keyword: string, parts: readonly Part[], doc: string, example: string, runtime = true): ClauseRow {
  return {
    id: `step.${keyword}`,
    place: "step",
    keyword,
    parts,
    operator: true,
    many: true,
    doc,
    example,
    since: "0.1",
    runtime,
  };
}

const separator: Part = {
  name: "options",
  kind: "options",
  optional: true,
  options: [
    {
      name: "separator",
      kind: "string",
      default: ".",
      limit: { says: "a text that is not empty", pattern: /.+/s },
      doc: "What joins the keys.",
    },
  ],
  doc: "`separator`: what joins the keys, a dot if not given.",
};

const programOptions: readonly OptionRow[] = [
  {
    name: "io",
    kind: "choice",
    default: "http",
    choices: [
      { name: "http", doc: "POST of one CloudEvent, or of a batch per chunk." },
      { name: "stdio", doc: "JSON lines on standard input and output." },
      { name: "fifo", doc: "JSON lines over two named pipes." },
      { name: "file", doc: "A file per event or chunk." },
      { name: "socket", doc: "A Unix socket: JSON lines, or length-prefixed frames." },
    ],
    doc: "How events reach the program and results come back.",
  },
  { name: "args", kind: "strings", doc: "Arguments after the command." },
  { name: "env", kind: "map", doc: "Environment variables; a value may be `secret(…)`." },
  { name: "url", kind: "string", default: "http://localhost:8080", doc: "`http`: where the program listens." },
  { name: "timeout", kind: "duration", default: "30s", doc: "How long one answer may take." },
];

export const operatorClauses: readonly ClauseRow[] = [
  operator(
    "filter",
    [{ name: "test", kind: "expr", type: "bool", doc: "True for the events that go on." }],
    "Keeps the events for which it is true.",
    "filter data.total > 100",
  ),
  operator(
    "map",
    [{ name: "value", kind: "expr", doc: "The new `data`." }],
    "Replaces `data`.",
    "map { id: data.id, total: data.price * data.qty }",
  ),
  operator(
    "set",
    [
      { name: "path", kind: "path", doc: "The field, `data.a.b`; records on the way are made where they lack." },
      { name: "value", word: "=", kind: "expr", doc: "Its new value." },
    ],
    "Sets one field and leaves the rest as it is.",
    "set data.env = data.env.lowerAscii()",
  ),
  operator(
    "remove",
    [{ name: "paths", kind: "paths", doc: "Fields, comma separated." }],
    "Takes fields away.",
    "remove data.user.email",
  ),
  operator(
    "expand",
    [{ name: "list", kind: "expr", type: "[any]", doc: "A list." }],
    "One event per element; `data` is the element.",
    "expand data.items",
  ),
  operator(
    "flatten",
    [separator],
    "Nested records and lists to one record of dotted keys; lists count from 0; null, [] and {} are leaves. Where two paths give the same key, the later one counts.",
    "flatten",
  ),
  operator("unflatten", [separator], "Dotted keys back to nested records and lists.", "unflatten"),
  operator(
    "dedupe",
    [
      { name: "key", kind: "expr", doc: "Events with the same value are the same." },
      { name: "within", word: "within", kind: "duration", doc: "How long one is remembered, in event time." },
    ],
    "Lets the first of equal events through.",
    "dedupe event.id within 10m",
  ),
  operator(
    "throttle",
    [{ name: "rate", kind: "rate", doc: "Events per time." }],
    "Lets at most so many events a time through by making the sources that come to it wait; drops none.",
    "throttle 100/s",
  ),
  operator(
    "sample",
    [{ name: "fraction", kind: "number", doc: "Between 0 and 1." }],
    "Keeps this share of the events, the same ones every run: chosen by a hash of the event's id.",
    "sample 0.01",
  ),
  operator(
    "time",
    [{ name: "value", kind: "expr", type: "timestamp", doc: "The new event time." }],
    "Replaces the event's time.",
    "time data.created_at",
  ),
  operator(
    "attributes",
    [{ name: "values", kind: "fields", doc: "CloudEvent attributes and their values: lower-case letters and digits." }],
    "Sets CloudEvent attributes.",
    'attributes { type: "order.paid", subject: data.id }',
  ),
  operator(
    "log",
    [{ name: "label", kind: "string", doc: "Printed before each event." }],
    "Prints every event that passes, to standard error.",
    'log "after filter"',
  ),
  operator(
    "container",
    [
      { name: "image", kind: "string", doc: "The image." },
      {
        name: "options",
        kind: "options",
        optional: true,
        options: [
          { name: "command", kind: "strings", doc: "Replaces the image's entry point." },
          ...programOptions,
          {
            name: "resources",
            kind: "options",
            options: resourceOptions,
            doc: "What the container asks of its machine; the clause `resources` beside it is the worker's.",
          },
        ],
        doc: "How it is run and spoken to.",
      },
    ],
    "User code in any language, in a container of its own beside the worker.",
    'container "registry.example.org/score:1.4" { io: http }',
    false,
  ),
  operator(
    "process",
    [
      {
        name: "options",
        kind: "options",
        options: [
          { name: "command", kind: "strings", required: true, doc: "The program and its first arguments." },
          ...programOptions,
        ],
        doc: "How it is run and spoken to.",
      },
    ],
    "User code as a local program: the contract of `container` without an image.",
    'process { command: ["python3", "score.py"], io: stdio }',
    false,
  ),
];
