/** The formatter: one layout, nothing lost, the second time as the first. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryProgram, arbitraryText } from "../../test/support/arbitrary-program.ts";
import { meaningOf } from "../../test/support/same-tree.ts";
import { sourceText } from "../source/source-text.ts";
import { format } from "./format.ts";
import { parse } from "./parse.ts";
import { printFile } from "./print.ts";

const read = (text: string) => parse(sourceText("test.flow", text));
const formatted = (text: string): string => {
  const { text: result, diagnostics } = format(sourceText("test.flow", text));
  if (result === undefined)
    throw new Error(`Does not parse: ${diagnostics.map((one) => one.message).join(" ")}\n${text}`);
  return result;
};
const words = (text: string): string[] =>
  read(text)
    .file.comments.map((comment) => comment.text.replace(/^\/+/, "").trim())
    .sort();

describe("the formatter, on made-up files", () => {
  it("never changes what a file means", () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryText, arbitraryProgram), (text) => {
        const before = read(text);
        expect(before.diagnostics.map((one) => one.message)).toEqual([]);
        expect(meaningOf(read(formatted(text)).file.declarations.map(withoutDocs))).toEqual(
          meaningOf(before.file.declarations.map(withoutDocs)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it("leaves its own work as it is", () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryText, arbitraryProgram), (text) => {
        const once = formatted(text);
        expect(formatted(once)).toBe(once);
      }),
      { numRuns: 400 },
    );
  });

  it("keeps every comment", () => {
    fc.assert(
      fc.property(arbitraryText, (text) => {
        expect(words(formatted(text))).toEqual(words(text));
      }),
      { numRuns: 400 },
    );
  });

  it("prints a tree without a text so that it reads back as the same tree", () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryText, arbitraryProgram), (text) => {
        const { file } = read(text);
        const printed = printFile(file);
        const again = read(printed);
        expect(again.diagnostics.map((one) => one.message)).toEqual([]);
        expect(meaningOf(again.file.declarations)).toEqual(meaningOf(file.declarations));
      }),
      { numRuns: 300 },
    );
  });
});

it("keeps code in triple quotes as it is, byte for byte, and is done after the first time", () => {
  const body = fc.string({ unit: fc.constantFrom("  ", "\t", "\n", "\r\n", "{", "}", "// x", "'", "a", ";", "é") });
  const quotes = fc.constantFrom(['"""', '"""'], ['r"""', '"""'], ["'''", "'''"]);
  fc.assert(
    fc.property(body, quotes, fc.boolean(), (text, [open, close], isOneLine) => {
      const code = `${open}export default 1;${text};${close}`;
      fc.pre(!text.includes("'''"));
      const step = `code   javascript ${code}{timeout:1s}`;
      const file = isOneLine ? `step a from b { ${step} }\n` : `step a from b {\n      ${step}\n}\n`;
      const once = format(sourceText("f.flow", file)).text;
      expect(once).toContain(`code javascript ${code} { timeout: 1s }`);
      expect(format(sourceText("f.flow", once!)).text).toBe(once);
    }),
    { numRuns: 300 },
  );
});

/** Docs in odd places become plain comments; where they belong is tested below. */
function withoutDocs(node: unknown): unknown {
  if (node instanceof Uint8Array || typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(withoutDocs);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== "doc")
      .map(([key, value]) => [key, withoutDocs(value)]),
  );
}
