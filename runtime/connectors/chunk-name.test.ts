/** A chunk and its key as a file name: no path escapes, no two names are one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyName, safeName } from "./chunk-name.ts";

describe("the name of a chunk's file", () => {
  it.each([
    ["plain-1.2_x", "plain-1.2_x"],
    ["a/b", "a%2Fb"],
    ["../../etc", "..%2F..%2Fetc"],
    [".", "%2E"],
    ["..", "%2E%2E"],
    ["...", "..."],
    ["", "%"],
    ["~2", "%7E2"],
    ["100%", "100%25"],
    ["é\n\0", "%C3%A9%0A%00"],
    ["\ud800", "%EF%BF%BD"],
    ["😀", "%F0%9F%98%80"],
  ])("of %j is %s", (text, name) => expect(safeName(text)).toBe(name));

  it("is cut where it is long, and still another for another text", () => {
    const [one, other] = [safeName(`${"x".repeat(500)}1`), safeName(`${"x".repeat(500)}2`)];
    expect(one).toMatch(/^x{133}-[0-9a-f]{16}$/);
    expect(other).not.toBe(one);
  });
  it("never leads out of its folder, and tells texts apart", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        const [first, second] = [safeName(one), safeName(other)];
        expect(first).toMatch(/^[A-Za-z0-9._%-]{1,150}$/);
        expect([".", ".."]).not.toContain(first);
        if (one.toWellFormed() !== other.toWellFormed()) expect(first).not.toBe(second);
      }),
    );
  });
  it("is a string key as it is, and any other as JSON", () => {
    const name = (key: unknown) => keyName(key, JSON.stringify);
    expect([name("a b"), name(1), name(["a", null]), name(null), name(undefined)]).toEqual([
      "a%20b",
      "1",
      "%5B%22a%22%2Cnull%5D",
      "null",
      "null",
    ]);
  });
});
