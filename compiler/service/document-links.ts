/** Links to other files (imports, schemas, samples and what sources read), and from a silenced diagnostic to its page. */
import type { Clause, Comment, Declaration, ErrorExpression, Expression, StringLiteral } from "../syntax/ast.ts";
import type { DocumentLink } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function documentLinks(ws: Workspace, path: string): readonly DocumentLink[] {
  const { declarations, comments } = ws.tree(path);
  const files = declarations.flatMap(pathsIn).flatMap(({ span: { start, end }, value }): readonly DocumentLink[] => {
    if (value === "") return [];
    const span = end - start > 2 ? { start: start + 1, end: end - 1 } : { start, end };
    return [{ span, target: ws.host.resolve(path, value), tooltip: `Open ${value}` }];
  });
  const { text } = ws.source(path);
  return [...files, ...comments.flatMap((comment) => codesIn(comment, text))].sort(
    (a, b) => a.span.start - b.span.start,
  );
}

function pathsIn(declaration: Declaration): readonly StringLiteral[] {
  if (declaration.kind === "import") return stringsOf(declaration.path);
  if (declaration.kind === "type") {
    const { definition } = declaration;
    return definition.kind === "from" ? stringsOf(definition.path) : [];
  }
  // What a sink writes may not be there.
  return declaration.kind === "source" || declaration.kind === "table" ? declaration.clauses.flatMap(fileIn) : [];
}

/** `file { path: "orders.ndjson" }`, where the path is one file. */
function fileIn({ row, arguments: given }: Clause): readonly StringLiteral[] {
  if (row !== "connector.file") return [];
  return given.flatMap(({ value }) =>
    value.kind === "record"
      ? value.entries.flatMap((entry) => (entry.kind === "field" && entry.key.text === "path" ? one(entry.value) : []))
      : [],
  );
}

const one = (value: Expression): readonly StringLiteral[] =>
  stringsOf(value).filter(({ value: path }) => path !== "-" && !/[*?[{]/.test(path));

const stringsOf = (value: Expression | StringLiteral | ErrorExpression): readonly StringLiteral[] =>
  value.kind === "string" ? [value] : [];

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
