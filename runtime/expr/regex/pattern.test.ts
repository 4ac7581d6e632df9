import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-time.ts";
import { nativePattern } from "./native-pattern.ts";
import { patternOf } from "./pattern.ts";

/** The matches that re2js finds, without our fast path. */
function linearMatches(source: string, text: string): readonly string[] {
  const matcher = RE2JS.compile(source).matcher(text);
  const found: string[] = [];
  while (matcher.find()) found.push(matcher.group() ?? "");
  return found;
}

describe("patterns", () => {
  it.each([
    "[a-z]+",
    "^[A-Z]{3}-[0-9]+$",
    "^[a-z0-9._%+-]+@example[.]com$",
    "foo|bar|ba+",
    "\\d{4}-\\d{2}",
    "x(?:ab|cd)?y",
    "\\bto\\b",
    "(?s)a.",
    "[^ ]+",
    "é+",
  ])("run %s on the JavaScript engine", (source) => expect(nativePattern(source)).toBeDefined());

  it.each([
    "(a+)+$",
    "(a|aa)+b",
    "a*a*a*b",
    "[a-z]+\\d",
    "(.*)*x",
    "^(\\w+\\s?)*$",
    "\\w+$",
    ".*foo",
    "^.*foo",
    "(a?){30}a{30}",
    "(?i)abc",
    "a{500}b",
    "\\pL",
    "a**",
    "(?<n>a)",
    "(",
    "[",
    "a{2,1}",
    "[[:alpha:]]",
    "^a|b+c",
    "x*",
  ])("leave %s to re2js", (source) => expect(nativePattern(source)).toBeUndefined());

  it.each(["(a+)+$", "(a|aa)+$", "^(\\w+\\s?)*$", "(a*)*b", "(x+x+)+y", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$"])(
    "finish %s at once on crafted text",
    (source) => {
      const text = `${"a".repeat(20_000)}!`;
      const tookMs = cpuMsOf(() => {
        patternOf(source).test(text);
        patternOf(source).test("x".repeat(20_000));
      });
      expect(tookMs).toBeLessThan(3_000);
    },
  );

  it("find the same as re2js where they run on the JavaScript engine", () => {
    const piece = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\d", "\\w", "\\s", "é", "😀", "-", "\\b");
    const repeat = fc.constantFrom("", "", "?", "+", "*", "{2}", "{1,3}", "+?");
    const sequence = fc
      .array(
        fc.tuple(piece, repeat).map(([one, times]) => (one === "\\b" ? one : one + times)),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join(""));
    const source = fc
      .tuple(fc.constantFrom("", "^"), fc.array(sequence, { minLength: 1, maxLength: 2 }), fc.constantFrom("", "$"))
      .map(([start, alternatives, end]) => start + alternatives.join("|") + end);
    const text = fc
      .array(fc.constantFrom("a", "b", "1", " ", "\n", "é", "😀", "-", "\u2028", "_"), { maxLength: 12 })
      .map((letters) => letters.join(""));
    let native = 0;
    fc.assert(
      fc.property(source, text, (pattern, subject) => {
        if (nativePattern(pattern) === undefined) return;
        native++;
        const compiled = patternOf(pattern);
        const expected = linearMatches(pattern, subject);
        expect(compiled.all(subject)).toEqual(expected);
        expect(compiled.test(subject)).toBe(expected.length > 0);
      }),
      { numRuns: 4_000 },
    );
    expect(native).toBeGreaterThan(300);
  });

  it.each([
    ["a(b)?", "ab a", ["b"]],
    ["(\\w+)@", "x@y z@", ["x", "z"]],
    ["x*", "axx", ["", "xx"]],
  ])("give the group of %s, or the match", (source, text, found) => {
    expect(patternOf(source).all(text)).toEqual(found);
  });

  it("refuse what is wrong, too long or too large", () => {
    expect(() => patternOf("(")).toThrow(/not a regular expression/);
    expect(() => patternOf("(?=a)")).toThrow(/not a regular expression/);
    expect(() => patternOf("a".repeat(2_001))).toThrow(/2000 characters/);
    expect(() => patternOf("((a{100}){100}){100}")).toThrow();
  });
});
