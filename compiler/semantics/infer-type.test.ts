import { describe, expect, it } from "vitest";
import { inferType, inferTypeOfText } from "./infer-type.ts";
import { printValueType } from "./types.ts";

const typeOf = (...samples: readonly unknown[]): string => printValueType(inferType(samples));

function typeOfText(text: string): string {
  const sample = inferTypeOfText(text);
  return "type" in sample ? printValueType(sample.type) : `${sample.line}: ${sample.problem}`;
}

describe("the type of samples", () => {
  it("makes a field optional that some records lack or have as null", () => {
    expect(typeOf({ a: 1, b: "x" }, { a: 2 }, { a: 3, b: null })).toBe("{ a: int, b?: string }");
  });
  it("tells ints from doubles by how they are written", () => {
    expect(typeOfText('{"a": 1, "b": 1.0, "c": 1e3, "d": 12345678901234567890}\n')).toBe(
      "{ a: int, b: double, c: double, d: int }",
    );
  });
  it("takes a double where ints and doubles mix", () => {
    expect(typeOf({ a: 1 }, { a: 1.5 })).toBe("{ a: double }");
  });
  it("sees a timestamp only where every value is one", () => {
    expect(typeOf({ t: "2026-01-01T00:00:00Z" }, { t: "2026-01-01T00:00:00.5+02:00" })).toBe("{ t: timestamp }");
    expect(typeOf({ t: "2026-01-01T00:00:00Z" }, { t: "yesterday" })).toBe("{ t: string }");
  });
  it("never invents unions of literals", () => {
    expect(typeOf({ side: "buy" }, { side: "sell" })).toBe("{ side: string }");
  });
  it("takes any where kinds mix, and in empty lists", () => {
    expect(typeOf({ a: 1, b: [] }, { a: "x", b: [] })).toBe("{ a: any, b: [any] }");
  });
  it("merges the elements of lists", () => {
    expect(typeOf({ l: [{ a: 1 }, { a: 2, b: true }] })).toBe("{ l: [{ a: int, b?: bool }] }");
    expect(typeOf({ l: [1, null] })).toBe("{ l: [int | null] }");
  });
  it("sees a map where the keys are ids", () => {
    expect(typeOf({ users: { "17": { n: 1 }, "42": { n: 2 } } })).toBe("{ users: {string: { n: int }} }");
    expect(typeOf({ by: { "0f8fad5b-d9cb-469f-a165-70867728950e": 1 } })).toBe("{ by: {string: int} }");
  });
  it("reads lines, a list, or one record, and says which line is broken", () => {
    expect(typeOfText('{"a":1}\r\n\r\n{"a":2}')).toBe("{ a: int }");
    expect(typeOfText('[{"a":1}, {}]')).toBe("{ a?: int }");
    expect(typeOfText('{\n  "a": 1\n}\n')).toBe("{ a: int }");
    expect(typeOfText('{"a":1}\n{"a":\n')).toBe("2: it is not JSON");
    expect(typeOfText("")).toBe("0: it holds no records");
  });
  it("ends for records nested without end", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 2000; i++) deep = { a: deep };
    expect(typeOf(deep).length).toBeLessThan(2000);
  });
});
