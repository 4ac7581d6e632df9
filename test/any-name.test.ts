/** A name that every JavaScript object has is a name like any other: checked, compiled, written as a resource, and run to the same output. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Compiled, compile } from "../compiler/compile.ts";
import { runtimeConfigs } from "../compiler/emit/runtime-config.ts";
import { printYaml } from "../compiler/emit/yaml.ts";
import { memoryHost } from "../compiler/source/host.ts";
import { builtInConnectors } from "../runtime/connectors/index.ts";
import { manualClock } from "../runtime/engine/clock.ts";
import { readConfig } from "../runtime/engine/read-config.ts";
import { runPipeline } from "../runtime/engine/run.ts";

/** Those of `Object.prototype`, functions, promises, arrays, maps, JSON and our own values. */
const fieldNames = [
  "__proto__",
  "__defineGetter__",
  "constructor",
  "content",
  "get",
  "hasOwnProperty",
  "length",
  "prototype",
  "size",
  "text",
  "then",
  "toJSON",
  "toString",
  "value",
  "valueOf",
];
/** Of these, those that a declaration, an attribute or a label may have. */
const declarableNames = ["constructor", "length", "prototype", "then"];

type Files = Readonly<Record<string, string>>;
interface Case {
  readonly flow: string;
  /** What lies beside the .flow file. */
  readonly files: Files;
}

/** What a run of the case leaves, with the name for `NAME`. It runs from its resource, which came from the .flow file. */
async function outcome(one: Case, name: string): Promise<Files> {
  const { flow, files } = JSON.parse(JSON.stringify(one).replaceAll("NAME", name)) as Case;
  const direct = compile("test.flow", memoryHost({ ...files, "test.flow": flow }));
  expect(said(direct)).toEqual([]);
  const yaml = printYaml(direct.pipeline!.resource);
  const again = compile("test.yaml", memoryHost({ ...files, "test.yaml": yaml }));
  expect(said(again)).toEqual([]);
  expect(printYaml(again.pipeline!.resource)).toBe(yaml);
  return run(again, files);
}

