/** Where a file holds code of another language: the sources of `code`, in triple quotes. */
import { clauseRow } from "../catalog/clauses.ts";
import type { Span } from "../source/span.ts";
import type { Clause, SourceFile } from "../syntax/ast.ts";

export interface EmbeddedCode {
  /** The whole string, and what is between its quotes. */
  readonly span: Span;
  readonly content: Span;
}

export function embeddedCode(tree: SourceFile): readonly EmbeddedCode[] {
  return tree.declarations.flatMap((declaration) =>
    declaration.kind === "step" ? declaration.clauses.flatMap(codeOf) : [],
  );
}

function codeOf(clause: Clause): readonly EmbeddedCode[] {
  const part = clauseRow("step", clause.keyword.text)?.parts.find(({ isMultiline }) => isMultiline);
  const value = part && clause.arguments.find((argument) => argument.part === part.name)?.value;
  if (value?.kind !== "string") return [];
  const { span, raw } = value;
  const open = /^[rR]?("""|''')/.exec(raw)?.[0].length;
  if (open === undefined || span.end - span.start !== raw.length || raw.length < open + 3) return [];
  return [{ span, content: { start: span.start + open, end: span.end - 3 } }];
}
