/** What the documentation shows compiles: every `flow` block of every page is checked as a file of its own. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../compiler/semantics/check.ts";
import { memoryHost } from "../../compiler/source/host.ts";

const pages = ["README.md", ...globSync("docs/*.md")].sort();

const blocks = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/```flow\n([\s\S]*?)```/g)].map((match, index) => ({ page, index: index + 1, text: match[1]! })),
);

describe("the .flow blocks of the documentation", () => {
  it("are there", () => {
    expect(blocks.length).toBeGreaterThan(3);
  });

  it.each(blocks)("$page, block $index, has no diagnostics", ({ text }) => {
    const { diagnostics } = check("example.flow", memoryHost({ "example.flow": text }), {});
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});
