/** Diagnostics FLOW5xxx: how a pipeline is run and what it is connected to. */
import { row } from "./code-row.ts";

export const deploymentCodes = {
  FLOW5001: row<{ name: string; source: string; connector: string }>({
    severity: "error",
    title: "Replicas by partitions, without partitions",
    message: ({ name, source, connector }) =>
      `'replicas partitions' makes a replica of '${name}' per partition, but '${connector}' of '${source}' has none. Give a number.`,
    why: "Only a Kafka topic is divided into partitions that replicas can share.",
    mend: "Give a number: `replicas 2`.",
    example: `source orders {\n  http {}\n  replicas partitions\n}\nsink out from orders { stdout {} }\n`,
    mended: `source orders {\n  http {}\n  replicas 2\n}\nsink out from orders { stdout {} }\n`,
  }),
  FLOW5002: row<{ name: string; source: string; connector: string }>({
    severity: "error",
    title: "Scale to zero, where nothing would wake it",
    message: ({ name, source, connector }) =>
      `'${name}' cannot scale to zero: with no worker running, nobody takes the events of '${connector}' ('${source}'). Begin the range at 1.`,
    why: "A worker can only be gone while events wait somewhere and can be counted, as in a topic. Requests and scheduled times would be lost.",
    mend: "Begin the range at 1: `replicas 1..10`.",
    example: `source orders {\n  http {}\n  replicas 0..10\n}\nsink out from orders { stdout {} }\n`,
    mended: `source orders {\n  http {}\n  replicas 1..10\n}\nsink out from orders { stdout {} }\n`,
  }),
  FLOW5003: row<{ sink: string; connector: string }>({
    severity: "error",
    title: "Sink that cannot do exactly once",
    message: ({ sink, connector }) =>
      `'delivery exactly_once' is not possible with the sink '${sink}': '${connector}' cannot take back what was written. Use at_least_once, or another sink.`,
    why: "Exactly once needs a sink that writes in a transaction, or that knows an event it already has.",
    mend: "Write to kafka, file, s3 or db, or promise `delivery at_least_once`.",
    example: `pipeline copy { delivery exactly_once }\nsource orders { file { path: "orders.ndjson" } }\nsink out from orders { http { url: "http://localhost:9000" } }\n`,
    mended: `pipeline copy { delivery exactly_once }\nsource orders { file { path: "orders.ndjson" } }\nsink out from orders { file { path: "copy.ndjson" } }\n`,
  }),
  FLOW5004: row<{ source: string; connector: string }>({
    severity: "warning",
    title: "Source that cannot be read again",
    message: ({ source, connector }) =>
      `'delivery exactly_once' ends at the source '${source}': '${connector}' cannot be read again after a crash, so events under way may be lost or come twice.`,
    why: "After a crash a worker goes back to the last committed position. These sources have none.",
    mend: "Let events arrive through a topic or a file, or promise `delivery at_least_once`.",
    example: `pipeline copy { delivery exactly_once }\nsource orders { stdin {} }\nsink out from orders { file { path: "copy.ndjson" } }\n`,
    mended: `pipeline copy { delivery exactly_once }\nsource orders { file { path: "orders.ndjson" } }\nsink out from orders { file { path: "copy.ndjson" } }\n`,
  }),
  FLOW5005: row<{ sink: string; other: string; target: string }>({
    severity: "error",
    title: "Two sinks, one target",
    message: ({ sink, other, target }) =>
      `'${sink}' and '${other}' both write to ${target}. Let one sink read both inputs: 'from a, b'.`,
    why: "Two writers overwrite or interleave each other's output, and neither can promise its order.",
    mend: "Make one sink of them, or give each a target of its own.",
    example: `source orders { stdin {} }\nsink a from orders { file { path: "out.ndjson" } }\nsink b from orders { file { path: "out.ndjson" } }\n`,
    mended: `source orders { stdin {} }\nsink a from orders { file { path: "a.ndjson" } }\nsink b from orders { file { path: "b.ndjson" } }\n`,
  }),
  FLOW5006: row<{ option: string }>({
    severity: "warning",
    title: "Literal secret",
    message: ({ option }) =>
      `'${option}' is a secret and stands here for all to read. Refer to it: secret("name", "key").`,
    why: "A .flow file is shared, reviewed and kept in version control; what is written in it is known.",
    mend: "Keep the value in a Kubernetes Secret, or locally in the environment, and refer to it by name and key.",
    example: `source rows { db { url: "postgres://app:hunter2@db/app", table: "orders" } }\nsink out from rows { kafka { brokers: ["kafka:9092"], topic: "rows" } }\n`,
    mended: `source rows { db { url: secret("db", "url"), table: "orders" } }\nsink out from rows { kafka { brokers: ["kafka:9092"], topic: "rows" } }\n`,
  }),
  FLOW5007: row<{ name: string; kind: string; why: string; hint: string }>({
    severity: "error",
    title: "Not in the local runtime",
    message: ({ name, kind, why, hint }) => `The ${kind} '${name}' cannot run here: ${why}.${hint}`,
    why: "`flow run` refuses a pipeline before anything runs rather than run a part of it. `flow check` and `flow compile` take it.",
    mend: "Replace connectors for this run, `--from name=file:input.ndjson --to name=stdout`; give a container a command, `--exec name='python3 program.py'`; or leave the operator out.",
    example: `source orders { jetstream { servers: ["nats:4222"], stream: "ORDERS", subject: "orders.new" } }\nsink out from orders { stdout {} }\nsink bad from orders.errors { log {} }\n`,
    when: "run",
  }),
  FLOW5008: row<{ sink: string; source: string; target: string }>({
    severity: "warning",
    title: "Sink that feeds its own source",
    message: ({ sink, source, target }) =>
      `'${sink}' writes to ${target}, which '${source}' reads: events would go round for ever.`,
    why: "Each event would come back and be written again.",
    mend: "Write to another topic or file.",
    example: `source orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nstep paid from orders { filter data.paid }\nsink out from paid { kafka { brokers: ["kafka:9092"], topic: "orders" } }\n`,
    mended: `source orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nstep paid from orders { filter data.paid }\nsink out from paid { kafka { brokers: ["kafka:9092"], topic: "paid-orders" } }\n`,
  }),
  FLOW5009: row<{ what: string; value: string; rule: string }>({
    severity: "error",
    title: "Not what Kubernetes takes",
    message: ({ what, value, rule }) => `${what} cannot be '${value}': Kubernetes takes ${rule}.`,
    why: "The API server would refuse the resource.",
    mend: "Write a value of the form that Kubernetes takes.",
    example: `pipeline copy { namespace "My Team" }\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n`,
    mended: `pipeline copy { namespace "my-team" }\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n`,
  }),
  FLOW5010: row<{ schedule: string; why: string }>({
    severity: "error",
    title: "Not a schedule",
    message: ({ schedule, why }) => `'${schedule}' is no schedule: ${why}.`,
    why: "The source would never give an event, or at other times than meant.",
    mend: "Write five fields: minute, hour, day of month, month, day of week; `*/5 * * * *` is every five minutes.",
    example: `source ticks { cron { schedule: "61 * * * *" } }\nsink out from ticks { stdout {} }\n`,
    mended: `source ticks { cron { schedule: "1 * * * *" } }\nsink out from ticks { stdout {} }\n`,
  }),
  FLOW5013: row<{ option: string; ways: string; other: string; value: string }>({
    severity: "error",
    title: "Option that means nothing here",
    message: ({ option, ways, other, value }) =>
      `'${option}' belongs to ${ways}, and '${other}' is '${value}' here. Take it away, or change '${other}'.`,
    why: "The program would be spoken to in another way than the option seems to say.",
    mend: "Take the option away, or choose the `io` to which it belongs.",
    example: `source orders { stdin {} }\nstep score from orders { process { command: ["./score"], io: stdio, frames: length } }\nsink out from score { stdout {} }\n`,
    mended: `source orders { stdin {} }\nstep score from orders { process { command: ["./score"], io: socket, frames: length } }\nsink out from score { stdout {} }\n`,
  }),
  FLOW5014: row<{ name: string }>({
    severity: "error",
    title: "Code that exports no function",
    message: ({ name }) =>
      `The code of '${name}' exports nothing. Write the function that takes an event as 'export default (event) => …'.`,
    why: "The code is a module of its own; only what it exports can be called.",
    mend: "Export one function: `export default (event) => …` or `export default function (event) { … }`.",
    example: `source orders { stdin {} }\nstep paid from orders {\n  code javascript """\n(event) => ({ ...event.data, paid: true })\n"""\n}\nsink out from paid { stdout {} }\n`,
    mended: `source orders { stdin {} }\nstep paid from orders {\n  code javascript """\nexport default (event) => ({ ...event.data, paid: true })\n"""\n}\nsink out from paid { stdout {} }\n`,
  }),
};
