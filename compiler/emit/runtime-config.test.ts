/** Runtime configs: valid by their schema, with all defaults filled in. */
import { readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { hostOf } from "../../test/support/golden-phases.ts";
import { compile } from "../compile.ts";
import type { NodePlan, RuntimeConfig } from "../contract/runtime-config.ts";
import { runtimeConfigSchema } from "../contract/runtime-config-schema.ts";
import { memoryHost } from "../source/host.ts";
import { runtimeConfigs } from "./runtime-config.ts";

function configsOf(text: string, local = true): readonly RuntimeConfig[] {
  const { ir, sources, diagnostics } = compile("p.flow", memoryHost({ "p.flow": text }));
  if (ir === undefined) throw new Error(diagnostics.map((one) => one.message).join("\n"));
  return runtimeConfigs(ir, { local, sources });
}

function nodeOf<K extends NodePlan["kind"]>(
  configs: readonly RuntimeConfig[],
  kind: K,
): Extract<NodePlan, { kind: K }> {
  const found = configs
    .flatMap((config) => config.nodes)
    .find((node): node is Extract<NodePlan, { kind: K }> => node.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

const ajv = new Ajv2020({ discriminator: true, strict: true, strictRequired: false, allowUnionTypes: true });
const isValid = ajv.compile(runtimeConfigSchema);

it("fills in the catalogue's defaults and turns units into plain numbers", () => {
  const sink = nodeOf(
    configsOf(`source a { stdin {} } sink b from a { http { url: "http://x", timeout: 1m } retry 3 }`),
    "sink",
  );
  expect([sink.connector, sink.format, sink.retry]).toEqual([
    { type: "http", options: { url: "http://x", method: "POST", concurrency: 8, timeout: 60_000 } },
    { type: "json", options: {} },
    { count: 3, backoffMs: [100, 10_000], else: "dead_letter" },
  ]);
});

it("gives programs the defaults that mean something beside their 'io', and code its limits", () => {
  const optionsOf = (operator: string): unknown => {
    const [plan] = nodeOf(
      configsOf(`source a { stdin {} } step b from a { ${operator} } sink c from b { stdout {} }`),
      "step",
    ).operators;
    return plan !== undefined && "options" in plan ? plan.options : plan;
  };
  const both = { timeout: 30_000, grace: 10_000 };
  expect([
    optionsOf('process { command: ["x"] }'),
    optionsOf('process { command: ["x"], io: stdio }'),
    optionsOf('process { command: ["x"], io: file }'),
    optionsOf('process { command: ["x"], io: socket }'),
    optionsOf('container "x"'),
    optionsOf('code javascript "export default 1"'),
  ]).toEqual([
    { command: ["x"], io: "http", mode: "binary", concurrency: 8, ...both },
    { command: ["x"], io: "stdio", ...both },
    { command: ["x"], io: "file", concurrency: 8, ...both },
    { command: ["x"], io: "socket", frames: "lines", ...both },
    { io: "http", url: "http://localhost:8080", mode: "binary", concurrency: 8, ...both },
    { timeout: 1_000, memory: 67_108_864 },
  ]);
});

it("takes connection defaults from the pipeline, the node's own options first", () => {
  const configs = configsOf(
    `pipeline p { kafka { brokers: ["a:1"], tls: true } } source s { kafka { topic: "t", tls: false } } sink o from s { stdout {} }`,
  );
  expect(nodeOf(configs, "source").connector).toEqual({
    type: "kafka",
    options: { topic: "t", brokers: ["a:1"], tls: false, start: "earliest", tombstones: "events" },
  });
});

it("says where each node and operator stands", () => {
  const step = nodeOf(
    configsOf("source a { stdin {} }\nstep b from a {\n  filter data.x == 1\n}\nsink c from b { stdout {} }\n"),
    "step",
  );
  expect([step.at, ...step.operators.map((operator) => operator.at)]).toEqual(["p.flow:2:6", "p.flow:3:3"]);
});

it("counts an aggregate once that both `where` and `emit` use", () => {
  const window = nodeOf(
    configsOf(
      `source a { stdin {} } window w from a { key data.k global where count() > 1 emit { s: sum(data.v), n: count() } } sink o from w { stdout {} }`,
    ),
    "window",
  );
  expect(window.aggregates.map((aggregate) => aggregate.fn)).toEqual(["count", "sum"]);
  expect(JSON.stringify(window.emit).match(/"slot":\d/g)).toEqual(['"slot":1', '"slot":0']);
});

it("has the types that are used, and no others", () => {
  const [config] = configsOf(
    `type A { b: B } type B { x: int } type C { y: int } source s: A { stdin {} } step t from s { set data.c = 1 } sink o from t { stdout {} }`.replace(
      "type C { y: int } ",
      "",
    ),
  );
  expect(Object.keys(config!.types)).toEqual(["A", "B"]);
});

it("has the type that a step declares for what its user code answers, and those that this names", () => {
  const [config] = configsOf(
    'type A { b: B } type B { x: int } source s { stdin {} } step t: A from s { process { command: ["t"] } remove data.b } sink o from t { stdout {} }',
  );
  expect(Object.keys(config!.types)).toEqual(["A", "B"]);
  expect(config!.nodes.map((node) => ("type" in node ? node.type : undefined))).toEqual([
    undefined,
    { kind: "ref", name: "A" },
    undefined,
  ]);
});

it("joins stages by topics, routed where they are written and keyed by the reader's key", () => {
  const [first, second] = configsOf(
    `pipeline p { kafka { brokers: ["a:1"] } } source s { stdin {} } window w from s where data.x == 1 { key data.k global emit { k: key } } sink o from w { stdout {} }`,
    false,
  );
  const sink = first!.nodes.at(-1);
  const source = second!.nodes[0];
  expect([first!.stage, second!.stage]).toEqual(["s", "w-o"]);
  expect(sink).toMatchObject({
    kind: "sink",
    from: [{ node: "s", where: { op: "call" } }],
    connector: { type: "kafka", options: { topic: "argo.p.w", brokers: ["a:1"], key: { expr: { field: "k" } } } },
  });
  expect(source).toMatchObject({
    kind: "source",
    name: "w.from.s",
    connector: { type: "kafka", options: { topic: "argo.p.w" } },
    format: { type: "cloudevents" },
  });
  expect(second!.nodes[1]).toMatchObject({ kind: "window", from: [{ node: "w.from.s", output: "main" }] });
});

describe("the JSON Schema of a runtime config", () => {
  it.each(readdirSync("test/goldens"))("accepts every stage of the golden pipeline %s", (folder) => {
    for (const stage of compile("pipeline.flow", hostOf(`test/goldens/${folder}`)).stages ?? []) {
      expect([isValid(JSON.parse(JSON.stringify(stage))), isValid.errors]).toEqual([true, null]);
    }
  });

  it("refuses an unknown operator, an unknown field and a tree without its operand", () => {
    const [config] = configsOf(
      "source a { stdin {} } step b from a { filter data.x == 1 } sink c from b { stdout {} }",
    );
    const text = JSON.stringify(config);
    for (const wrong of [
      text.replace('"op":"filter"', '"op":"eval"'),
      text.replace('"stage":', '"code":"x","stage":'),
      text.replace('"of":', '"off":'),
    ]) {
      expect([wrong === text, isValid(JSON.parse(wrong))]).toEqual([false, false]);
    }
  });
});
