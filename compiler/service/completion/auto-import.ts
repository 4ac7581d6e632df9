/** Names that other files of the workspace declare, each with the import that brings it. */
import type { Edit } from "../../source/diagnostic.ts";
import { importedFiles } from "../names.ts";
import { relativePath } from "../relative-path.ts";
import type { Workspace } from "../workspace.ts";
import type { Candidate } from "./item.ts";
import type { Probe } from "./probe.ts";

/** @param kinds of declarations: `type`, or `fn` and `param` */
export function importable({ ws, path, model }: Probe, kinds: ReadonlySet<string>): readonly Candidate[] {
  const known = new Set(model.symbols.map(({ name }) => name));
  const already = new Set(filesBelow(ws, path));
  const found: Candidate[] = [];
  for (const other of ws.allPaths()) {
    if (other === path || already.has(other) || !other.endsWith(".flow")) continue;
    const names = sharedNames(ws, other);
    if (names.length === 0) continue;
    const below = filesBelow(ws, other);
    const all = [other, ...below].filter((file) => !already.has(file)).flatMap((file) => sharedNames(ws, file));
    if (below.includes(path) || all.some(({ name }) => known.has(name))) continue;
    const written = relativePath(path, other);
    for (const { name, kind } of names) {
      if (!kinds.has(kind)) continue;
      found.push({
        label: name,
        kind: kind === "type" ? "type" : kind === "fn" ? "function" : "param",
        rank: 6,
        detail: `from ${written}`,
        additionalEdits: [importEdit(ws, path, written)],
        ...(kind === "fn" ? { newText: `${name}($1)`, isSnippet: true } : {}),
      });
    }
  }
  return found;
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

/** After the last import, else before the first declaration but the header. */
export function importEdit(ws: Workspace, path: string, written: string): Edit {
  const { declarations } = ws.tree(path);
  const last = declarations.findLast(({ kind }) => kind === "import");
  const text = `import ${JSON.stringify(written)}`;
  if (last) return { file: path, start: last.span.end, end: last.span.end, newText: `\n${text}` };
  const header = declarations.find(({ kind }) => kind === "pipeline");
  if (header) return { file: path, start: header.span.end, end: header.span.end, newText: `\n\n${text}` };
  return { file: path, start: 0, end: 0, newText: `${text}\n\n` };
}