const said = ({ diagnostics }: Compiled): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code} ${message}`);

/** The files that the run writes, and `warnings`. */
async function run({ ir, sources }: Compiled, files: Files): Promise<Files> {
  const folder = mkdtempSync(join(tmpdir(), "flow-names-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      writeFileSync(join(folder, path), text);
      utimesSync(join(folder, path), 0, 0);
    }
    const [config] = runtimeConfigs(ir!, { local: true, sources });
    const warnings: string[] = [];
    await runPipeline(await readConfig(JSON.stringify(config)), {
      connectors: builtInConnectors(),
      baseDirectory: folder,
      clock: manualClock(0),
      random: () => 0.5,
      deadLetter: { type: "file", options: { path: "bad" } },
      log: { info: () => {}, warn: (fields, message) => void warnings.push(`${message} ${JSON.stringify(fields)}`) },
    }).done;
    const written = readdirSync(folder).filter((path) => !Object.hasOwn(files, path));
    return Object.fromEntries([
      ...written.map((path) => [path, readFileSync(join(folder, path), "utf8")]),
      ["warnings", warnings.join("\n")],
    ]) as Files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bad events of several sources come as they come. */
const inOrder = (written: Files): Files => ({ ...written, bad: (written.bad ?? "").split("\n").sort().join("\n") });

const outcomeByCase = new Map<Case, Map<string, Promise<Files>>>();

/** That of a name of so many letters which no object has. */
function ordinaryOutcome(one: Case, name: string): Promise<Files> {
  const known = outcomeByCase.get(one) ?? new Map<string, Promise<Files>>();
  const result = known.get(name) ?? outcome(one, name);
  outcomeByCase.set(one, known.set(name, result));
  return result;
}

async function expectOrdinary(one: Case, name: string): Promise<void> {
  const ordinary = "q".repeat(name.length);
  const expected = JSON.stringify(await ordinaryOutcome(one, ordinary)).replaceAll(ordinary, name);
  expect(inOrder(await outcome(one, name))).toEqual(inOrder(JSON.parse(expected) as Files));
}

const lines = (...all: readonly string[]): string => all.join("\n");
const sinkOf = (name: string, rest = ""): string => `sink to_${name} from ${name} { file { path: "${name}" }${rest} }`;

const events = lines(
  '{"NAME":1,"a":2}',
  '{"a":2}',
  '{"NAME":null,"a":2}',
  '{"NAME":{"NAME":3},"a":{"NAME":4}}',
  '{"NAME":[1],"a":{}}',
  '{"NAME":"NAME","a":"NAME"}',
  '{"NAME":1.0,"a":1e2}',
  '{"1":1,"NAME":12345678901234567890123,"a":0}',
  '{"a":{"NAME":{"NAME":[{"NAME":1}]}},"NAME":""}',
  "{}",
);

/** Clauses of a step, by what it shows. Each reads all events. */
const steps: Readonly<Record<string, string>> = {
  passes: "filter true",
  reads: "map { x: data.NAME }",
  asks: "map { x: has(data.NAME) }",
  reads_if_there: 'map { x: data.?NAME, y: data.?NAME.orValue(0), z: data[?"NAME"].hasValue() }',
  looks_up: 'map { x: data["NAME"] }',
  looks_up_by_value: "map { x: data[data.a] }",
  looks_for: 'map { x: "NAME" in data, y: data.a in data }',
  reads_below: "map { x: data.a.NAME }",
  asks_below: "map { x: has(data.a.NAME), y: data.?a.?NAME }",
  filters: "filter data.NAME == 1",
  sets: "set data.NAME = data.a",
  sets_below: "set data.a.NAME = 7",
  sets_above: "set data.NAME.b = 7",
  sets_below_itself: "set data.NAME.NAME = 7",
  sets_deep: "set data.b.NAME.c = 8",
  sets_and_reads: "set data.NAME = 5\nset data.x = data.NAME",
  removes: "remove data.NAME",
  removes_below: "remove data.a.NAME, data.NAME.NAME",
  writes: "map { NAME: 1, b: data.a }",
  writes_in_quotes: 'map { "NAME": 1, b: { "NAME": {} } }',
  writes_if_there: "map { ?NAME: data.?NAME, b: 1 }",
  writes_computed: 'map { (string(data.?a.orValue("q"))): 1, ("NA" + "ME"): 2 }',
  spreads: "map { ...data, b: 1 }",
  spreads_under: "map { ...data, NAME: 5 }",
  spreads_over: "map { NAME: 5, ...data }",
  flattens: "flatten",
  unflattens: "flatten\nunflatten",
  flattens_by_slash:
    'flatten { separator: "/" }\nset data.b = data[?"NAME/NAME"].hasValue()\nunflatten { separator: "/" }',
  flattens_and_reads: "flatten\nset data.NAME = 1\nset data.x = data.?NAME",
  compares: "map { n: size(data), same: data == { NAME: 1, a: 2 }, h: hash(data) == hash({ NAME: 1, a: 2 }) }",
  walks: 'map { any: data.exists(k, k == "NAME"), keys: data.map(k, k) }',
  walks_with_values: "map { x: data.transformMap(k, v, v), y: data.transformList(k, v, k) }",
  writes_json: "map { x: toJson(data), y: parseJson(toJson(data)) }",
  reads_json: 'map { x: parseJson("{\\"NAME\\": 1}").NAME, y: parseJson("{}").?NAME }',
  expands: "expand [{ NAME: 1 }, { b: 2 }]\nmap { x: has(data.NAME) }",
  names_variables: "map { x: [1, 2].map(NAME, NAME + 1), y: [1].exists(NAME, NAME == 1) }",
  searches:
    'map { x: "NAME" in ["NAME"], y: ["NAME", "NAME"].distinct(), z: { (string(data.?a.orValue("q"))): 1 }[?"NAME"] }',
  sets_attributes:
    'attributes { subject: "NAME", type: string(has(data.NAME)) }\nmap { x: event.subject, y: event.type }',
  sets_attributes_by_value: "attributes { subject: data.a }\nmap { x: event.subject }",
  retries: "filter data.NAME == 1\nretry 1 backoff 1ms..2ms else drop",
  logs: 'log "NAME"',
};

/** Clauses of a window. */
const windows: Readonly<Record<string, string>> = {
  groups: 'key string(data.?a.orValue(""))\nemit { k: key, n: count() }',
  groups_by_record: 'key { NAME: string(data.?a.orValue("")) }\nemit { k: key, n: count() }',
  groups_by_data: "key data\nemit { k: key, n: count() }",
  collects: "emit { NAME: list(data), b: distinct(data), c: first(data), d: last(data) }",
  collects_if_there: "emit { x: list(has(data.NAME)), y: top(2, toJson(data).size()) }",
};

/** A type of the source, and the clauses of a step. */
const typed: Readonly<Record<string, readonly [type: string, clauses: string]>> = {
  adds: ["{ NAME: int }", "map { x: data.NAME + 1 }"],
  may_lack: ["{ NAME?: int }", "map { x: has(data.NAME), y: data.?NAME.orValue(3) }"],
  leaves_alone: ["{ NAME?: any, a?: any }", "filter true"],
  sets_typed: ["{ NAME?: any, a?: any }", "set data.NAME = 1\nmap { x: data.NAME }"],
  nests: ["{ NAME: { NAME: int } }", "map { x: data.NAME.NAME }"],
  equals: ['{ NAME: "NAME" | "b" }', 'map { x: data.NAME == "NAME" }'],
  looks_up_in_map: ["{ a: {string: int} }", 'map { x: data.a["NAME"] }'],
  looks_for_in_map: ["{ a: {string: int} }", 'map { x: "NAME" in data.a, y: data.a[?"NAME"], z: has(data.a.NAME) }'],
  reads_double: ["{ NAME: double }", "map { x: data.NAME }"],
  reads_time: ["{ NAME?: timestamp }", "map { x: data.?NAME }"],
};

const operators: Case = {
  flow: lines(
    'source s { file { path: "in" } }',
    ...Object.entries(steps).map(([name, clauses]) => `step ${name} from s {\n${clauses}\n}\n${sinkOf(name)}`),
    ...Object.entries(windows).map(
      ([name, clauses]) => `window ${name} from s {\nglobal\n${clauses}\n}\n${sinkOf(name)}`,
    ),
    ...Object.entries(typed).map(
      ([name, [type, clauses]]) =>
        `source in_${name}: ${type} { file { path: "in" } }\nstep ${name} from in_${name} {\n${clauses}\n}\n${sinkOf(name)}`,
    ),
  ),
  files: { in: events },
};

const csvStep = (name: string, from: string, clauses: string): string =>
  `step ${name} from ${from} {\n${clauses}\n}\n${sinkOf(name, "\nformat csv")}`;
const cloudEvent = (more: string): string =>
  `{"specversion":"1.0","type":"t","source":"/s","id":"1","time":"2020-01-01T00:00:00Z"${more},"data":{"NAME":1}}`;

const formats: Case = {
  flow: lines(
    'source rows { file { path: "rows.csv" } format csv }',
    csvStep("passes", "rows", "filter true"),
    csvStep("reads", "rows", "map { x: data.NAME, NAME: data.b }"),
    csvStep("sets", "rows", "set data.NAME = data.b"),
    csvStep("removes", "rows", "remove data.NAME"),
    'source others { file { path: "others.csv" } format csv }',
    csvStep("lacks", "others", "map { x: has(data.NAME), y: data.?NAME }"),
    csvStep("adds", "others", "set data.NAME = data.b"),
    'source typed: { NAME: int, b?: int } { file { path: "rows.csv" } format csv }',
    csvStep("counts", "typed", "map { x: data.NAME + 1, NAME: data.NAME }"),
    'source lacking: { NAME?: int, b: int } { file { path: "others.csv" } format csv }',
    csvStep("counts_if_there", "lacking", "map { x: has(data.NAME), b: data.b }"),
    'source envelopes { file { path: "envelopes" } format cloudevents }',
    `step opens from envelopes { map { ...data, x: has(data.NAME) } }\n${sinkOf("opens", "\nformat cloudevents")}`,
    'source made { memory { events: [{ NAME: 1 }, { "NAME": { NAME: "NAME" } }, {}] } }',
    `step makes from made { map { ...data, x: has(data.NAME) } }\n${sinkOf("makes")}`,
    `source generated { generate { count: 2, data: { NAME: i, b: { NAME: [i] } } } }\n${sinkOf("generated")}`,
  ),
  files: {
    "rows.csv": "NAME,b\n1,2\nNAME,3\n,\n",
    "others.csv": "a,b\n1,2\n",
    envelopes: lines(cloudEvent(""), cloudEvent(',"ext":"NAME"')),
  },
};

const definitions: Case = {
  flow: lines(
    'type ByProperty from schema("property.json")',
    'source by_property: ByProperty { file { path: "in" } }',
    `step adds from by_property { map { x: data.NAME + 1 } }\n${sinkOf("adds")}`,
    'type ByLink from schema("link.json")',
    'source by_link: ByLink { file { path: "in" } }',
    `step follows from by_link { map { x: data.?a } }\n${sinkOf("follows")}`,
    'type BySample from sample("sample.ndjson")',
    'source by_sample: BySample { file { path: "in" } }',
    `step samples from by_sample { map { x: data.?NAME, y: data.a } }\n${sinkOf("samples")}`,
    ...["json", "csv"].flatMap((format) => [
      `table rows_${format}: { id: string, NAME?: string } { file { path: "rows.${format}" } key data.id format ${format} }`,
      `step enriches_by_${format} from by_sample {`,
      `  set data.row = rows_${format}[string(data.?NAME.orValue(0))].hasValue()`,
      `  set data.other = rows_${format}["NAME"].?NAME.orValue("none")`,
      `  set data.none = rows_${format}["none"].?NAME.orValue("none")\n}`,
      sinkOf(`enriches_by_${format}`),
    ]),
  ),
  files: {
    in: events,
    "property.json": '{"type":"object","required":["NAME"],"properties":{"NAME":{"type":"integer"}}}',
    "link.json":
      '{"type":"object","properties":{"a":{"$ref":"#/$defs/NAME"}},"$defs":{"NAME":{"type":"object","additionalProperties":{"type":"integer"}}}}',
    "sample.ndjson": lines('{"NAME":1,"a":2}', '{"a":3}'),
    "rows.csv": lines("id,NAME", "b,x", "NAME,NAME"),
    "rows.json": lines('{"id":"b","NAME":"x"}', '{"id":"NAME","NAME":"NAME"}', '{"id":"d"}'),
  },
};

type Declared = "param" | "fn" | "table" | "source" | "step" | "window";

/** A declaration of each kind, one of which has the name alone; a type, a label and an attribute always have it. */
function declaredAs(kind: Declared): Case {
  const called = (one: Declared): string => (one === kind ? "NAME" : `NAME_${one}`);
  return {
    flow: lines(
      'pipeline NAME { labels { NAME: "NAME" } }',
      `type NAME { NAME: int, a?: any }
