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
  FLOW5011: row<{ first: string; other: string }>({
    severity: "error",
    title: "Several Kafkas, and none for the topics between stages",
    message: ({ first, other }) =>
      `This pipeline has topics between its stages, but '${first}' and '${other}' connect to Kafka differently. Say which Kafka they are in: 'pipeline name { kafka { brokers: ["host:9092"] } }'.`,
    why: "A pipeline with windows, keyed chunks or containers runs as several stages, joined by Kafka topics of its own.",
    mend: 'Give the pipeline a connection: `pipeline orders { kafka { brokers: ["kafka:9092"] } }`.',
    example: `source orders { kafka { brokers: ["a:9092"], topic: "orders" } time timestamp(data.at) }\nwindow counts from orders { fixed 1m emit { n: count() } }\nsink out from counts { kafka { brokers: ["b:9092"], topic: "counts" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["a:9092"] } }\nsource orders { kafka { brokers: ["a:9092"], topic: "orders" } time timestamp(data.at) }\nwindow counts from orders { fixed 1m emit { n: count() } }\nsink out from counts { kafka { brokers: ["b:9092"], topic: "counts" } }\n`,
  }),
  FLOW5012: row<{ stages: number; pipeline: string }>({
    severity: "warning",
    title: "No Kafka for the topics between stages",
    message: ({ stages, pipeline }) =>
      `In a cluster this pipeline runs as ${stages} stages, joined by Kafka topics, and nothing says where that Kafka is. Write 'pipeline ${pipeline} { kafka { brokers: ["host:9092"] } }'.`,
    why: "Windows, keyed chunks, containers and other numbers of replicas begin a stage of their own. `flow run` needs no Kafka: it runs all stages in one process.",
    mend: 'Give the pipeline a connection: `pipeline counts { kafka { brokers: ["kafka:9092"] } }`.',
    example: `pipeline counts\nsource orders { stdin {} }\nwindow totals from orders { global emit { n: count() } }\nsink out from totals { stdout {} }\n`,
    mended: `pipeline counts { kafka { brokers: ["kafka:9092"] } }\nsource orders { stdin {} }\nwindow totals from orders { global emit { n: count() } }\nsink out from totals { stdout {} }\n`,
    when: "compile",
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
  FLOW5015: row<{ sink: string; why: string }>({
    severity: "error",
    title: "Sink outside of the Kafka transaction",
    message: ({ sink, why }) => `'delivery exactly_once' is not possible with the sink '${sink}': ${why}.`,
    why: "Exactly once on Kafka is one transaction: how far was read, what is kept, and what is written are committed together or not at all. What is not in the same Kafka is not in it.",
    mend: "Read from and write to one Kafka, or promise `delivery at_least_once`.",
    example: `pipeline copy { delivery exactly_once }\nsource orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nsink out from orders { file { path: "copy.ndjson" } }\n`,
    mended: `pipeline copy { delivery exactly_once }\nsource orders { kafka { brokers: ["kafka:9092"], topic: "orders" } }\nsink out from orders { kafka { brokers: ["kafka:9092"], topic: "copy" } }\n`,
  }),
  FLOW5016: row<{ first: string; other: string; what: string; cure: string }>({
    severity: "error",
    title: "Sources of one stage that cannot share a group",
    message: ({ first, other, what, cure }) =>
      `'${first}' and '${other}' run in one process, as members of one consumer group, but ${what}. ${cure}`,
    why: "Nodes that need no topic between them are one stage, and a stage is one consumer group of one Kafka, so that partition p of all its topics is with the same worker.",
    mend: "Give both sources the same `group` and the same connection, leave `group` out, or make two pipelines.",
    example: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "b" } }\nsink out from web, shop { kafka { topic: "orders" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "a" } }\nsink out from web, shop { kafka { topic: "orders" } }\n`,
  }),
  FLOW5017: row<{ first: string; other: string; group: string }>({
    severity: "error",
    title: "One group for several stages",
    message: ({ first, other, group }) =>
      `'${first}' and '${other}' are in different stages, but both are to be in the group '${group}'. Leave 'group' out of one, or give it another.`,
    why: "Kafka divides the partitions of a group's topics between all its members, so a worker of one stage would be given what only the other can read.",
    mend: "Give each stage a group of its own: leave `group` out.",
    example: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "a" } }\nsink web_out from web { kafka { topic: "web-orders" } }\nsink shop_out from shop { kafka { topic: "shop-orders" } }\n`,
    mended: `pipeline orders { kafka { brokers: ["kafka:9092"] } }\nsource web { kafka { topic: "web", group: "a" } }\nsource shop { kafka { topic: "shop", group: "b" } }\nsink web_out from web { kafka { topic: "web-orders" } }\nsink shop_out from shop { kafka { topic: "shop-orders" } }\n`,
  }),
  FLOW5018: row<{ node: string; source: string; group: string }>({
    severity: "warning",
    title: "Keys in a group that others may share",
    message: ({ node, source, group }) =>
      `'${node}' brings equal keys together, but only of the partitions that this process is given: while another process reads in the group '${group}' of '${source}', both have a part of the keys. Run it alone, or leave 'group' out.`,
    why: "On one machine all stages run in one process, with no topic between them that would bring equal keys together. That is right as long as the process reads all partitions.",
    mend: "Leave `group` out for local runs, or let nobody else be in the group.",
    example: `source orders { kafka { brokers: ["kafka:9092"], topic: "orders", group: "shop" } }\nwindow counts from orders { key data.id global early after 10 emit { n: count() } }\nsink out from counts { stdout {} }\n`,
    when: "run",
  }),

  // Custom resources, read from YAML: FLOW58xx. Their examples are YAML.
  FLOW5800: row<{ why: string }>({
    severity: "error",
    title: "Not YAML",
    message: ({ why }) => `This is not YAML: ${why}`,
    why: "A custom resource is read as YAML (JSON is YAML too) before anything else can be said about it.",
    mend: "Mend the YAML at the place shown.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5801: row<{ what: string; expected: string }>({
    severity: "error",
    title: "Not a Pipeline",
    message: ({ what, expected }) => `${what} is not '${expected}', so this is not a Pipeline.`,
    why: "Only resources of kind Pipeline, of a version known here, have a meaning as .flow.",
    mend: "Write `apiVersion: dataflow.argoproj.io/v1alpha1` and `kind: Pipeline`.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Deployment
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5802: row<{ field: string; where: string; near: string }>({
    severity: "error",
    title: "Unknown field",
    message: ({ field, where, near }) => `There is no field '${field}' in ${where}.${near}`,
    why: "The API server would drop the field, and the pipeline would run without what it says.",
    mend: "Correct the name, or move the field to where it belongs.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
      formt:
        type: json
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5803: row<{ field: string; where: string }>({
    severity: "error",
    title: "Missing field",
    message: ({ field, where }) => `The field '${field}' is missing in ${where}.`,
    why: "Without it the resource says too little to be run; the API server refuses it.",
    mend: "Add the field.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5804: row<{ where: string; expected: string; found: string }>({
    severity: "error",
    title: "Wrong kind of value",
    message: ({ where, expected, found }) => `${where} must be ${expected}, but this is ${found}.`,
    why: "The API server refuses a value of another kind than the schema's.",
    mend: "Write the value as the message says; a string that looks like a number or like true needs quotes.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      time: 5
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5805: row<{ where: string; expected: string; found: string; near: string }>({
    severity: "error",
    title: "Value out of range",
    message: ({ where, expected, found, near }) => `${where} must be ${expected}, but this is ${found}.${near}`,
    why: "The API server refuses values outside the schema's limits.",
    mend: "Write one of the values that the message names.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      watermark:
        delay: 5 minutes
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5806: row<{ what: string; where: string; how: string; found: string; fields: string }>({
    severity: "error",
    title: "One of several",
    message: ({ what, where, how, found, fields }) =>
      `There must be ${how} one ${what} in ${where}, but there is ${found}. Use one of ${fields}.`,
    why: "The fields exclude one another, and one of them is needed.",
    mend: "Keep one of them.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      http: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5807: row<{ what: string }>({
    severity: "error",
    title: "Too large",
    message: ({ what }) => `This resource is too large to be read. ${what}`,
    why: "A bound on size, depth and aliases keeps a crafted file from using up the machine.",
    mend: "Split the pipeline, or write aliases out.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5808: row<{ what: string }>({
    severity: "error",
    title: "Nothing .flow can say",
    message: ({ what }) => `${what}`,
    why: "A resource written by hand may say things for which the language has no words; they would be lost.",
    mend: "Write it as the message says.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  types:
    Order:
      type: object
      patternProperties:
        ^x:
          type: string
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5810: row<{ what: string }>({
    severity: "warning",
    title: "Left out of the .flow file",
    message: ({ what }) =>
      `${what} is left out: .flow has no words for it, and a resource compiled from this file will not have it.`,
    why: "A resource written by hand may have annotations and finalizers of other programs. `flow compile` carries them from resource to resource; a .flow file cannot say them.",
    mend: "Add it to the compiled resource, with kustomize for instance, or keep the resource as the source.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
  annotations:
    other.example/team: billing
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
    when: "decompile",
  }),
  FLOW5809: row<Record<string, never>>({
    severity: "error",
    title: "More than one resource",
    message: () => "Another resource begins here, and a file holds one Pipeline. Put this one into a file of its own.",
    why: "Only the first would be read, and the others would be lost without a word.",
    mend: "Split the file at its '---' lines.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
---
apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: more
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
};
