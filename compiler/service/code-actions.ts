/** The fixes of diagnostics as actions, all of them at once, and the imports in order. */
import type { Diagnostic, Edit } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { ImportDeclaration } from "../syntax/ast.ts";
import type { CodeAction } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function codeActions(ws: Workspace, path: string, span: Span): readonly CodeAction[] {
  const { diagnostics } = ws.file(path);
  const actions = diagnostics.flatMap((one, diagnostic) =>
    one.at.start <= span.end && one.at.end >= span.start ? quickFixes(one, diagnostic) : [],
  );
  const all = fixAll(ws, path);
  const imports = organizeImports(ws, path);
  return [
    ...actions,
    ...(all.length > 0 ? [sourceAction("Fix all that can be fixed", "source.fixAll", all)] : []),
    ...(imports.length > 0 ? [sourceAction("Organise imports", "source.organizeImports", imports)] : []),
  ];
}

const quickFixes = ({ fixes }: Diagnostic, diagnostic: number): readonly CodeAction[] =>
  fixes.map(({ title, edits }, i) => ({ title, kind: "quickfix", edits, diagnostic, preferred: i === 0 }));

const sourceAction = (title: string, kind: CodeAction["kind"], edits: readonly Edit[]): CodeAction => ({
  title,
  kind,
  edits,
  preferred: false,
});

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
