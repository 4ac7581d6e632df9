/** What the documentation shows compiles: every `flow` block of every page is a file without diagnostics, as the formatter would write it. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../compiler/semantics/check.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import { format } from "../../compiler/syntax/format.ts";

const pages = ["README.md", ...globSync("docs/*.md")].sort();

const blocks = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/```flow\n([\s\S]*?)```/g)].map((match, index) => ({
    page,
    index: index + 1,
    text: match[1]!,
  })),
);

describe("the .flow blocks of the documentation", () => {
  it("are there", () => {
    expect(blocks.length).toBeGreaterThan(3);
  });

  it.each(blocks)("$page, block $index, has no diagnostics and is formatted", ({ text }) => {
    const { diagnostics } = check("example.flow", memoryHost({ "example.flow": text }), {});
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    expect(format(sourceText("example.flow", text)).text).toBe(text);
  });
});
