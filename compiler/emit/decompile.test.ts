/** A custom resource becomes .flow again. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-time.ts";
import { hostOf } from "../../test/support/golden-phases.ts";
import { compile } from "../compile.ts";
import { memoryHost } from "../source/host.ts";
import { placeOf, sourceText } from "../source/source-text.ts";
import { decompile } from "./decompile.ts";
import { printYaml } from "./yaml.ts";

const spec = (text: string): string =>
  `apiVersion: dataflow.argoproj.io/v1alpha1\nkind: Pipeline\nmetadata:\n  name: orders\nspec:\n${text}`;

/** What is found wrong, as `line:column code message`; the first lines are those of `spec`. */
function problems(text: string): readonly string[] {
  const { diagnostics, sources } = compile("p.yaml", memoryHost({ "p.yaml": text }));
  return diagnostics.map(
    (one) => `${placeOf(sources.get("p.yaml")!, one.at.start).slice("p.yaml:".length)} ${one.code} ${one.message}`,
  );
}

/** The golden pipelines that have a resource: all that are not broken. */
const goldens = readdirSync("test/goldens").flatMap((folder) => {
  const { pipeline } = compile("pipeline.flow", hostOf(`test/goldens/${folder}`));
  return pipeline === undefined ? [] : [{ folder, yaml: printYaml(pipeline.resource) }];
});

describe.each(goldens)("the golden pipeline $folder", ({ yaml }) => {
  it("is the same resource after being read and compiled again", () => {
    const again = compile("p.yaml", memoryHost({ "p.yaml": yaml }));
    expect([again.diagnostics, again.pipeline && printYaml(again.pipeline.resource)]).toEqual([[], yaml]);
  });

  it("is the same resource after being decompiled and compiled again", () => {
    const { text } = decompile(sourceText("p.yaml", yaml));
    const again = compile("p.flow", memoryHost({ "p.flow": text ?? "" }));
    expect([
      again.diagnostics.filter((one) => one.severity === "error"),
      again.pipeline && printYaml(again.pipeline.resource),
    ]).toEqual([[], yaml]);
  });
});

it("reads the linear form: one input, processors in a row, one output", () => {
  const text = spec(`  input:
    from:
      kafka: { brokers: ["kafka:9092"], topic: in }
  processors:
    - name: first-step
      image: registry.example.org/first:1
      input: { http: { url: "http://localhost:8080" } }
      output: { http: {} }
      replicas: { value: 2 }
    - name: second
      image: registry.example.org/second:1
      replicas: { valueFrom: { kafkaPartitions: {} } }
  output:
    kafka: { brokers: ["kafka:9092"], topic: out }
`).replace(
    "  name: orders\n",
    "  name: orders\n  annotations: { kubernetes.io/finalizer: delete-intermediary-kafka-topics }\n",
  );
  expect(decompile(sourceText("p.yaml", text)).text).toBe(`pipeline orders

source input {
  kafka { topic: "in", brokers: ["kafka:9092"] }
}

step first_step from input {
  container "registry.example.org/first:1" { io: http, url: "http://localhost:8080" }
  replicas 2
}

step second from first_step {
  container "registry.example.org/second:1"
  replicas partitions
}

sink output from second {
  kafka { topic: "out", brokers: ["kafka:9092"] }
}
`);
  expect(problems(text)).toEqual([]);
});

it("names the right word for what is misspelt", () => {
  const linear = spec("  input: { from: { stdin: {} } }\n  ouput: { stdout: {} }\nstatus:\n  processorStatues: []\n");
  expect(problems(linear)).toEqual([
    "7:3 FLOW5802 There is no field 'ouput' in spec. Did you mean 'output'?",
    "9:3 FLOW5802 There is no field 'processorStatues' in status. Did you mean 'processorStatuses'?",
  ]);
});

it("shows the mistakes of expressions where they stand in the YAML", () => {
  const text = spec(`  types:
    Order: { type: object, required: [total], properties: { total: { type: number, format: double } } }
  sources:
    - name: orders
      stdin: {}
      type: Order
  processors:
    - name: large
      from: [{ name: orders }]
      operators:
        - filter: data.totl > 100.0
        - filter: "data.total > \\"x\\""
  sinks:
    - name: out
      from: [{ name: large }, { name: nowhere }]
      stdout: {}
`);
  expect(problems(text).map((one) => one.split(" ").slice(0, 2).join(" "))).toEqual([
    "16:24 FLOW3002",
    expect.stringMatching(/^17:19 FLOW3/),
    "20:39 FLOW2001",
  ]);
});

