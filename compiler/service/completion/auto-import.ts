/** Names that other files of the workspace declare, each with the import that brings it. */
import type { Model } from "../../semantics/model.ts";
import type { Edit } from "../../source/diagnostic.ts";
import { importedFiles } from "../names.ts";
import { afterLine } from "../refactor/selected.ts";
import { relativePath } from "../relative-path.ts";
import type { Workspace } from "../workspace.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";

/** @param kinds of declarations: `type`, or `fn` and `param` */
export const importable = ({ ws, path, model }: Probe, kinds: ReadonlySet<string>): readonly Candidate[] =>
  namesElsewhere(ws, path, model)
    .filter(({ kind }) => kinds.has(kind))
    .map(({ name, kind, written }) => ({
      label: name,
      kind: kind === "type" ? "type" : kind === "fn" ? "function" : "param",
      rank: 6,
      detail: `from ${written}`,
      additionalEdits: [importEdit(ws, path, written)],
      ...(kind === "fn" ? { newText: `${name}($1)`, isSnippet: true } : {}),
    }));

interface NameElsewhere {
  readonly name: string;
  readonly kind: string;
  /** The file, as an import would name it. */
  readonly written: string;
}

/** What other files declare, where an import would neither declare a name twice nor go in a circle. */
export function namesElsewhere(ws: Workspace, path: string, model: Model): readonly NameElsewhere[] {
  const known = new Set(model.symbols.map(({ name }) => name));
  const already = new Set(filesBelow(ws, path));
  return ws.allPaths().flatMap((other) => {
    if (other === path || already.has(other) || !other.endsWith(".flow")) return [];
    const names = sharedNames(ws, other);
    if (names.length === 0) return [];
    const below = filesBelow(ws, other);
    const all = [other, ...below].filter((file) => !already.has(file)).flatMap((file) => sharedNames(ws, file));
    if (below.includes(path) || all.some(({ name }) => known.has(name))) return [];
    const written = relativePath(path, other);
    return names.map(({ name, kind }) => ({ name, kind, written }));
  });
}

/** What an import takes from a file. Files with mistakes in names are left alone: they might bring them along. */
const sharedNames = (ws: Workspace, path: string): readonly { readonly name: string; readonly kind: string }[] =>
  ws
    .tree(path)
    .declarations.flatMap((one) =>
      (one.kind === "type" || one.kind === "fn" || one.kind === "param") && one.name.text !== ""
        ? [{ name: one.name.text, kind: one.kind }]
        : [],
    );

function filesBelow(ws: Workspace, path: string): readonly string[] {
  const found = new Set<string>(importedFiles(ws, path));
  for (const one of found) for (const next of importedFiles(ws, one)) found.add(next);
  return [...found];
}

/** After the last import, else after the header, else before the first declaration. A comment behind them stays theirs. */
export function importEdit(ws: Workspace, path: string, written: string): Edit {
  const tree = ws.tree(path);
  const { text } = ws.source(path);
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `import ${JSON.stringify(written)}`;
  const last = tree.declarations.findLast(({ kind }) => kind === "import");
  const before = last ?? tree.declarations.find(({ kind }) => kind === "pipeline");
  if (!before) return { file: path, start: 0, end: 0, newText: `${line}${lineEnd}${lineEnd}` };
  const at = afterLine(tree, text, before.span.end);
  return { file: path, start: at, end: at, newText: `${lineEnd}${last ? "" : lineEnd}${line}` };
}
