/** Every snippet compiles as it is, before anything is filled in. */
import { describe, expect, it } from "vitest";
import { check } from "../../semantics/check.ts";
import { memoryHost } from "../../source/host.ts";
import { sourceText } from "../../source/source-text.ts";
import { format } from "../../syntax/format.ts";
import { type Snippet, snippets } from "./snippets.ts";

const filled = ({ body }: Snippet): string =>
  body
    .join("\n")
    .replace(/\$\{\d+:([^{}]*(?:\{[^{}]*\})?[^{}]*)\}/g, "$1")
    .replace("$0", "");

const files = { "orders.ndjson": '{"id":"a"}\n', "teams.ndjson": '{"id":"a","name":"A"}\n' };

describe("snippets", () => {
  it.each(snippets)("$prefix: has no errors, and is formatted", (snippet) => {
    const before = (snippet.after ?? []).map((prefix) => filled(snippets.find((one) => one.prefix === prefix)!));
    const text = [...before, filled(snippet)].join("\n").trimEnd();
    const { diagnostics } = check("a.flow", memoryHost({ ...files, "a.flow": `${text}\n` }), {});
    expect(diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
    expect(format(sourceText("a.flow", `${text}\n`)).text).toBe(`${text}\n`);
  });

  it("have prefixes of their own", () => {
    expect(new Set(snippets.map(({ prefix }) => prefix)).size).toBe(snippets.length);
  });
});
