/** Links to other files (imports, schemas and samples), and from a silenced diagnostic to its page. */
import type { Comment, Declaration, ErrorExpression, StringLiteral } from "../syntax/ast.ts";
import type { DocumentLink } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function documentLinks(ws: Workspace, path: string): readonly DocumentLink[] {
  const { declarations, comments } = ws.tree(path);
  const files = declarations.flatMap((declaration): readonly DocumentLink[] => {
    const written = pathIn(declaration);
    if (written?.kind !== "string" || written.value === "") return [];
    const { start, end } = written.span;
    const span = end - start > 2 ? { start: start + 1, end: end - 1 } : { start, end };
    return [{ span, target: ws.host.resolve(path, written.value), tooltip: `Open ${written.value}` }];
  });
  const { text } = ws.source(path);
  return [...files, ...comments.flatMap((comment) => codesIn(comment, text))].sort(
    (a, b) => a.span.start - b.span.start,
  );
}

function pathIn(declaration: Declaration): StringLiteral | ErrorExpression | undefined {
  if (declaration.kind === "import") return declaration.path;
  if (declaration.kind === "type" && declaration.definition.kind === "from") return declaration.definition.path;
  return undefined;
}

/** `// flow-ignore FLOW9001: why` */
function codesIn({ span }: Comment, text: string): readonly DocumentLink[] {
  const comment = text.slice(span.start, span.end);
  if (!comment.includes("flow-ignore")) return [];
  return [...comment.matchAll(/\bFLOW\d{4}\b/g)].map(({ 0: code, index }) => ({
    span: { start: span.start + index, end: span.start + index + code.length },
    target: "",
    code,
    tooltip: `What ${code} means`,
  }));
}
