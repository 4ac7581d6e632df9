/** The outline of a file, and the names of the workspace. Syntax alone: they are there however broken the rest is. */

import type { Clause, Declaration, Name, TypeExpression } from "../syntax/ast.ts";
import { printType } from "../syntax/print.ts";
import { locationIn } from "./names.ts";
import { atOnce, type Steps } from "./steps.ts";
import { bare } from "./syntax-path.ts";
import type { DocumentSymbol, WorkspaceSymbol } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function documentSymbols(ws: Workspace, path: string): readonly DocumentSymbol[] {
  const { text } = ws.source(path);
  return ws.tree(path).declarations.map((declaration) => symbolOf(declaration, text));
}

function symbolOf(declaration: Declaration, text: string): DocumentSymbol {
  const { kind, span } = declaration;
  const titled = "name" in declaration ? declaration.name : undefined;
  const title = kind === "import" ? declaration.path : kind === "test" ? declaration.title : undefined;
  const name = titled?.text || (title?.kind === "string" ? title.value : "") || kind;
  const selection = titled?.text ? titled.span : (title?.span ?? declaration.keyword);
  return {
    name,
    detail: detailOf(declaration, text),
    kind,
    span: bare(span),
    selection: within(selection, span),
    children: childrenOf(declaration, text),
  };
}

const within = (inner: { start: number; end: number }, outer: { start: number; end: number }) => ({
  start: Math.min(Math.max(inner.start, outer.start), outer.end),
  end: Math.min(Math.max(inner.end, outer.start), outer.end),
});

function detailOf(declaration: Declaration, text: string): string {
  switch (declaration.kind) {
    case "param":
      return declaration.type ? printType(declaration.type) : "";
    case "fn":
      return oneLine(text.slice(declaration.name.span.end, declaration.result?.span.end ?? declaration.name.span.end));
    case "type":
    case "import":
    case "pipeline":
    case "test":
      return "";
    default: {
      const { type, inputs } = declaration;
      const from = inputs.length === 0 ? "" : `from ${inputs.map(({ node }) => node.text).join(", ")}`;
      return [type ? `: ${printType(type)}` : "", from].filter((part) => part !== "").join(" ");
    }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 100);

function childrenOf(declaration: Declaration, text: string): readonly DocumentSymbol[] {
  if (declaration.kind === "type" && declaration.definition.kind === "type")
    return fieldsOf(declaration.definition.type);
  if ("clauses" in declaration) return declaration.clauses.flatMap((clause) => clauseSymbol(clause, text));
  return [];
}

function clauseSymbol({ keyword, span }: Clause, text: string): readonly DocumentSymbol[] {
  if (keyword.text === "") return [];
  const detail = oneLine(text.slice(keyword.span.end, span.end));
  return [
    { name: keyword.text, detail, kind: "clause", span: bare(span), selection: bare(keyword.span), children: [] },
  ];
}

function fieldsOf(type: TypeExpression): readonly DocumentSymbol[] {
  if (type.kind === "list") return fieldsOf(type.element);
  if (type.kind !== "record") return [];
  return type.fields
    .filter((field) => field.name.text !== "")
    .map((field) => ({
      name: field.name.text,
      detail: printType(field.type),
      kind: "field",
      span: bare(field.span),
      selection: bare(field.name.span),
      children: fieldsOf(field.type),
    }));
}

const mostFound = 500;

/** Names in which the letters of the query occur in their order; those that begin with it come first. */
export const workspaceSymbols = (ws: Workspace, query: string): readonly WorkspaceSymbol[] =>
  atOnce(workspaceSymbolsInSteps(ws, query));

export function* workspaceSymbolsInSteps(ws: Workspace, query: string): Steps<readonly WorkspaceSymbol[]> {
  const found: WorkspaceSymbol[] = [];
  const paths = ws.allPaths();
  for (const [i, path] of paths.entries()) {
    yield { done: i, of: paths.length };
    const { declarations } = ws.tree(path);
    const pipeline = declarations.find((one) => one.kind === "pipeline")?.name.text;
    for (const declaration of declarations) {
      const name = nameOf(declaration);
      if (!name || !isSubsequence(query.toLowerCase(), name.text.toLowerCase())) continue;
      const container = pipeline ?? path.slice(path.lastIndexOf("/") + 1);
      found.push({ name: name.text, kind: declaration.kind, container, at: locationIn(path, name.span) });
    }
  }
  const rank = ({ name }: WorkspaceSymbol): number => (name.toLowerCase().startsWith(query.toLowerCase()) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, mostFound);
}

function nameOf(declaration: Declaration): Name | undefined {
  if ("name" in declaration) return declaration.name.text === "" ? undefined : declaration.name;
  if (declaration.kind === "test" && declaration.title.kind === "string")
    return { text: declaration.title.value, span: declaration.title.span };
  return undefined;
}

function isSubsequence(query: string, text: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === query[at]) at++;
  return at >= query.length;
}
