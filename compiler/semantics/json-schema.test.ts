import { describe, expect, it } from "vitest";
import { typesOfJsonSchema } from "./json-schema.ts";
import { printValueType } from "./types.ts";

/** The type, then each type of its own as `Name = type`. */
function read(schema: unknown): readonly string[] {
  const { type, types, unresolved } = typesOfJsonSchema(schema, "Order", (name) => name === "Taken");
  const named = Object.entries(types).map(([name, each]) => `${name} = ${printValueType(each)}`);
  return [printValueType(type), ...named, ...unresolved.map((link) => `unresolved ${link}`)];
}

describe("types from a JSON Schema", () => {
  it.each([
    [
      { type: "object", required: ["id"], properties: { id: { type: "string" }, note: { type: "string" } } },
      "{ id: string, note?: string }",
    ],
    [
      { properties: { n: { type: "integer" }, x: { type: "number" }, b: { type: "boolean" } } },
      "{ n?: int, x?: double, b?: bool }",
    ],
    [{ type: "string", format: "date-time" }, "timestamp"],
    [{ type: "string", contentEncoding: "base64" }, "bytes"],
    [{ type: "string", format: "duration" }, "string"],
    [{ type: "integer", format: "uint64" }, "uint"],
    [{ enum: ["buy", "sell"] }, '"buy" | "sell"'],
    [{ enum: ["buy", null] }, '"buy" | null'],
    [{ const: 5 }, "5"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: "string", nullable: true }, "string | null"],
    [{ anyOf: [{ type: "string" }, { type: "integer" }] }, "string | int"],
    [{ type: "array", items: { type: "integer" } }, "[int]"],
    [{ type: "array", prefixItems: [{ type: "integer" }] }, "[any]"],
    [{ type: "object", additionalProperties: { type: "number" } }, "{string: double}"],
    [{ type: "object" }, "{string: any}"],
    [
      {
        allOf: [{ properties: { a: { type: "string" } }, required: ["a"] }, { properties: { b: { type: "integer" } } }],
      },
      "{ a: string, b?: int }",
    ],
    [true, "any"],
    [{}, "any"],
    [{ not: { type: "string" } }, "any"],
  ])("%j is %s", (schema, type) => {
    expect(read(schema)).toEqual([type]);
  });

  it("gives definitions names of their own, recursive ones too", () => {
    const node = { type: "object", properties: { next: { $ref: "#/$defs/node" }, order: { $ref: "#" } } };
    expect(
      read({
        properties: { head: { $ref: "#/$defs/node" }, t: { $ref: "#/$defs/taken" } },
        $defs: { node, taken: { type: "string" } },
      }),
    ).toEqual(["{ head?: Node, t?: OrderTaken }", "Node = { next?: Node, order?: Order }", "OrderTaken = string"]);
  });

  it("says which links lead nowhere, and follows none outside", () => {
    expect(read({ properties: { a: { $ref: "#/$defs/nothing" }, b: { $ref: "https://example.org/x.json" } } })).toEqual(
      ["{ a?: any, b?: any }", "unresolved #/$defs/nothing", "unresolved https://example.org/x.json"],
    );
  });

  it("keeps descriptions as docs", () => {
    const { type } = typesOfJsonSchema(
      { properties: { a: { type: "string", description: "The name." } } },
      "T",
      () => false,
    );
    expect(type).toEqual({
      kind: "record",
      fields: [{ name: "a", type: { kind: "string" }, optional: true, doc: "The name." }],
    });
  });

  it("ends for schemas nested without end", () => {
    let deep: unknown = { type: "string" };
    for (let i = 0; i < 5000; i++) deep = { type: "array", items: deep };
    expect(read(deep)[0]!.length).toBeLessThan(200);
    expect(read({ $ref: "#" })).toEqual(["Order"]);
  });
});
