/** What can be done at a place: the fixes of diagnostics, all of them at once, the imports in order, and refactorings. */
import type { Edit } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { ImportDeclaration } from "../syntax/ast.ts";
import { importMends } from "./mends/imports.ts";
import { mends } from "./mends/mends.ts";
import { refactoringKinds } from "./refactor/kinds.ts";
import { refactorings } from "./refactor/refactorings.ts";
import type { CodeAction } from "./types.ts";
import type { Analysis, Workspace } from "./workspace.ts";

/** @param isWanted asked of each kind; those that are not wanted cost nothing. */
export function codeActions(
  ws: Workspace,
  path: string,
  span: Span,
  isWanted: (kind: CodeAction["kind"]) => boolean = () => true,
): readonly CodeAction[] {
  return [
    ...(isWanted("quickfix") ? quickFixes(ws, ws.file(path), span) : []),
    ...(refactoringKinds.some(isWanted) ? refactorings(ws, path, span) : [])
      .filter(({ kind }) => isWanted(kind))
      .map((one) => ({ ...one, preferred: false })),
    ...(isWanted("source.fixAll.flow")
      ? sourceAction("Fix all that can be fixed", "source.fixAll.flow", fixAll(ws, path))
      : []),
    ...(isWanted("source.organizeImports")
      ? sourceAction("Organise imports", "source.organizeImports", organizeImports(ws, path))
      : []),
  ];
}

/** The first is preferred where it is the checker's own: those mend what was meant beyond doubt. */
function quickFixes(ws: Workspace, analysis: Analysis, span: Span): readonly CodeAction[] {
  return analysis.diagnostics.flatMap((one, diagnostic) => {
    if (one.at.start > span.end || one.at.end < span.start) return [];
    const own = one.fixes.map(
      ({ title, edits }, i): CodeAction => ({
        title,
        kind: "quickfix",
        edits: () => edits,
        diagnostic,
        preferred: i === 0,
      }),
    );
    const more = [...importMends(ws, one, analysis), ...mends(ws, one, analysis)].map(
      ({ title, edits }): CodeAction => ({
        title,
        kind: "quickfix",
        edits: () => edits,
        diagnostic,
        preferred: false,
      }),
    );
    return [...own, ...more];
  });
}

const sourceAction = (title: string, kind: CodeAction["kind"], edits: readonly Edit[]): readonly CodeAction[] =>
  edits.length === 0 ? [] : [{ title, kind, edits: () => edits, preferred: false }];

/** The first fix of each diagnostic of the file; of two that overlap the first, so that another round may take the other. */
export function fixAll(ws: Workspace, path: string): readonly Edit[] {
  const taken: Edit[] = [];
  for (const { fixes } of ws.file(path).diagnostics) {
    const edits = fixes[0]?.edits ?? [];
    if (edits.length === 0 || edits.some((edit) => edit.file !== path || taken.some((other) => overlaps(edit, other))))
      continue;
    taken.push(...edits);
  }
  return taken.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Touching counts: two insertions at one place have no order. */
const overlaps = (a: Edit, b: Edit): boolean => a.start <= b.end && b.start <= a.end;

/** Sorted by path, doubles and what is not used taken away; only where they stand together without comments between. */
export function organizeImports(ws: Workspace, path: string): readonly Edit[] {
  const { tree, source, diagnostics } = ws.file(path);
  const imports = tree.declarations.filter((one): one is ImportDeclaration => one.kind === "import");
  const [first, last] = [imports[0], imports.at(-1)];
  if (!first || !last || imports.some((one) => one.path.kind !== "string")) return [];
  const whole = { start: first.span.start, end: last.span.end };
  const between = source.text.slice(whole.start, whole.end);
  const isTogether = [...between.matchAll(/^.*$/gm)].every(([line]) => /^\s*(import\s+"[^"]*"\s*)?$/.test(line));
  if (!isTogether) return [];
  const files = new Map(imports.map((one) => [one.path.kind === "string" ? one.path.value : "", one]));
  const unused = new Set(diagnostics.flatMap((one) => (one.tags.includes("unnecessary") ? [one.at.start] : [])));
  const kept = [...files].filter(([, one]) => !unused.has(one.span.start) && !unused.has(one.path.span.start));
  const newText = kept
    .map(([written]) => written)
    .sort()
    .map((written) => `import ${JSON.stringify(written)}`)
    .join("\n");
  return newText === between ? [] : [{ file: path, ...whole, newText }];
}
