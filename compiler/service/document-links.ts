/** Links to other files: imports, schemas and samples. */
import type { Declaration, ErrorExpression, StringLiteral } from "../syntax/ast.ts";
import type { DocumentLink } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function documentLinks(ws: Workspace, path: string): readonly DocumentLink[] {
  return ws.tree(path).declarations.flatMap((declaration) => {
    const written = pathIn(declaration);
    if (written?.kind !== "string" || written.value === "") return [];
    const { start, end } = written.span;
    const span = end - start > 2 ? { start: start + 1, end: end - 1 } : { start, end };
    return [{ span, target: ws.host.resolve(path, written.value), tooltip: `Open ${written.value}` }];
  });
}

function pathIn(declaration: Declaration): StringLiteral | ErrorExpression | undefined {
  if (declaration.kind === "import") return declaration.path;
  if (declaration.kind === "type" && declaration.definition.kind === "from") return declaration.definition.path;
  return undefined;
}
