/** The operators of a step, in the order of docs and completion. */
import { resourceOptions } from "./clauses-placement.ts";
import type { ClauseRow, OptionLimit, OptionRow, Part } from "./rows.ts";

function operator(keyword: string, parts: readonly Part[], doc: string, example: string): ClauseRow {
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
    runtime: true,
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

const positive: OptionLimit = { says: "greater than 0", least: Number.MIN_VALUE };

const command: OptionRow = {
  name: "command",
  kind: "strings",
  limit: { says: "a list that begins with the name of a program", notEmpty: true },
  doc: "The program and its first arguments.",
};

const withHttp = { option: "io", is: ["http"] };

/** What `container` and `process` have in common. */
function programOptions(urlOption: Pick<OptionRow, "default" | "doc">): readonly OptionRow[] {
  return [
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
    {
      name: "url",
      kind: "string",
      limit: {
        says: "an address such as 'http://localhost:8080', or 'unix:' or 'unix:/path' for a Unix socket",
        pattern: /https?:\/\/[^\s/?#]\S*|unix:(\/.+)?/i,
      },
      only: withHttp,
      ...urlOption,
    },
    {
      name: "ready",
      kind: "string",
      limit: { says: "a path that begins with '/'", pattern: /\/\S*/ },
      only: withHttp,
      doc: "`http`: a path that answers 2xx once the program can work; without it, it can as soon as it takes connections.",
    },
    {
      name: "mode",
      kind: "choice",
      default: "binary",
      choices: [
        { name: "binary", doc: "Attributes as `ce-…` headers, data as the body." },
        { name: "structured", doc: "The whole event in one JSON object." },
      ],
      only: withHttp,
      doc: "`http`: how a single event is sent. A chunk is a batch in either.",
    },
    {
      name: "concurrency",
      kind: "int",
      default: 8,
      limit: { says: "between 1 and 1000", least: 1, most: 1000 },
      only: { option: "io", is: ["http", "file"] },
      doc: "`http`, `file`: how many events or chunks are under way at once. Results keep the order of the input.",
    },
    {
      name: "frames",
      kind: "choice",
      default: "lines",
      choices: [
        { name: "lines", doc: "JSON lines." },
        { name: "length", doc: "A length before each frame, so that binary data goes as it is." },
      ],
      only: { option: "io", is: ["socket"] },
      doc: "`socket`: how messages are told apart.",
    },
    {
      name: "folder",
      kind: "string",
      limit: { says: "a text that is not empty", pattern: /.+/s },
      only: { option: "io", is: ["file"] },
      doc: "`file`: where the files are exchanged; a folder of its own if not given.",
    },
    {
      name: "timeout",
      kind: "duration",
      default: "30s",
      limit: positive,
      doc: "How long one answer may take; then the program is ended and started again.",
    },
    {
      name: "grace",
      kind: "duration",
      default: "10s",
      limit: positive,
      doc: "How long the program has to end by itself before it is killed.",
    },
  ];
}

const javascriptExample = `code javascript """
export default (event) => ({ ...event.data, seen: true })
"""`;

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
          { ...command, doc: "Replaces the image's entry point." },
          ...programOptions({
            default: "http://localhost:8080",
            doc: "`http`: where the program listens. `unix:` is a Unix socket in a shared folder, named by `FLOW_SOCKET`; `unix:/path` a given one.",
          }),
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
  ),
  operator(
    "process",
    [
      {
        name: "options",
        kind: "options",
        options: [
          { ...command, required: true },
          ...programOptions({
            doc: "`http`: where the program listens; a free port, named by `PORT`, if not given. `unix:` is a Unix socket named by `FLOW_SOCKET`; `unix:/path` a given one.",
          }),
        ],
        doc: "How it is run and spoken to.",
      },
    ],
    "User code as a local program: the contract of `container` without an image.",
    'process { command: ["python3", "score.py"], io: stdio }',
  ),
  operator(
    "code",
    [
      {
        name: "language",
        kind: "word",
        choices: [{ name: "javascript", doc: "A JavaScript module." }],
        doc: "What it is written in.",
      },
      {
        name: "source",
        kind: "string",
        limit: { mostBytes: 65_536 },
        isMultiline: true,
        sample: "export default (event) => event.data",
        doc: 'The module, as a string: `"""…"""`, or `r"""…"""` where it has backslashes. Its one exported function takes an event and gives the new `data`.',
      },
      {
        name: "options",
        kind: "options",
        optional: true,
        options: [
          {
            name: "timeout",
            kind: "duration",
            default: "1s",
            limit: positive,
            doc: "How long one event may take; then it is a bad event, and the code is started again.",
          },
          {
            name: "memory",
            kind: "size",
            default: "64MiB",
            limit: { says: "between 16MiB and 4GiB", least: 2 ** 24, most: 2 ** 32 },
            doc: "How much memory the code may use.",
          },
        ],
        doc: "What it may use.",
      },
    ],
    "User code in the file itself, run in a process of its own.",
    javascriptExample,
  ),
];
