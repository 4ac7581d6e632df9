/** Types compared, joined, resolved and printed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import { sourceText } from "../source/source-text.ts";
import { parseType } from "../syntax/parse.ts";
import { writtenType } from "./expressions/written-type.ts";
import {
  asMap,
  isAssignable,
  isComparable,
  isHashable,
  isMapKey,
  join,
  kindOf,
  membersOf,
  printValueType,
  resolveType,
} from "./types.ts";

const table: TypeTable = {
  Tree: typeOf("{ value: int, children: [Tree], left?: Tree }"),
  Twin: typeOf("{ value: int, children: [Twin], left?: Twin }"),
  Other: typeOf("{ value: string, children: [Other] }"),
  Loop: { kind: "ref", name: "Pool" },
  Pool: { kind: "ref", name: "Loop" },
};

function typeOf(text: string): ValueType {
  const { type, diagnostics } = parseType(sourceText("type.flow", text));
  expect(diagnostics).toEqual([]);
  return writtenType(type, {
    Tree: { kind: "any" },
    Twin: { kind: "any" },
    Other: { kind: "any" },
    Loop: { kind: "any" },
    Pool: { kind: "any" },
  });
}

/** Any type that .flow can write. */
const anyType: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc
      .constantFrom(
        "any",
        "bool",
        "int",
        "uint",
        "double",
        "string",
        "bytes",
        "timestamp",
        "duration",
        '"a" | "b"',
        '"b" | "c"',
        "int | null",
        "string | int",
        "Tree",
        "Twin",
        "1 | 2",
      )
      .map(typeOf),
    tie("type").map((element): ValueType => ({ kind: "list", element })),
    tie("type").map((value): ValueType => ({ kind: "map", key: { kind: "string" }, value })),
    fc
      .uniqueArray(
        fc.record({ name: fc.constantFrom("a", "b", "c d", "e"), type: tie("type"), optional: fc.boolean() }),
        { selector: (field) => field.name, maxLength: 3 },
      )
      .map((fields): ValueType => ({ kind: "record", fields })),
  ),
})).type;

