/** What a way to mend a diagnostic is told, and what it proposes. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { Clause, Declaration, NodeDeclaration } from "../../syntax/ast.ts";
import { bodyOf, isClause, isNode } from "../refactor/selected.ts";
import { type Part, pathAt } from "../syntax-path.ts";
import type { Edit } from "../types.ts";
import type { Analysis } from "../workspace.ts";
import { lineAway } from "./take-away.ts";

export interface Proposal {
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Mistake {
  readonly diagnostic: Diagnostic;
  readonly analysis: Analysis;
  readonly text: string;
  /** What it is about, as written. */
  readonly written: string;
  /** From the file to the innermost part there. */
  readonly around: readonly Part[];
  readonly declaration: Declaration | undefined;
  readonly node: NodeDeclaration | undefined;
  readonly clause: Clause | undefined;
}

export type Mender = (mistake: Mistake) => readonly Proposal[];

export function mistakeOf(diagnostic: Diagnostic, analysis: Analysis): Mistake {
  const { text } = analysis.source;
  const { start, end } = diagnostic.at;
  const around = pathAt(analysis.tree, start).filter((part) => part.span.end >= end);
  const declaration = analysis.tree.declarations.find(({ span }) => span.start <= start && end <= span.end);
  return {
    diagnostic,
    analysis,
    text,
    written: text.slice(start, end),
    around,
    declaration,
    node: isNode(declaration) ? declaration : undefined,
    clause: around.findLast(isClause),
  };
}

export const replaced = ({ analysis }: Mistake, span: Span, newText: string): Edit => ({
  file: analysis.path,
  start: span.start,
  end: span.end,
  newText,
});

export const takenAway = ({ analysis, text }: Mistake, span: Span): Edit => lineAway(analysis.path, text, span);

/** A clause more at the end of a node. */
export function withClause({ analysis, text }: Mistake, node: NodeDeclaration, clause: string): Edit {
  if (!node.braces) return { file: analysis.path, start: node.span.end, end: node.span.end, newText: ` { ${clause} }` };
  const { start, end } = bodyOf(analysis.tree, text, node);
  const after = start + text.slice(start, end).trimEnd().length;
  return { file: analysis.path, start: after, end, newText: `\n${clause}\n` };
}
