/** What stands at a place: the expression that is selected, the declaration under the cursor, the text around a declaration. */
import type { Span } from "../../source/span.ts";
import type {
  Clause,
  Declaration,
  Expression,
  NodeDeclaration,
  NodeKind,
  PipelineDeclaration,
  SourceFile,
} from "../../syntax/ast.ts";
import { valueKinds } from "../../syntax/expression-kinds.ts";
import { holds, type Part, pathAt } from "../syntax-path.ts";
import type { Place } from "./refactoring.ts";

export interface Selected {
  readonly expression: Expression;
  /** What holds it, from the file to the innermost. */
  readonly around: readonly Part[];
}

/** The expression that the selection covers, with spaces around it or not; none for a mere cursor. */
export function selectedExpression({ text, span, analysis }: Place): Selected | undefined {
  const selected = text.slice(span.start, span.end);
  const start = span.start + (selected.length - selected.trimStart().length);
  const end = span.end - (selected.length - selected.trimEnd().length);
  if (end <= start) return undefined;
  const path = pathAt(analysis.tree, start);
  const at = path.findIndex((part) => isExpression(part) && part.span.start === start && part.span.end === end);
  const expression = path[at];
  return expression && isExpression(expression) && !isType(path)
    ? { expression, around: path.slice(0, at) }
    : undefined;
}

export const isExpression = (part: Part | undefined): part is Expression =>
  part?.kind !== undefined && valueKinds.has(part.kind) && !("fields" in part) && !("element" in part);

/** Types have literals in them too. */
const isType = (path: readonly Part[]): boolean =>
  path.some((part) => part.kind === "literal" || part.kind === "union" || "definition" in part);

export const isClause = (part: Part): part is Clause => "keyword" in part && "row" in part && "arguments" in part;

const nodeKinds: ReadonlySet<string> = new Set<NodeKind>(["source", "step", "window", "chunk", "sink", "table"]);
export const isNode = (part: Part | undefined): part is NodeDeclaration =>
  part !== undefined && part.kind !== undefined && nodeKinds.has(part.kind) && "inputs" in part;

export const declarationAt = ({ analysis, span }: Place): Declaration | undefined =>
  analysis.tree.declarations.find((one) => holds(one.span, span.start) && span.end <= one.span.end);

/** The cursor stands in the head of the node: before its clauses. */
export function nodeHeadAt(place: Place): NodeDeclaration | undefined {
  const declaration = declarationAt(place);
  if (!declaration || !isNode(declaration)) return undefined;
  const headEnd = Math.max(declaration.name.span.end, ...declaration.inputs.map((input) => input.span.end));
  return place.span.end <= Math.max(headEnd, declaration.type?.span.end ?? 0) ? declaration : undefined;
}

/** From the comments that belong to it to its end. */
export function withComments({ comments }: SourceFile, text: string, { span }: { readonly span: Span }): Span {
  let { start } = span;
  for (const comment of comments.toReversed()) {
    if (comment.span.end > start) continue;
    const between = text.slice(comment.span.end, start);
    const lineStart = text.lastIndexOf("\n", comment.span.start - 1) + 1;
    if (between.trim() !== "" || (between.match(/\n/g) ?? []).length > 1) break;
    if (text.slice(lineStart, comment.span.start).trim() !== "") break;
    start = comment.span.start;
  }
  return { start, end: span.end };
}

/** What stands between the braces of a node. */
export function bodyOf(tree: SourceFile, text: string, node: NodeDeclaration): Span {
  const head = [node.name, ...(node.type ? [node.type] : []), ...node.inputs];
  return bracesFrom(tree, text, Math.max(...head.map(({ span }) => span.end)), node.span.end);
}

/** The same of the header. */
export const bodyOfHeader = (tree: SourceFile, text: string, { name, span }: PipelineDeclaration): Span =>
  bracesFrom(tree, text, name.span.end, span.end);

function bracesFrom({ comments }: SourceFile, text: string, from: number, end: number): Span {
  let open = from;
  while (open < end && text[open] !== "{") {
    const comment = comments.find(({ span }) => span.start <= open && open < span.end);
    open = comment ? comment.span.end : open + 1;
  }
  return { start: open + 1, end: end - 1 };
}

/** The end of the line, when nothing but a comment follows there; else the very place. */
export function afterLine({ comments }: SourceFile, text: string, offset: number): number {
  const lineEnd = text.indexOf("\n", offset) < 0 ? text.length : text.indexOf("\n", offset);
  const rest = text.slice(offset, lineEnd);
  if (rest.trim() === "") return rest.endsWith("\r") ? lineEnd - 1 : lineEnd;
  const comment = comments.find(({ span }) => span.start >= offset && text.slice(offset, span.start).trim() === "");
  return comment && comment.kind === "line" && comment.span.end <= lineEnd ? comment.span.end : offset;
}

/** What ends a declaration that is put in there, so that one blank line follows it and not two. */
export const gapAfter = (text: string, at: number): string => (/^\r?\n\s*(?:\n|$)/.test(text.slice(at)) ? "" : "\n");
