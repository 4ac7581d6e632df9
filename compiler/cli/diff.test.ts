/** A unified diff is what its name says: applied to the old text it gives the new one. */
import fc from "fast-check";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-time.ts";
import { unifiedDiff } from "./diff.ts";

const plain = picocolors.createColors(false);
const diff = (a: string, b: string) => unifiedDiff("a", "b", a, b, plain);

/** What `patch` does. */
function apply(old: string, patch: string): string {
  const lines = old.split(/(?<=\n)/);
  const out: string[] = [];
  let at = 0;
  const body = patch.split("\n").slice(2, -1);
  for (const [i, line] of body.entries()) {
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    const text = line.slice(1) + (body[i + 1]?.startsWith("\\") ? "" : "\n");
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === "0" ? 0 : 1);
      out.push(...lines.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) out.push(text);
    else if (line.startsWith("-") || line.startsWith(" ")) {
      expect(lines[at]).toBe(text);
      if (line.startsWith(" ")) out.push(text);
      at++;
    }
  }
  return [...out, ...lines.slice(at)].join("");
}

describe("unifiedDiff", () => {
  it("is empty for equal texts", () => expect(diff("a\nb\n", "a\nb\n")).toBe(""));

  it("shows three lines around a change, and far changes apart", () => {
    const old = Array.from({ length: 20 }, (_, i) => `${i}\n`).join("");
    expect(diff(old, old.replace("2\n", "two\n").replace("17\n", ""))).toBe(
      "--- a\n+++ b\n@@ -1,6 +1,6 @@\n 0\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -15,6 +15,5 @@\n 14\n 15\n 16\n-17\n 18\n 19\n",
    );
  });

  it("tells a missing newline at the end", () => {
    expect(diff("a\n", "a")).toBe("--- a\n+++ b\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
  });

  it("gives the new text when it is applied to the old one", () => {
    const text = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 40 }).map((lines) => lines.join(""));
    const ended = fc.tuple(text, fc.constantFrom("", "x")).map(([lines, end]) => lines + end);
    fc.assert(
      fc.property(ended, ended, (a, b) => {
        if (a !== b) expect(apply(a, diff(a, b))).toBe(b);
      }),
      { numRuns: 500 },
    );
  });

  it("stays quick when everything differs", () => {
    const old = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
    expect(cpuMsOf(() => diff(old, old.replaceAll("\n", "!\n")))).toBeLessThan(5_000);
  });
});
