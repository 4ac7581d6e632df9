/** Selections that grow: from the word to the expression, the clause, the declaration, the file. */
import type { Span } from "../source/span.ts";
import { bare, pathBefore } from "./syntax-path.ts";
import type { Workspace } from "./workspace.ts";

/** Innermost first, each larger than the one before and around it. */
export function selectionRanges(ws: Workspace, path: string, offset: number): readonly Span[] {
  const { text } = ws.source(path);
  const at = Math.max(0, Math.min(offset, text.length));
  const spans: Span[] = [];
  for (const { span } of pathBefore(ws.tree(path), at).toReversed()) {
    const last = spans.at(-1);
    const grows = last === undefined || (span.start <= last.start && span.end >= last.end);
    const isSame = last !== undefined && span.start === last.start && span.end === last.end;
    if (grows && !isSame && span.start <= at && at <= span.end) spans.push(bare(span));
  }
  return spans;
}
