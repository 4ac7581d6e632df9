import { describe, expect, it } from "vitest";
import type { CallTree, ExprTree, Kind } from "../../compiler/contract/expr-tree.ts";
import {
  ConstantPool,
  compileExpression,
  type EmitEnvironment,
  emitCondition,
  emitMillis,
  emitTyped,
  type Fragment,
  mayFail,
  readsOf,
} from "./compile-expression.ts";
import { hashKey } from "./hash-key.ts";
import { boxDouble, Double } from "./values/double.ts";
import { timestampOfMillis } from "./values/timestamp.ts";

const data: ExprTree = { op: "var", kind: "record", name: "data" };
const field = (name: string, kind: Kind, of: ExprTree = data): ExprTree => ({
  op: "select",
  kind,
  of,
  field: name,
  optional: false,
});
const call = (fn: string, kind: Kind, ...args: readonly ExprTree[]): CallTree => ({ op: "call", kind, fn, args });
const int = (value: number): ExprTree => ({ op: "const", kind: "int", value: String(value) });
const text = (value: string): ExprTree => ({ op: "const", kind: "string", value });

/** Runs a fragment as the engine does: its statements, then its value, once per event. */
function run(emit: (environment: EmitEnvironment) => Fragment, event: unknown): unknown {
  const pool = new ConstantPool();
  let next = 0;
  const { statements, value } = emit({ pool, fresh: () => `n${next++}`, variable: () => "data" });
  return new Function(...pool.names, "data", `"use strict"; ${statements} return ${value};`)(...pool.values, event);
}

describe("fragments", () => {
  it("give an event time in milliseconds, straight from text", () => {
    const tree = field("at", "timestamp");
    expect(run((environment) => emitMillis(tree, environment), { at: "2024-01-01T00:00:00.250Z" })).toBe(1704067200250);
    expect(run((environment) => emitMillis(tree, environment), { at: timestampOfMillis(5) })).toBe(5);
    expect(
      run((environment) => emitMillis(call("timestampMillis", "timestamp", field("ms", "int")), environment), {
        ms: 7,
      }),
    ).toBe(7);
    expect(() => run((environment) => emitMillis(tree, environment), { at: "yesterday" })).toThrow(/RFC 3339/);
    expect(() => run((environment) => emitMillis(tree, environment), {})).toThrow(/no such key: at/);
  });

  it("give a condition that is a boolean, or fail", () => {
    expect(run((environment) => emitCondition(field("ok", "any"), environment), { ok: true })).toBe(true);
    expect(() => run((environment) => emitCondition(field("ok", "any"), environment), { ok: 1 })).toThrow(
      /expected bool, found int/,
    );
  });

  it("give a double as a number when typed, and boxed as a value of any type", () => {
    const sum = call("_+_", "double", field("a", "double"), field("b", "double"));
    expect(run((environment) => emitTyped(sum, environment), { a: new Double(1, "1.0"), b: 2 })).toBe(3);
    expect(compileExpression(sum, ["data"])({ a: 1, b: 2 })).toEqual(boxDouble(3));
  });

  it("evaluate only the branch that is taken, also when it needs statements", () => {
    const quantified = (of: ExprTree): ExprTree => ({
      op: "macro",
      kind: "bool",
      macro: "all",
      over: of,
      item: "x",
      test: call("_>_", "bool", { op: "var", kind: "int", name: "x" }, int(0)),
    });
    const tree: ExprTree = {
      op: "if",
      kind: "bool",
      test: field("has", "bool"),
      // biome-ignore lint/suspicious/noThenProperty: the name of a branch in the tree
      then: quantified(field("list", "list")),
      else: quantified(field("other", "list")),
    };
    const compiled = compileExpression(tree, ["data"]);
    expect(compiled({ has: true, list: [1, 2] })).toBe(true);
    expect(compiled({ has: false, other: [0] })).toBe(false);
    expect(() => compiled({ has: false })).toThrow(/no such key: other/);
  });
});

it("looks rows up by key, of any type, and chains through what is absent", () => {
  const row: ExprTree = { op: "table", kind: "optional", table: "teams", key: field("team", "any") };
  const org: ExprTree = { op: "select", kind: "optional", of: row, field: "org", optional: false };
  const tree = call("orValue", "string", org, text("none"));
  const teams = new Map<string | number, unknown>([
    [hashKey("a"), { org: "x" }],
    [hashKey(7), { org: "y" }],
    [hashKey("b"), {}],
  ]);
  const compiled = compileExpression(tree, ["data"], { teams });
  expect(["a", 7, new Double(7), "b", "c", [1]].map((team) => compiled({ team }))).toEqual([
    "x",
    "y",
    "y",
    "none",
    "none",
    "none",
  ]);
});

it("says which fields a tree reads, and not the variables that it binds", () => {
  const over = field("items", "list");
  const tree: ExprTree = {
    op: "macro",
    kind: "list",
    macro: "map",
    over,
    item: "i",
    result: call(
      "_+_",
      "int",
      field("qty", "int", { op: "var", kind: "record", name: "i" }),
      field("extra", "int", field("sub", "record")),
    ),
  };
  expect(readsOf(tree)).toEqual([
    { variable: "data", path: ["items"] },
    { variable: "data", path: ["sub", "extra"] },
  ]);
});

it("says which trees cannot fail", () => {
  expect(mayFail(call("_==_", "bool", data, text("x")))).toBe(false);
  expect(mayFail(field("a", "int"))).toBe(true);
  expect(mayFail(call("_+_", "int", int(1), int(2)))).toBe(true);
});

it("gives code whose size grows with the tree, not faster", () => {
  const size = (depth: number) => {
    let tree: ExprTree = field("a", "any");
    for (let level = 0; level < depth; level++)
      tree = {
        op: level % 2 === 0 ? "and" : "or",
        kind: "bool",
        left: tree,
        right: {
          op: "if",
          kind: "any",
          test: field("b", "any"),
          // biome-ignore lint/suspicious/noThenProperty: the name of a branch in the tree
          then: field("c", "any"),
          else: tree.op === "and" ? int(1) : text("x"),
        },
      };
    return String(compileExpression(tree, ["data"])).length;
  };
  expect(size(40)).toBeLessThan(3 * size(20));
});
