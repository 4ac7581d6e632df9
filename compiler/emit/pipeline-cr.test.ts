/** A pipeline becomes a custom resource. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { hostOf } from "../../test/support/golden-phases.ts";
import { compile } from "../compile.ts";
import { memoryHost } from "../source/host.ts";
import { pointer } from "./cr/names.ts";
import { originOf, pointerOfField, printSourceMap } from "./source-map.ts";
import { printYaml } from "./yaml.ts";

function compiled(text: string) {
  const result = compile("p.flow", memoryHost({ "p.flow": text }));
  if (result.pipeline === undefined) throw new Error(result.diagnostics.map((one) => one.message).join("\n"));
  return { ...result, pipeline: result.pipeline };
}
const specOf = (text: string) => compiled(text).pipeline.resource.spec;

it("writes names in kebab-case and leaves expressions as they are", () => {
  const spec = specOf(
    `source raw_lines { stdin {} } step two_words from raw_lines { filter data.a_b == 1 } sink all_out from two_words where data.a_b == 1 { stdout {} }`,
  );
  expect([spec.sources?.[0]?.name, spec.processors?.[0], spec.sinks?.[0]?.from]).toEqual([
    "raw-lines",
    { name: "two-words", from: [{ name: "raw-lines" }], operators: [{ filter: "data.a_b == 1" }] },
    [{ name: "two-words", where: "data.a_b == 1" }],
  ]);
});

it("asks for the finalizer where there are topics between stages, and only there", () => {
  const one = compiled(`source a { stdin {} } sink b from a { stdout {} }`).pipeline.resource.metadata;
  const two = compiled(
    `source a { stdin {} } window w from a { global emit { n: count() } } sink b from w { stdout {} }`,
  ).pipeline.resource.metadata;
  expect([one.finalizers, two.finalizers]).toEqual([
    undefined,
    ["dataflow.argoproj.io/delete-intermediary-kafka-topics"],
  ]);
});

it("never writes a secret's value, only where it is", () => {
  const spec = specOf(
    `source a { stdin {} } sink b from a { http { url: "http://x", headers: { authorization: secret("s", "k") } } }`,
  );
  expect(spec.sinks?.[0]?.http).toEqual({
    url: "http://x",
    headers: { authorization: { secretKeyRef: { name: "s", key: "k" } } },
  });
});

function pointersOf(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).filter(([, one]) => one !== undefined);
  return [at, ...inner.flatMap(([key, one]) => pointersOf(one, pointer(at, key)))];
}

it.each(readdirSync("test/goldens"))("maps every field of the golden pipeline %s, and nothing else", (folder) => {
  const { pipeline, sources } = compile("pipeline.flow", hostOf(`test/goldens/${folder}`));
  if (pipeline === undefined) return;
  expect([...pipeline.sourceMap.keys()]).toEqual(pointersOf(pipeline.resource));
  for (const place of Object.values(printSourceMap(pipeline.sourceMap, sources)))
    expect(place).toMatch(/\.flow:\d+:\d+$/);
});

it("leads a field to its argument, its option, its type's field or what implies it", () => {
  const { pipeline, sources } = compiled(
    `pipeline p { labels { a: "b" } }
type Order {
  id: string
  lines: [{ sku: string }]
}
source orders: Order {
  kafka { brokers: ["k:1"], topic: "in" }
  watermark 5s
}
step a from orders {
  filter true
  retry 3 backoff 1s..10s
}
sink out from a { stdout {} }
`,
  );
  const places = printSourceMap(pipeline.sourceMap, sources);
  const given = [
    "/metadata/labels/a",
    "/spec/types/Order/properties/id/type",
    "/spec/types/Order/properties/lines/items/properties/sku/type",
    "/spec/sources/0/kafka/topic",
    "/spec/sources/0/kafka/brokers/0",
    "/spec/sources/0/watermark/delay",
    "/spec/processors/0/from/0/name",
    "/spec/processors/0/retry/backoff/max",
    "/spec/sinks/0/from/0/name",
  ];
  expect(given.map((one) => places[one])).toEqual([
    "p.flow:1:14",
    "p.flow:3:3",
    "p.flow:4:13",
    "p.flow:7:29",
    "p.flow:7:11",
    "p.flow:8:13",
    "p.flow:10:13",
    "p.flow:12:11",
    "p.flow:14:15",
  ]);
});

it("knows for every field where it comes from", () => {
  const { pipeline, sources } = compiled(
    "source a { stdin {} }\nstep b from a {\n  filter data.x == 1\n}\nsink c from b { stdout {} }\n",
  );
  const places = printSourceMap(pipeline.sourceMap, sources);
  expect([
    places["/spec/sources/0"],
    places["/spec/processors/0/operators/0/filter"],
    places["/spec/sinks/0/stdout"],
  ]).toEqual(["p.flow:1:8", "p.flow:3:10", "p.flow:5:17"]);
  const origin = originOf(pipeline.sourceMap, pointerOfField("spec.processors[0].operators[0].filter.something"));
  expect(origin).toEqual(pipeline.sourceMap.get("/spec/processors/0/operators/0/filter"));
});

it("quotes what another YAML would not read as a string", () => {
  expect(printYaml({ a: "on", b: "1m", c: "no", d: "1:30", e: "0o7", f: "{ x: 1 }", g: "a: b", h: "2026-01-01" })).toBe(
    'a: "on"\nb: 1m\nc: "no"\nd: "1:30"\ne: "0o7"\nf: "{ x: 1 }"\ng: "a: b"\nh: "2026-01-01"\n',
  );
});
