/** Where .flow differs from CEL: each line of the table in docs/cel.md is checked, compiled and evaluated. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ValueType } from "../compiler/contract/value-type.ts";
import { checkExpression } from "../compiler/semantics/expressions/check-expression.ts";
import { emptyScope } from "../compiler/semantics/expressions/scope.ts";
import { type Diagnostic, reporter } from "../compiler/source/diagnostic.ts";
import { sourceText } from "../compiler/source/source-text.ts";
import { parseExpression } from "../compiler/syntax/parse.ts";
import { encodeJson } from "../runtime/codec/json.ts";
import { compileExpression } from "../runtime/expr/compile-expression.ts";

const page = readFileSync(new URL("../docs/cel.md", import.meta.url), "utf8");
const table = page.slice(page.indexOf("## Where"), page.indexOf("## Regular"));
const rows = Array.from(
  table.matchAll(/^\| (.+) \| `(.+)` \| `(.+)` \|$/gm),
  ([, title = "", expression = "", result = ""]) => ({ title, expression, result }),
);

const data: ValueType = { kind: "record", fields: [{ name: "note", type: { kind: "string" }, optional: true }] };

function evaluate(text: string): unknown {
  const { expression, diagnostics } = parseExpression(sourceText("page.flow", text));
  const found: Diagnostic[] = [...diagnostics];
  const { tree } = checkExpression(
    expression,
    { ...emptyScope("page.flow"), variables: new Map([["data", data]]) },
    reporter("page.flow", found),
  );
  expect(found).toEqual([]);
  return compileExpression(tree, ["data"])({ note: null });
}

it("has a table of differences", () => expect(rows.length).toBeGreaterThan(5));

it.each(rows)("$title", ({ expression, result }) => {
  expect(encodeJson(evaluate(expression))).toBe(result);
});
