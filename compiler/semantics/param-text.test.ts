/** Params given as text on the command line or by the environment. */
import { describe, expect, it } from "vitest";
import { expectMarked, foundIn } from "./marked-text.ts";
import type { Constant } from "./model.ts";
import { parseParamText } from "./param-text.ts";

const program = (type: string): string =>
  `param p: ${type}\nsource s { memory { events: p } }\nsink out from s { stdout {} }\n`;

const given = (type: string, value: string): Constant | undefined =>
  expectMarked(program(type), {}, { params: new Map([["p", value]]) }).model.params.get("p")?.value;

const refused = (type: string, value: string): string[] =>
  foundIn(program(type), {}, { params: new Map([["p", value]]) });

describe("a param given from outside", () => {
  it("is read by its type", () => {
    expect(given("int", "42")).toBe(42);
    expect(given("int", "9007199254740993")).toBe(9007199254740993n);
    expect(given("double", "1.5")).toBe(1.5);
    expect(given("bool", "true")).toBe(true);
    expect(given("string", "42")).toBe("42");
    expect(given("duration", "1m30s")).toEqual({ kind: "duration", ms: 90_000, text: "1m30s" });
    expect(given("duration", "250us")).toEqual({ kind: "duration", ms: 0.25, text: "250us" });
    expect(given("timestamp", "2026-01-01T00:00:00Z")).toEqual({ kind: "timestamp", text: "2026-01-01T00:00:00Z" });
    expect(given("[string]", "a:1, b:2")).toEqual(["a:1", "b:2"]);
    expect(given("[string]", `["a"]`)).toEqual(["a"]);
    expect(given(`"a" | "b"`, "b")).toBe("b");
    expect(given("{string: int}", `{"a": 1}`)).toEqual({ kind: "record", entries: [["a", 1]] });
    expect(given("any", "x y")).toBe("x y");
  });

  it("is refused when it is no value of its type", () => {
    expect(refused("int", "1.5")).toEqual([
      "1:7+1 error FLOW3505: The param 'p' is of type int, and the given value '1.5' is not.",
    ]);
    expect(refused("bool", "yes")).toHaveLength(1);
    expect(refused(`"a" | "b"`, "c")).toHaveLength(1);
    expect(refused("duration", "5")).toHaveLength(1);
  });

  it("must be a param that there is", () => {
    const text = `param topic: string = "x"\nsource s { file { path: topic } }\nsink out from s { stdout {} }\n`;
    expect(foundIn(text, {}, { params: new Map([["topci", "y"]]) })).toEqual([
      "1:1+0 error FLOW2023: A value is given for 'topci', but no param is called so. Did you mean 'topic'?",
    ]);
  });
});

it("reads no number into an int that an int cannot hold", () => {
  expect(parseParamText("x", { kind: "int" })).toBeUndefined();
  expect(parseParamText("", { kind: "double" })).toBeUndefined();
});