describe("assignability", () => {
  it.each([
    ["int", "int", true],
    ["int", "double", false],
    ["int", "any", true],
    ["any", "int", true],
    ['"a"', "string", true],
    ["string", '"a"', false],
    ['"a" | "b"', '"b" | "a" | "c"', true],
    ['"a" | "b"', '"a"', false],
    ["string | null", "string", true],
    ["string", "string | null", true],
    ["string | int", "string", false],
    ["{ a: int, b: int }", "{ a: int }", true],
    ["{ a: int }", "{ a: int, b?: int }", true],
    ["{ a?: int }", "{ a: int }", false],
    ["{ a: int }", "{ a: int, b: int }", false],
    ["{ a: int, b: int }", "{string: int}", true],
    ["{ a: int, b: string }", "{string: int}", false],
    ["[int]", "[any]", true],
    ["Tree", "Twin", true],
    ["Tree", "Other", false],
    ["Tree", "{ value: int }", true],
  ])("%s to %s: %s", (from, to, expected) => {
    expect(isAssignable(typeOf(from), typeOf(to), table)).toBe(expected);
  });

  it("holds from every type to itself, and to what it has in common with another", () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        expect(isAssignable(a, a, table)).toBe(true);
        expect(isAssignable(a, join(a, b, table), table)).toBe(true);
        expect(isAssignable(b, join(a, b, table), table)).toBe(true);
        expect(isComparable(a, join(a, b, table), table)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what types have in common", () => {
  it.each([
    ["int", "int", "int"],
    ["int", "double", "any"],
    ['"a"', '"b"', '"a" | "b"'],
    ['"a" | "b"', "string", "string"],
    ['"a" | "b"', "int", "any"],
    ["string", "null", "string | null"],
    ["string | null", "string", "string | null"],
    ["[int]", "[string]", "[any]"],
    ["{ a: int }", "{ a: int, b: string }", "{ a: int, b?: string }"],
    ["{ a: int }", "{string: int}", "{string: int}"],
    ["Tree", "Tree", "Tree"],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(printValueType(join(typeOf(a), typeOf(b), table))).toBe(expected);
  });

  it("ends for recursive types", () => {
    expect(printValueType(join(typeOf("Tree"), typeOf("Twin"), table))).toBe(
      "{ value: int, children: [any], left?: any }",
    );
    const R: ValueType = { kind: "ref", name: "R" };
    const ofR: ValueType = { kind: "map", key: { kind: "string" }, value: R };
    const fields = [
      { name: "r", type: R, optional: true },
      { name: "v", type: ofR, optional: false },
    ];
    const beside: TypeTable = { R: { kind: "record", fields } };
    expect(printValueType(asMap(R, beside)!)).toBe("{string: {string: any}}");
    expect(printValueType(join(R, ofR, beside))).toBe("{string: any}");
    expect(resolveType(typeOf("Loop"), table)).toEqual({ kind: "unknown" });
    expect(isHashable(typeOf("Tree"), table)).toBe(true);
  });
});

it("compares a map with a record that leads back to the map by two names", () => {
  const [A, C] = ["A", "C"].map((name): ValueType => ({ kind: "ref", name })) as [ValueType, ValueType];
  const map = (value: ValueType): ValueType => ({ kind: "map", key: { kind: "string" }, value });
  const record = (...types: readonly ValueType[]): ValueType => ({
    kind: "record",
    fields: types.map((type, i) => ({ name: `f${i}`, type, optional: false })),
  });
  const types: TypeTable = { A: map(record(A, C)), C: A };
  expect(isComparable(A, record(map(map(A))), types)).toBe(true);
  expect(isComparable(A, record(map(map({ kind: "int" }))), types)).toBe(false);
});

const names = ["A", "B", "C", "D"];

/** Any type over the names, recursive unions too, which .flow cannot write. */
const recursiveType: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(...names).map((name): ValueType => ({ kind: "ref", name })),
    fc.constantFrom("int" as const, "string" as const, "null" as const).map((kind): ValueType => ({ kind })),
    tie("type").map((element): ValueType => ({ kind: "list", element })),
    tie("type").map((of): ValueType => ({ kind: "optional", of })),
    tie("type").map((value): ValueType => ({ kind: "map", key: { kind: "string" }, value })),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((members): ValueType => ({ kind: "union", members })),
    fc
      .uniqueArray(
        fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e"), type: tie("type"), optional: fc.boolean() }),
        { selector: (field) => field.name, maxLength: 5 },
      )
      .map((fields): ValueType => ({ kind: "record", fields })),
  ),
})).type;

const recursiveTable: fc.Arbitrary<TypeTable> = fc
  .tuple(recursiveType, recursiveType, recursiveType, recursiveType)
  .map((types) => Object.fromEntries(types.map((type, i) => [names[i]!, type])));

it("answers every question about every set of recursive types", () => {
  const property = fc.property(recursiveTable, recursiveType, recursiveType, (types, a, b) => {
    for (const type of [a, b]) {
      kindOf(type, types);
      membersOf(type, types);
      asMap(type, types);
      isHashable(type, types);
      isMapKey(type, types);
    }
    expect(isAssignable(a, a, types)).toBe(true);
    isAssignable(a, b, types);
    isComparable(a, b, types);
    expect(JSON.stringify(join(a, b, types)).length).toBeLessThan(1_000_000);
  });
  fc.assert(property, { numRuns: 1000 });
});

it("prints every type as it can be read again", () => {
  const property = fc.property(anyType, (type) => {
    expect(typeOf(printValueType(type))).toEqual(type);
  });
  fc.assert(property, { numRuns: 300 });
});

it("gives unions of one base the kind of the base, and others any", () => {
  const kinds = ['"a" | "b"', "1 | 2", "string | null", "Tree", "[int]", "Loop"].map((text) =>
    kindOf(typeOf(text), table),
  );
  expect(kinds).toEqual(["string", "int", "any", "record", "list", "any"]);
});
