/** The CEL rules of the CRD, evaluated by a CEL library on right and wrong resources. */
import { readdirSync } from "node:fs";
import { Environment } from "@marcbachmann/cel-js";
import { describe, expect, it } from "vitest";
import { hostOf } from "../../../test/support/golden-phases.ts";
import { compile } from "../../compile.ts";
import { specNode } from "./pipeline-nodes.ts";
import { structural } from "./structural.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The messages of the rules that a value breaks, as `path: message`. Rules about the former value are left out. */
function broken(schema: Schema, value: unknown, path: string): readonly string[] {
  const rules = (schema["x-kubernetes-validations"] ?? []) as readonly { rule: string; message: string }[];
  const own = rules
    .filter(({ rule }) => !rule.includes("oldSelf") && !holds(rule, value))
    .map(({ message }) => `${path}: ${message}`);
  if (Array.isArray(value))
    return [...own, ...value.flatMap((item, i) => broken((schema.items ?? {}) as Schema, item, `${path}[${i}]`))];
  if (typeof value !== "object" || value === null) return own;
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  return [
    ...own,
    ...Object.entries(value).flatMap(([name, one]) =>
      properties[name] ? broken(properties[name], one, `${path}.${name}`) : [],
    ),
  ];
}

/** Kubernetes writes a field `as` as `__as__`. */
function holds(rule: string, self: unknown): boolean {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  return environment.evaluate(rule.replaceAll(/__(\w+?)__/g, "$1_"), { self }) === true;
}

const schema = structural(specNode()) as Schema;
const source = { name: "a", stdin: {} };
const sink = { name: "z", from: [{ name: "a" }], stdout: {} };

describe("the rules of the CRD", () => {
  it.each(readdirSync("test/goldens"))("hold for the golden pipeline %s", (folder) => {
    const { pipeline } = compile("pipeline.flow", hostOf(`test/goldens/${folder}`));
    expect(pipeline ? broken(schema, pipeline.resource.spec, "spec") : []).toEqual([]);
  });

  it("hold for the linear form", () => {
    expect(
      broken(
        schema,
        {
          input: { from: { stdin: {} } },
          processors: [{ name: "a", image: "x", input: { http: {} } }],
          output: { stdout: {} },
        },
        "spec",
      ),
    ).toEqual([]);
  });

  it.each([
    [{ sources: [{ name: "a" }], sinks: [sink] }, "spec.sources[0]: exactly one connector"],
    [{ sources: [{ ...source, http: {} }], sinks: [sink] }, "spec.sources[0]: exactly one connector"],
    [
      {
        sources: [source],
        processors: [{ name: "b", from: [{ name: "a" }], image: "x", window: { global: {}, emit: "1" } }],
      },
      "spec.processors[0]: exactly one kind of work",
    ],
    [
      { sources: [source], processors: [{ name: "b", from: [{ name: "a" }], window: { emit: "1" } }] },
      "spec.processors[0].window: exactly one kind of window",
    ],
    [
      { sources: [source], processors: [{ name: "b", from: [{ name: "x" }], operators: [] }] },
      "spec: every processor has 'from'",
    ],
    [{ sources: [source], processors: [{ name: "b", operators: [] }] }, "spec: every processor has 'from'"],
    [{ sources: [source], sinks: [{ ...sink, from: [{ name: "b" }] }] }, "spec: every input of a sink"],
    [{ sources: [source], sinks: [{ ...sink, name: "a" }] }, "spec: a source and a sink have the same name"],
    [
      {
        sources: [source],
        processors: [{ name: "b", from: [{ name: "a", where: "true", otherwise: true }], operators: [] }],
      },
      "spec.processors[0].from[0]: at most one way to route",
    ],
    [
      {
        sources: [source],
        processors: [
          { name: "b", from: [{ name: "a" }], image: "x", replicas: { value: 1, autoscale: { min: 0, max: 2 } } },
        ],
      },
      "spec.processors[0].replicas: exactly one way to count replicas",
    ],
    [
      { sources: [source], processors: [{ name: "b", from: [{ name: "a" }], operators: [], env: [] }] },
      "spec.processors[0]: input, output, command",
    ],
    [
      {
        sources: [source],
        processors: [{ name: "b", from: [{ name: "a" }], type: "string", window: { global: {}, emit: "1" } }],
      },
      "spec.processors[0]: type belongs to a processor with 'operators' or 'image'",
    ],
    [
      { sources: [source], input: { from: { stdin: {} } }, output: { stdout: {} } },
      "spec: exactly one way to say where events enter",
    ],
    [{ input: { from: { stdin: {} } } }, "spec: the linear form has both"],
    [{ sources: [source], errors: { fail: {}, deadLetter: {} } }, "spec.errors: exactly one policy"],
  ])("refuse %j", (spec, message) => {
    expect(broken(schema, spec, "spec")).toContainEqual(expect.stringContaining(message));
  });
});
