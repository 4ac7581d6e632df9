/** The conformance cases of the CEL project, held against the table of exclusions in docs/cel.md, in both directions. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { conformanceCases, runCase } from "./cel-conformance.ts";

const page = readFileSync(new URL("../docs/cel.md", import.meta.url), "utf8");
const table = page.slice(page.indexOf("| case | why |"));
const excluded = Array.from(table.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm), ([, pattern = "", reason = ""]) => ({
  pattern,
  reason,
}));

function isMatch(pattern: string, id: string): boolean {
  return pattern.endsWith("/*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

const results = conformanceCases().map((testCase) => ({
  id: testCase.id,
  expr: testCase.test.expr,
  problem: runCase(testCase),
}));

describe("CEL conformance", () => {
  it("has cases and a table of exclusions", () => {
    expect(results.length).toBeGreaterThan(2_000);
    expect(excluded.length).toBeGreaterThan(0);
  });

  it("passes every case that docs/cel.md does not exclude", () => {
    const wrong = results.filter(
      ({ id, problem }) => problem !== undefined && !excluded.some(({ pattern }) => isMatch(pattern, id)),
    );
    expect(wrong).toEqual([]);
  });

  it("excludes no case that passes, and names none that does not exist", () => {
    const stale = excluded.filter(({ pattern }) => {
      const named = results.filter(({ id }) => isMatch(pattern, id));
      return named.length === 0 || named.some(({ problem }) => problem === undefined);
    });
    expect(stale).toEqual([]);
  });

  it("says why each case is excluded", () => {
    expect(excluded.filter(({ reason }) => reason.trim().length < 10)).toEqual([]);
  });
});
