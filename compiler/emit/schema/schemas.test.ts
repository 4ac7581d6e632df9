import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { hostOf } from "../../../test/support/golden-phases.ts";
import { compile } from "../../compile.ts";
import { pipelineCrd, pipelineJsonSchema } from "./crd.ts";
import { generatedSchemas } from "./generated-schemas.ts";

type Json = { readonly [name: string]: Json } | readonly Json[] | string | number | boolean | null | undefined;

it.each([...generatedSchemas().keys()])("%s is what `npm run generate` writes", (path) => {
  expect(readFileSync(path, "utf8")).toBe(generatedSchemas().get(path));
});

describe("the CRD", () => {
  const crd = parse(JSON.stringify(pipelineCrd())) as Json;

  /** Every schema in it, with its path. */
  function* schemas(node: Json, path: string): Generator<readonly [string, Readonly<Record<string, Json>>]> {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    const schema = node as Readonly<Record<string, Json>>;
    yield [path, schema];
    for (const [name, one] of Object.entries((schema.properties ?? {}) as Readonly<Record<string, Json>>))
      yield* schemas(one, `${path}.${name}`);
    if (schema.items) yield* schemas(schema.items, `${path}[]`);
    if (schema.additionalProperties) yield* schemas(schema.additionalProperties, `${path}.*`);
  }
  const version = (crd as never as { spec: { versions: [{ schema: { openAPIV3Schema: Json } }] } }).spec.versions[0];
  const all = [...schemas(version.schema.openAPIV3Schema, "")];

  it("is structural: every schema has a type or keeps unknown fields, and none has what structural schemas forbid", () => {
    const forbidden = [
      "oneOf",
      "anyOf",
      "allOf",
      "not",
      "$ref",
      "definitions",
      "uniqueItems",
      "const",
      "patternProperties",
    ];
    const wrong = all.filter(
      ([, schema]) =>
        forbidden.some((word) => word in schema) ||
        (!("type" in schema) && schema["x-kubernetes-preserve-unknown-fields"] !== true) ||
        ("properties" in schema && "additionalProperties" in schema),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  it("bounds every list, map and string that a rule may look at", () => {
    const unbounded = all.filter(
      ([, schema]) =>
        (schema.type === "array" && !("maxItems" in schema)) ||
        ("additionalProperties" in schema && !("maxProperties" in schema)),
    );
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  it("requires the keys of its list-maps", () => {
    const wrong = all.filter(([, schema]) => {
      const keys = schema["x-kubernetes-list-map-keys"] as readonly string[] | undefined;
      const items = schema.items as { required?: readonly string[] } | undefined;
      return keys !== undefined && !keys.every((key) => items?.required?.includes(key));
    });
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  it("fits into the annotation in which kubectl keeps the last version", () => {
    expect(JSON.stringify(crd).length).toBeLessThan(200_000);
  });

  it("has patterns that Go reads too: no look-around, no back-references", () => {
    expect(
      all.flatMap(([path, schema]) =>
        typeof schema.pattern === "string" && /\(\?|\\[1-9]/.test(schema.pattern) ? [path] : [],
      ),
    ).toEqual([]);
  });
});

describe("the JSON Schema of the custom resource", () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: false }).compile(pipelineJsonSchema());

  it.each(readdirSync("test/goldens"))("accepts the golden pipeline %s", (folder) => {
    const { pipeline } = compile("pipeline.flow", hostOf(`test/goldens/${folder}`));
    if (pipeline)
      expect([validate(JSON.parse(JSON.stringify(pipeline.resource))), validate.errors]).toEqual([true, null]);
  });

  it("refuses two connectors, an unknown field and a duration without a unit", () => {
    const resource = (source: object) => ({
      apiVersion: "dataflow.argoproj.io/v1alpha1",
      kind: "Pipeline",
      metadata: { name: "p" },
      spec: { sources: [{ name: "a", ...source }] },
    });
    const results = [
      { stdin: {} },
      { stdin: {}, http: {} },
      { stdin: {}, formt: {} },
      { stdin: {}, watermark: { delay: "5" } },
      {},
    ].map((source) => validate(resource(source)));
    expect(results).toEqual([true, false, false, false, false]);
  });
});