param ${called("param")}: int = 1
fn ${called("fn")}(NAME: int): int = NAME + ${called("param")}
table ${called("table")}: { NAME: string } { file { path: "rows.json" } key data.NAME }
source ${called("source")}: NAME { file { path: "in" } }
step ${called("step")} from ${called("source")} where data.NAME == 1 {
  set data.x = ${called("fn")}(data.NAME)
  set data.row = ${called("table")}["NAME"].?NAME.orValue("none")
  attributes { NAME: "a" + string(${called("param")}) }
  set data.y = event.NAME
}
step rest from ${called("source")} otherwise { filter [1].exists(each, each == 1) }`,
      sinkOf(called("step"), "\nformat cloudevents"),
      sinkOf("rest"),
      'source envelopes { file { path: "envelopes" } format cloudevents }',
      `step reads from envelopes { map { x: event.NAME } }\n${sinkOf("reads")}`,
      `window ${called("window")} from envelopes { global emit { n: count(), x: list(event.NAME) } }`,
      sinkOf(called("window")),
    ),
    files: {
      in: events,
      "rows.json": '{"NAME":"NAME"}',
      envelopes: lines(cloudEvent(',"NAME":"v"'), cloudEvent(',"NAME":3'), cloudEvent(',"NAME":{}'), cloudEvent("")),
    },
  };
}

/** These the language knows, or takes for a misspelling. */
const meaningful = ["content", "get", "size", "text", "value"];

/** What a name may be that means nothing where it stands. */
const strange: Readonly<Record<string, string>> = {
  "a pipeline": "pipeline NAME source s { stdin {} } sink o from s { stdout {} }",
  "a type": "type NAME { a: int } source s: NAME { stdin {} } sink o from s { stdout {} }",
  "a type of a schema": 'type NAME from schema("t.json") source s: NAME { stdin {} } sink o from s { stdout {} }',
  "a param": "param NAME: int = 1",
  "a function": "fn NAME(x: int): int = x",
  "a parameter": "fn f(NAME: int): int = NAME",
  "a table": 'table NAME { file { path: "t" } key data.id }',
  "a source": "source NAME { stdin {} } sink o from NAME { stdout {} }",
  "a step": "source s { stdin {} } step NAME from s { filter true } sink o from NAME { stdout {} }",
  "a window": "source s { stdin {} } window NAME from s { global emit count() } sink o from NAME { stdout {} }",
  "an alias": "source s { stdin {} } step t from s as NAME { filter NAME.data.x == 1 } sink o from t { stdout {} }",
  "a sink": "source s { stdin {} } sink NAME from s { stdout {} }",
  "an unknown node": "sink other from NAME { stdout {} }",
  "an unknown output": "source s { stdin {} } sink o from s.NAME { stdout {} }",
  "an unknown declaration": "NAME a { }",
  "an unknown type": "source s: NAME { stdin {} } sink o from s { stdout {} }",
  "an unknown connector": "source s { NAME {} } sink o from s { stdout {} }",
  "an unknown option": "source s { stdin { NAME: 1 } } sink o from s { stdout {} }",
  "an option inside an option":
    'source s { kafka { topic: "t", brokers: ["k"], sasl: { NAME: 1 } } } sink o from s { stdout {} }',
  "an unknown choice": 'source s { kafka { topic: "t", brokers: ["k"], start: NAME } } sink o from s { stdout {} }',
  "an unknown format": "source s { stdin {} format NAME } sink o from s { stdout {} }",
  "an unknown option of a format": "source s { stdin {} format csv { NAME: 1 } } sink o from s { stdout {} }",
  "an unknown clause": "source s { stdin {} NAME } sink o from s { stdout {} }",
  "an unknown operator": "source s { stdin {} } step t from s { NAME 1 } sink o from t { stdout {} }",
  "an unknown word of a clause": "pipeline p { delivery NAME } source s { stdin {} } sink o from s { stdout {} }",
  "an unknown unit of a rate": "source s { stdin {} } step t from s { throttle 1/NAME } sink o from t { stdout {} }",
  "an unknown unit of a duration": "source s { stdin {} watermark 5NAME } sink o from s { stdout {} }",
  "an unknown variable": "source s { stdin {} } step t from s { filter NAME == 1 } sink o from t { stdout {} }",
  "an unknown function": "source s { stdin {} } step t from s { filter NAME(1) } sink o from t { stdout {} }",
  "an unknown method": "source s { stdin {} } step t from s { filter data.a.NAME() } sink o from t { stdout {} }",
  "an unknown method of a type":
    "source s: { a: string } { stdin {} } step t from s { filter data.a.NAME() } sink o from t { stdout {} }",
  "an unknown function of a library":
    "source s { stdin {} } step t from s { filter math.NAME(1) } sink o from t { stdout {} }",
  "an unknown aggregate": "source s { stdin {} } window w from s { global emit NAME() } sink o from w { stdout {} }",
  "an unknown field":
    "source s: { a: int } { stdin {} } step t from s { filter data.NAME } sink o from t { stdout {} }",
  "an unknown part of a window":
    "source s { stdin {} } window w from s { global emit window.NAME } sink o from w { stdout {} }",
  "an unknown attribute":
    'source s { stdin {} } step t from s { filter event.NAME == "a" } sink o from t { stdout {} }',
  "an unknown part of a record":
    "source s: { a: int } { stdin {} } step t from s { set data.NAME.b = 1 } sink o from t { stdout {} }",
  "a code that is silenced": "// flow-ignore NAME: why\nsource s { stdin {} } sink o from s { stdout {} }",
  "a secret":
    'source s { kafka { topic: "t", brokers: ["k"], sasl: { mechanism: plain, username: secret("NAME", "NAME"), password: "NAME" } } } sink o from s { stdout {} }',
  "a node of a test":
    'source s { stdin {} } sink o from s { stdout {} } test "t" { NAME at 0s { a: 1 } expect NAME [] }',
  "a clause of a container":
    'source s { stdin {} } step t from s { container "i" { io: NAME, env: { NAME: "x" } } } sink o from t { stdout {} }',
};

/** The codes and places of what is said; what is written as a resource reads back the same. */
function findings(flow: string, name: string): readonly string[] {
  const around = flow.includes("source") ? "" : "source s { stdin {} } sink o from s { stdout {} } ";
  const files = { "t.json": "{}", "test.flow": around + flow.replaceAll("NAME", name) };
  const { diagnostics, pipeline } = compile("test.flow", memoryHost(files));
  if (pipeline !== undefined) {
    const yaml = printYaml(pipeline.resource);
    const again = compile("test.yaml", memoryHost({ ...files, "test.yaml": yaml }));
    expect(again.pipeline === undefined ? said(again) : printYaml(again.pipeline.resource)).toBe(yaml);
  }
  return diagnostics.map(({ code, at }) => `${code} ${at.start}-${at.end}`);
}

describe.each(Object.entries(strange))("as %s", (_, flow) => {
  it.each(fieldNames.filter((name) => !meaningful.includes(name)))(
    "%s is judged as any name of its letters is",
    (name) => {
      const plain = name.replace(/[a-z]/g, "q").replace(/[A-Z]/g, "Q");
      expect(findings(flow, name)).toEqual(findings(flow, plain));
    },
  );
});

describe.each(declarableNames)("the name %s", (name) => {
  it.each(["param", "fn", "table", "source", "step", "window"] as const)("is that of a %s", (kind) =>
    expectOrdinary(declaredAs(kind), name),
  );
});

describe.each(fieldNames)("the name %s", (name) => {
  it("is a field for every operator", () => expectOrdinary(operators, name));
  it("is a field for every format", () => expectOrdinary(formats, name));
  it("is a field, a key and a link of a definition", () => expectOrdinary(definitions, name));
});
