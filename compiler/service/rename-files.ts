/** The edits by which files go on finding those that move: their importers, and what they import themselves. Folders move with all they hold. */
import type { Edit } from "../source/diagnostic.ts";
import type { Declaration, StringLiteral } from "../syntax/ast.ts";
import { relativePath } from "./relative-path.ts";
import { atOnce, type Steps } from "./steps.ts";
import { bare } from "./syntax-path.ts";
import type { Workspace } from "./workspace.ts";

/** A file or a folder. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

export const renameFile = (ws: Workspace, from: string, to: string): readonly Edit[] =>
  atOnce(renameFilesInSteps(ws, [{ from, to }]));

export function* renameFilesInSteps(ws: Workspace, moves: readonly Move[]): Steps<readonly Edit[]> {
  const moved = (path: string): string => {
    for (const { from, to } of moves) {
      if (path === from) return to;
      if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
    }
    return path;
  };
  const edits: Edit[] = [];
  const paths = ws.allPaths();
  for (const [i, path] of paths.entries()) {
    yield { done: i, of: paths.length };
    const own = moved(path);
    for (const written of ws.tree(path).declarations.flatMap(writtenPath)) {
      const target = moved(ws.host.resolve(path, written.value));
      if (ws.host.resolve(own, written.value) === target) continue;
      edits.push({ file: path, ...bare(written.span), newText: JSON.stringify(relativePath(own, target)) });
    }
  }
  return edits;
}

function writtenPath(declaration: Declaration): readonly StringLiteral[] {
  const written =
    declaration.kind === "import"
      ? declaration.path
      : declaration.kind === "type" && declaration.definition.kind === "from"
        ? declaration.definition.path
        : undefined;
  return written?.kind === "string" ? [written] : [];
}
