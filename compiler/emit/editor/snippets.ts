/** Whole declarations to fill in. A test compiles each with its defaults, after the declarations that `after` names. */

export interface Snippet {
  readonly prefix: string;
  readonly name: string;
  readonly description: string;
  /** Tab stops as in `${1:name}`, in the order in which one fills them in. */
  readonly body: readonly string[];
  /** Prefixes of the snippets that give the names which this one's defaults refer to. */
  readonly after?: readonly string[];
}

export const snippets: readonly Snippet[] = [
  {
    prefix: "pipeline",
    name: "Whole pipeline",
    description: "A source, a step, a sink and a test.",
    body: [
      "/// ${1:What it does.}",
      "pipeline ${2:name}",
      "",
      "type ${3:Order} { ${4:id: string, paid: bool} }",
      "",
      "source ${5:orders}: ${3:Order} {",
      '  file { path: "${6:orders.ndjson}" }',
      "}",
      "",
      "step ${7:paid} from ${5:orders} {",
      "  filter ${8:data.paid}",
      "}",
      "",
      "sink out from ${7:paid} { stdout {} }",
      "",
      'test "${9:what it shows}" {',
      '  ${5:orders} at 0s { ${10:id: "a", paid: true} }',
      '  expect ${7:paid} [{ ${11:id: "a"} }]',
      "}",
      "$0",
    ],
  },
  {
    prefix: "source-file",
    name: "Source: file",
    description: "Reads a file of JSON lines.",
    body: ["source ${1:orders} {", '  file { path: "${2:orders.ndjson}" }', "}", "$0"],
  },
  {
    prefix: "source-stdin",
    name: "Source: standard input",
    description: "Reads JSON lines from standard input.",
    body: ["source ${1:orders} { stdin {} }", "$0"],
  },
  {
    prefix: "source-kafka",
    name: "Source: Kafka, with event time",
    description: "Reads a topic; events carry their time in a field.",
    body: [
      "type ${1:Order} { ${2:customer: string, total: double}, at: timestamp }",
      "",
      "source ${3:orders}: ${1:Order} {",
      '  kafka { brokers: ["${4:localhost:9092}"], topic: "${5:orders}" }',
      "  time data.at",
      "  watermark ${6:5s} idle ${7:30s}",
      "}",
      "$0",
    ],
  },
  {
    prefix: "step",
    name: "Step: filter and map",
    description: "Lets some events through and shapes them.",
    body: [
      "step ${1:shaped} from ${2:orders} {",
      "  filter ${3:has(data.customer)}",
      "  map { ${4:customer: data.customer} }",
      "}",
      "$0",
    ],
    after: ["source-kafka"],
  },
  {
    prefix: "step-dedupe",
    name: "Step: drop duplicates",
    description: "One event of each key within a time.",
    body: ["step ${1:unique} from ${2:orders} {", "  dedupe ${3:event.id} within ${4:10m}", "}", "$0"],
    after: ["source-kafka"],
  },
  {
    prefix: "step-process",
    name: "Step: a program in any language",
    description: "Sends events to a program and takes what it answers.",
    body: [
      "step ${1:scored} from ${2:orders} {",
      '  process { command: ["${3:python3}", "${4:score.py}"], io: ${5:stdio} }',
      "}",
      "$0",
    ],
    after: ["source-kafka"],
  },
  {
    prefix: "step-code",
    name: "Step: JavaScript",
    description: "Runs a function written in the file itself.",
    body: [
      "step ${1:scored} from ${2:orders} {",
      '  code javascript """',
      "${3:export default (event) => event.data}",
      '"""',
      "}",
      "$0",
    ],
    after: ["source-kafka"],
  },
  {
    prefix: "window-fixed",
    name: "Window: fixed",
    description: "Totals of each key in each stretch of time.",
    body: windowOf("per_hour", "fixed ${4:1h}"),
    after: ["source-kafka"],
  },
  {
    prefix: "window-sliding",
    name: "Window: sliding",
    description: "Totals over the last while, anew every so often.",
    body: windowOf("lately", "sliding ${4:10m} every ${5:1m}"),
    after: ["source-kafka"],
  },
  {
    prefix: "window-session",
    name: "Window: session",
    description: "What belongs together because there is no long pause in it.",
    body: windowOf("sessions", "session ${4:30m}"),
    after: ["source-kafka"],
  },
  {
    prefix: "chunk",
    name: "Chunk",
    description: "Bundles events for a sink that takes many at once.",
    body: ["chunk ${1:bulk} from ${2:orders} {", "  size ${3:500}", "  every ${4:5s}", "}", "$0"],
    after: ["source-kafka"],
  },
  {
    prefix: "sink-stdout",
    name: "Sink: standard output",
    description: "Writes JSON lines to standard output.",
    body: ["sink ${1:out} from ${2:orders} { stdout {} }", "$0"],
    after: ["source-kafka"],
  },
  {
    prefix: "sink-kafka",
    name: "Sink: Kafka",
    description: "Writes to a topic.",
    body: [
      "sink ${1:out} from ${2:orders} {",
      '  kafka { brokers: ["${3:localhost:9092}"], topic: "${4:totals}", key: ${5:data.customer} }',
      "}",
      "$0",
    ],
    after: ["source-kafka"],
  },
  {
    prefix: "table",
    name: "Table",
    description: "Reference data to enrich events with.",
    body: [
      "type ${1:Team} { ${2:id: string, name: string} }",
      "",
      "table ${3:teams}: ${1:Team} {",
      '  file { path: "${4:teams.ndjson}" }',
      "  key ${5:data.id}",
      "  refresh ${6:15m}",
      "}",
      "$0",
    ],
  },
  {
    prefix: "type-sample",
    name: "Type from a sample",
    description: "A record type, taken from sample data.",
    body: ['type ${1:Order} from sample("${2:orders.ndjson}")', "$0"],
  },
  {
    prefix: "fn",
    name: "Function",
    description: "A pure function, inlined where it is used.",
    body: ['fn ${1:domain}(${2:email: string}): ${3:string} = ${4:email.split("@")[1]}', "$0"],
  },
  {
    prefix: "param",
    name: "Parameter",
    description: "A value set from outside.",
    body: ['param ${1:topic}: ${2:string} = ${3:"orders"}', "$0"],
  },
  {
    prefix: "test",
    name: "Test",
    description: "Events in, results out, with a virtual clock.",
    body: [
      'test "${1:what it shows}" {',
      '  ${2:orders} at ${3:0s} { ${4:customer: "ada", total: 1.0, at: "2026-01-01T00:00:00Z"} }',
      "  end",
      '  expect ${5:orders} [{ ${6:customer: "ada"} }]',
      "}",
      "$0",
    ],
    after: ["source-kafka"],
  },
];

function windowOf(name: string, shape: string): readonly string[] {
  return [
    `window \${1:${name}} from \${2:orders} {`,
    "  key ${3:data.customer}",
    `  ${shape}`,
    "  emit { ${6:customer: key, orders: count(), total: sum(data.total)} }",
    "}",
    "$0",
  ];
}

/** As VS Code reads them. */
export const snippetFile = (): Readonly<Record<string, object>> =>
  Object.fromEntries(snippets.map(({ prefix, name, description, body }) => [name, { prefix, description, body }]));
