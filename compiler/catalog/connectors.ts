/** Every connector: where events come from and go to. */
import { kafka } from "./connector-kafka.ts";
import { notEmpty, only } from "./option-parts.ts";
import type { ConnectorRow, OptionLimit, OptionRow, Role } from "./rows.ts";

const webAddress: OptionLimit = {
  says: "an address such as 'http://localhost:8080/orders'",
  pattern: /https?:\/\/\S+/i,
};
const path = (doc: string): OptionRow => ({ name: "path", kind: "string", required: true, limit: notEmpty, doc });

export const connectors: readonly ConnectorRow[] = [
  {
    name: "file",
    roles: ["source", "sink", "table", "dead_letter"],
    argument: "path",
    options: [
      path(
        "A path, relative to the .flow file. A source takes globs (`logs/*.ndjson`), read in order of name; `-` is standard input or output. `.gz` is (un)compressed. A table of `json` may also be one array. A sink of chunks may write a file for each: `{chunk}` in its path is the chunk's id, `{key}` its key (later chunks of a key get `~2`, …), percent-encoded; `{{` and `}}` are a brace.",
      ),
      only(["sink"], {
        name: "append",
        kind: "bool",
        default: false,
        doc: "Adds to the file instead of replacing it when the run ends well. A dead letter is always added to.",
      }),
    ],
    source: { bounded: true, time: false, partitions: false, scaleToZero: false, replay: true },
    sink: { exactlyOnce: true, target: ["path"] },
    format: "json",
    doc: "Files. A record's position is its byte offset (in a `.gz` that of the decompressed text). A sink writes beside its place and puts the file there when the run ends well; pipes and devices are written directly.",
    example: 'file { path: "orders.ndjson" }',
    since: "0.1",
    runtime: true,
  },
  {
    name: "stdin",
    roles: ["source"],
    options: [],
    source: { bounded: true, time: false, partitions: false, scaleToZero: false, replay: false },
    format: "json",
    doc: "Standard input, of any size.",
    example: "stdin {}",
    since: "0.1",
    runtime: true,
  },
  {
    name: "stdout",
    roles: ["sink", "dead_letter"],
    options: [],
    sink: { exactlyOnce: false, target: [] },
    format: "json",
    doc: "Standard output, one event a line.",
    example: "stdout {}",
    since: "0.1",
    runtime: true,
  },
  {
    name: "log",
    roles: ["sink", "dead_letter"],
    options: [{ name: "label", kind: "string", doc: "Printed before each event; the node's name if not given." }],
    sink: { exactlyOnce: false, target: [] },
    format: "json",
    doc: "The worker's log (standard error), one event a line.",
    example: "log {}",
    since: "0.1",
    runtime: true,
  },
  {
    name: "generate",
    roles: ["source"],
    options: [
      {
        name: "count",
        kind: "int",
        limit: { says: "at least 0", least: 0 },
        doc: "How many events; without it, without end.",
      },
      { name: "rate", kind: "rate", doc: "How fast; without it, as fast as they are taken." },
      { name: "data", kind: "expr", required: true, doc: "The event's `data`; `i` counts from 0." },
    ],
    source: { bounded: false, time: false, partitions: false, scaleToZero: false, replay: true },
    format: "json",
    doc: "Made-up events, for demonstrations and load.",
    example: "generate { count: 1000, rate: 100/s, data: { id: i, even: i % 2 == 0 } }",
    since: "0.1",
    runtime: true,
  },
  {
    name: "cron",
    roles: ["source"],
    argument: "schedule",
    options: [
      {
        name: "schedule",
        kind: "string",
        required: true,
        doc: "Five fields: minute, hour, day of month, month (`JAN`), day of week (`MON`), in UTC; lists, ranges and steps. A sixth, before them, is the second. Or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.",
      },
      { name: "data", kind: "value", doc: "The event's `data`; `{ scheduled: <time> }` if not given." },
    ],
    source: { bounded: false, time: true, partitions: false, scaleToZero: false, replay: false },
    format: "json",
    doc: "An event at each time of a schedule.",
    example: 'cron { schedule: "*/5 * * * *" }',
    since: "0.1",
    runtime: true,
  },
  {
    name: "http",
    roles: ["source", "sink", "table", "dead_letter"],
    argument: "url",
    options: [
      only(["source"], {
        name: "port",
        kind: "int",
        default: 8080,
        limit: { says: "between 0 and 65535", least: 0, most: 65535 },
        doc: "Where it listens; 0 takes a free one and prints it.",
      }),
      only(["source"], {
        name: "host",
        kind: "string",
        default: "127.0.0.1",
        doc: "The address it listens at; on a cluster all.",
      }),
      only(["source"], {
        name: "path",
        kind: "string",
        default: "/",
        limit: { says: "a path that begins with '/'", pattern: /\/\S*/ },
        doc: "The path that takes POST.",
      }),
      only(["source"], { name: "max_body", kind: "size", default: "1MiB", doc: "A larger body is refused with 413." }),
      only(["sink", "table", "dead_letter"], {
        name: "url",
        kind: "string",
        required: true,
        limit: webAddress,
        doc: "Where to.",
      }),
      only(["sink"], {
        name: "method",
        kind: "choice",
        default: "POST",
        choices: [
          { name: "POST", doc: "POST" },
          { name: "PUT", doc: "PUT" },
        ],
        doc: "The method.",
      }),
      only(["sink", "table"], { name: "headers", kind: "map", doc: "More headers; a value may be `secret(…)`." }),
      only(["sink"], {
        name: "concurrency",
        kind: "int",
        default: 8,
        doc: "Requests under way at once; they may overtake each other. 1 keeps their order, and chunks always do.",
      }),
      only(["sink", "table"], {
        name: "timeout",
        kind: "duration",
        default: "30s",
        doc: "How long one request may take.",
      }),
    ],
    source: { bounded: false, time: false, partitions: false, scaleToZero: false, replay: false },
    sink: { exactlyOnce: false, target: [] },
    format: "json",
    doc: "HTTP. A source answers 202 once every sink and window has taken the event, with `--state` once it is in a checkpoint, and 400 to a body it cannot read, which then is no event; `application/x-ndjson` and batches of CloudEvents hold several. A sink sends one request per event, and one per chunk (an array, a batch or lines, with its id in `Flow-Chunk-Id`), and takes 2xx as done, 4xx as a bad event, the rest (and 408, 425, 429) as worth another try, after `Retry-After`.",
    example: 'http { port: 8080, path: "/orders" }',
    since: "0.1",
    runtime: true,
  },
  {
    name: "memory",
    roles: ["source", "sink", "table", "dead_letter"],
    options: [{ name: "events", kind: "value", roles: ["source", "table"], doc: "A list of values, given in order." }],
    source: { bounded: true, time: false, partitions: false, scaleToZero: false, replay: true },
    sink: { exactlyOnce: true, target: [] },
    format: "json",
    doc: "Values in memory, for tests.",
    example: "memory { events: [{ id: 1 }] }",
    since: "0.1",
    runtime: true,
  },
  kafka,
  {
    name: "jetstream",
    roles: ["source", "sink", "dead_letter", "defaults"],
    argument: "subject",
    options: [
      { name: "servers", kind: "strings", doc: "`host:port` of one or more servers." },
      { name: "stream", kind: "string", required: true, roles: ["source"], doc: "The stream." },
      {
        name: "subject",
        kind: "string",
        required: true,
        roles: ["source", "sink", "dead_letter"],
        doc: "The subject.",
      },
      { name: "token", kind: "secret", doc: "Signs in." },
    ],
    source: { bounded: false, time: true, partitions: false, scaleToZero: true, replay: true },
    sink: { exactlyOnce: false, target: ["servers", "subject"] },
    format: "json",
    doc: "NATS JetStream.",
    example: 'jetstream { servers: ["nats:4222"], stream: "ORDERS", subject: "orders.new" }',
    since: "0.1",
    runtime: false,
  },
  {
    name: "s3",
    roles: ["source", "sink", "table", "dead_letter", "defaults"],
    argument: "key",
    options: [
      {
        name: "bucket",
        kind: "string",
        required: true,
        roles: ["source", "sink", "table", "dead_letter"],
        doc: "The bucket.",
      },
      {
        name: "key",
        kind: "string",
        required: true,
        roles: ["source", "sink", "table", "dead_letter"],
        doc: "The object's key, or a prefix ending in `/`.",
      },
      { name: "endpoint", kind: "string", doc: "Of a server other than AWS." },
      { name: "region", kind: "string", default: "us-east-1", doc: "The region." },
      { name: "access_key", kind: "secret", doc: "The access key." },
      { name: "secret_key", kind: "secret", doc: "The secret key." },
    ],
    source: { bounded: true, time: true, partitions: false, scaleToZero: false, replay: true },
    sink: { exactlyOnce: true, target: ["endpoint", "bucket", "key"] },
    format: "json",
    doc: "Objects of S3 and compatible stores.",
    example: 's3 { bucket: "events", key: "2026/" }',
    since: "0.1",
    runtime: false,
  },
  {
    name: "db",
    roles: ["source", "sink", "table", "defaults"],
    argument: "table",
    options: [
      { name: "url", kind: "secret", doc: "The connection string." },
      { name: "table", kind: "string", roles: ["source", "sink", "table"], doc: "The table." },
      { name: "query", kind: "string", roles: ["source", "table"], doc: "A query, instead of a table." },
      {
        name: "key",
        kind: "strings",
        roles: ["sink"],
        doc: "The columns that identify a row: an existing one is updated.",
      },
      {
        name: "every",
        kind: "duration",
        default: "1m",
        roles: ["source"],
        doc: "How often a source looks for new rows.",
      },
    ],
    source: { bounded: false, time: false, partitions: false, scaleToZero: false, replay: true },
    sink: { exactlyOnce: true, target: ["url", "table"] },
    format: "json",
    doc: "PostgreSQL.",
    example: 'db { url: secret("pg", "url"), table: "orders" }',
    since: "0.1",
    runtime: false,
  },
];

const byName = new Map(connectors.map((row) => [row.name, row]));

export const connectorRow = (name: string): ConnectorRow | undefined => byName.get(name);

const byRole = new Map<ConnectorRow, Map<Role, readonly OptionRow[]>>(connectors.map((row) => [row, new Map()]));

/** The options that may be given in a role, e.g. `topic` of a Kafka source but not of the pipeline's defaults. */
export function optionsIn(row: ConnectorRow, role: Role): readonly OptionRow[] {
  const known = byRole.get(row)?.get(role);
  if (known) return known;
  const options = row.options.filter((option) => option.roles === undefined || option.roles.includes(role));
  byRole.get(row)?.set(role, options);
  return options;
}
