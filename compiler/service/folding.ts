/** What can be folded: declarations, blocks and records of several lines, runs of comments, the imports. */
import { positionAt } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import { allParts, bare } from "./syntax-path.ts";
import type { FoldingRange } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function foldingRanges(ws: Workspace, path: string): readonly FoldingRange[] {
  const source = ws.source(path);
  const tree = ws.tree(path);
  const lineOf = (offset: number): number => positionAt(source, offset).line;
  const ranges: FoldingRange[] = [];
  const lines = new Set<number>();
  const add = (span: Span, kind: FoldingRange["kind"]): void => {
    const line = lineOf(span.start);
    if (lineOf(span.end) <= line || lines.has(line)) return;
    lines.add(line);
    ranges.push({ ...bare(span), kind });
  };
  const imports = tree.declarations.filter(({ kind }) => kind === "import");
  if (imports.length > 1) add({ start: imports[0]!.span.start, end: imports.at(-1)!.span.end }, "imports");
  for (const run of commentRuns(tree.comments, lineOf)) add(run, "comment");
  for (const part of allParts(tree)) if (part !== tree && folds(part.kind)) add(part.span, "region");
  return ranges.sort((a, b) => a.start - b.start);
}

/** Clauses, entries and arguments (which have no kind) fold with what they hold. */
const folds = (kind: string | undefined): boolean => kind !== "many" && kind !== "binary" && kind !== "conditional";

/** Comments on lines one after the other. */
function commentRuns(comments: readonly { readonly span: Span }[], lineOf: (offset: number) => number): Span[] {
  const runs: { start: number; end: number }[] = [];
  for (const { span } of comments) {
    const last = runs.at(-1);
    if (last && lineOf(span.start) === lineOf(last.end) + 1) last.end = span.end;
    else runs.push({ ...bare(span) });
  }
  return runs;
}