it("says what is wrong with a resource, where, and what would be right", () => {
  const sources = "  sources: [{ name: a, stdin: {} }]\n";
  expect([
    problems("apiVersion: apps/v1\nkind: Deployment\n")[0],
    problems(spec(`${sources}  sinks: [{ name: b, from: [{ name: a }] }]\n`))[0],
    problems(spec(`${sources}  sinks: [{ name: b, from: [{ name: a }], stdout: {}, log: {} }]\n`))[0],
    problems(
      spec(
        `${sources}  processors: [{ name: b, from: [{ name: a }], window: { global: {}, emit: "{ n: count() }" }, image: x }]\n`,
      ),
    )[0],
    problems(spec("  sources: [{ name: A_b, stdin: {} }]\n"))[0],
    problems(spec("  sources: [{ name: a, stdin: {}, watermark: { delay: 5 } }]\n"))[0],
    problems(spec("  delivery: exactlyOnce\n  sources: [{ name: a, stdin: {} }]\n"))[0],
    problems(spec("  sources: [{ name: a, stdin: {}, type: {} }]\n"))[0],
    problems("a: [")[0]?.slice(0, 12),
    problems("")[0],
  ]).toEqual([
    "1:13 FLOW5801 apiVersion is not 'dataflow.argoproj.io/v1alpha1', so this is not a Pipeline.",
    expect.stringMatching(
      /^7:13 FLOW5806 There must be exactly one connector in spec.sinks\[0\], but there is none. Use one of 'file', 'stdout'/,
    ),
    expect.stringMatching(
      /^7:55 FLOW5806 There must be exactly one connector in spec.sinks\[0\], but there is 'stdout' and 'log'/,
    ),
    expect.stringMatching(
      /^7:96 FLOW5806 There must be exactly one kind of work in spec.processors\[0\], but there is 'window' and 'image'/,
    ),
    "6:21 FLOW5805 spec.sources[0].name must be a name in kebab-case: small letters, digits and '-', a letter first, but this is 'A_b'.",
    "6:55 FLOW5804 spec.sources[0].watermark.delay must be a duration such as '5s' or '1h30m', but this is '5'.",
    "6:13 FLOW5805 spec.delivery must be one of 'AtLeastOnce', 'ExactlyOnce', but this is 'exactlyOnce'. Did you mean 'ExactlyOnce'?",
    "6:41 FLOW5804 spec.sources[0].type must be a string, but this is an object.",
    "1:4 FLOW5800",
    "1:1 FLOW5804 The resource must be an object, but this is nothing.",
  ]);
});

it("reads one resource from a file, and says so of a second", () => {
  const one = spec("  sources: [{ name: a, stdin: {} }]\n  sinks: [{ name: b, from: [{ name: a }], stdout: {} }]\n");
  expect(problems(`---\n${one}---\n# nothing\n`)).toEqual([]);
  expect(problems(`${one}---\n${one}`)).toEqual([
    "9:1 FLOW5809 Another resource begins here, and a file holds one Pipeline. Put this one into a file of its own.",
  ]);
});

it("survives crafted input: bombs of aliases, depth and size", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
    .join("\n")}\n`;
  const inputs = [
    bomb,
    `${"[".repeat(100_000)}`,
    `${"- ".repeat(50_000)}x`,
    `${"{a: ".repeat(50_000)}`,
    `a: ${"x".repeat(2_000_000)}`,
    `a: &a [*a]`,
    "a: *b",
    `? ${"? ".repeat(20_000)}x`,
    `${Array.from({ length: 1500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")}\n`,
  ];
  const tookMs = cpuMsOf(() => {
    for (const input of inputs) expect(problems(input).length).toBeGreaterThan(0);
  });
  expect(tookMs).toBeLessThan(5_000);
});

it("says when a schema means something for which .flow has no type", () => {
  const text = spec(
    "  types: { T: { type: string, pattern: ^a } , U: { type: object, patternProperties: {} } }\n  sources: [{ name: a, stdin: {}, type: T }]\n  sinks: [{ name: b, from: [{ name: a }], stdout: {} }]\n",
  );
  expect(problems(text)).toEqual([
    "6:12 FLOW5808 The schema of 'T' says something for which .flow has no type.",
    "6:47 FLOW5808 The schema of 'U' says something for which .flow has no type.",
  ]);
});

it("keeps golden resources readable: no aliases, no folded strings", () => {
  for (const folder of readdirSync("test/goldens")) {
    const text = readFileSync(`test/goldens/${folder}/cr.yaml`, "utf8");
    expect(text).not.toMatch(/: [&*][a-z]\d|>-/);
  }
});
