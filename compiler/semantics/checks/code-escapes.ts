/** FLOW9007: code in a string with escapes, which are gone before the code is read. */
import type { StringLiteral } from "../../syntax/ast.ts";
import type { Check } from "./checked-program.ts";

export const codeEscapes: Check = ({ declared, graph }) => {
  for (const node of graph.nodes) {
    for (const clause of node.clauses) {
      const value = clause.row === "step.code" ? clause.values.get("source")?.syntax.value : undefined;
      if (value?.kind !== "string" || !isWrittenHere(value)) continue;
      const at = value.raw.indexOf("\\");
      if (/^[rR]/.test(value.raw) || at < 0 || knowsOfEscapes.test(value.raw)) continue;
      const start = value.span.start + at;
      const title = "Make it a raw string";
      const edits = [{ file: node.file, start: value.span.start, end: value.span.start, newText: "r" }];
      declared.program.main.report(
        "FLOW9007",
        { start, end: start + 2 },
        { name: node.name, found: value.raw.slice(at, at + 2) },
        { fixes: closesWhenRaw(value.raw) ? [{ title, edits }] : [] },
      );
    }
  }
};

/** Whoever doubles a backslash knows that the string has escapes. */
const knowsOfEscapes = /\\\\/;

/** And not in a custom resource, which has the text itself. */
const isWrittenHere = ({ span, raw }: StringLiteral): boolean => span.end - span.start === raw.length;

/** Its closing quotes are the same where a backslash does not hide any. */
function closesWhenRaw(raw: string): boolean {
  const quote = /^("""|'''|["'])/.exec(raw)?.[0] ?? "";
  return raw.indexOf(quote, quote.length) === raw.length - quote.length;
}
