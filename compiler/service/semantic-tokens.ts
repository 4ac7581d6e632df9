/** Colours by meaning: what the tree says of each word, and of the rest what the scanner does. */

import { expressionVariables, scalarTypeNames } from "../semantics/reserved.ts";
import { positionAt, type SourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { SourceFile } from "../syntax/ast.ts";
import { scan } from "../syntax/scan.ts";
import {
  BytesToken,
  DoubleToken,
  DurationToken,
  IntToken,
  Operator,
  SizeToken,
  StringToken,
  UintToken,
  Word,
} from "../syntax/tokens.ts";
import { isArgument, isClause, isDeclaration, isEntry } from "./catalogue-at.ts";
import { isExpression } from "./definition.ts";
import { type EmbeddedCode, embeddedCode } from "./embedded-code.ts";
import { isCall } from "./hover.ts";
import { type Part, partsOf } from "./syntax-path.ts";
import type { SemanticToken, SemanticTokenModifier, SemanticTokenType } from "./types.ts";
import type { Workspace } from "./workspace.ts";

interface Meaning {
  readonly type: SemanticTokenType;
  readonly modifiers: readonly SemanticTokenModifier[];
}

/** @param span only tokens that touch it */
export function semanticTokens(ws: Workspace, path: string, span?: Span): readonly SemanticToken[] {
  const { source, tree } = ws.file(path);
  const meanings = meaningsIn(tree, span);
  const { tokens, comments } = scan(source.text, () => {});
  const codeByStart = new Map(embeddedCode(tree).map((code) => [code.span.start, code]));
  const found: SemanticToken[] = [];
  const isWanted = (start: number, end: number): boolean =>
    span === undefined || (start <= span.end && end >= span.start);
  for (const token of tokens) {
    const { startOffset: start, end } = token;
    if (end <= start || !isWanted(start, end)) continue;
    const code = codeByStart.get(start);
    if (code) {
      found.push(...quotesOf(code));
      continue;
    }
    const meaning =
      token.tokenType === Word ? (meanings.get(start) ?? words.get(token.image)) : lexical.get(token.tokenType);
    if (meaning) found.push(...onLines({ start, end, ...meaning }, source));
  }
  for (const { span: at, kind } of comments)
    if (isWanted(at.start, at.end))
      found.push(
        ...onLines(
          { start: at.start, end: at.end, type: "comment", modifiers: kind === "doc" ? ["documentation"] : [] },
          source,
        ),
      );
  return found.sort((a, b) => a.start - b.start);
}

/** What is between them has the colours of its own language. */
const quotesOf = ({ span, content }: EmbeddedCode): readonly SemanticToken[] =>
  [
    { start: span.start, end: content.start },
    { start: content.end, end: span.end },
  ].map((quotes) => ({ ...quotes, ...plain("string") }));

const plain = (type: SemanticTokenType, ...modifiers: SemanticTokenModifier[]): Meaning => ({ type, modifiers });

const lexical = new Map([
  [StringToken, plain("string")],
  [BytesToken, plain("string")],
  [IntToken, plain("number")],
  [UintToken, plain("number")],
  [DoubleToken, plain("number")],
  [DurationToken, plain("number")],
  [SizeToken, plain("number")],
  [Operator, plain("operator")],
]);

const words: ReadonlyMap<string, Meaning> = new Map([
  ...["in", "from", "as", "where", "otherwise"].map((word) => [word, plain("keyword")] as const),
  ...["true", "false", "null"].map((word) => [word, plain("keyword", "defaultLibrary")] as const),
]);

/** By the offset at which the word begins. */
function meaningsIn(tree: SourceFile, span: Span | undefined): ReadonlyMap<number, Meaning> {
  const found = new Map<number, Meaning>();
  const stack: Part[] = tree.declarations.filter(
    (one) => span === undefined || (one.span.start <= span.end && one.span.end >= span.start),
  );
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    for (const [at, meaning] of wordsOf(part)) if (!found.has(at.start)) found.set(at.start, meaning);
    stack.push(...partsOf(part));
  }
  return found;
}

const named: Readonly<Record<string, SemanticTokenType>> = {
  pipeline: "namespace",
  param: "parameter",
  type: "type",
  fn: "function",
};

function wordsOf(part: Part): readonly (readonly [Span, Meaning])[] {
  if (isDeclaration(part)) {
    const name: [Span, Meaning][] =
      "name" in part ? [[part.name.span, plain(named[part.kind] ?? "class", "declaration")]] : [];
    return [[part.keyword, plain("keyword")], ...name];
  }
  if (isClause(part)) return [[part.keyword.span, plain(part.row === "test.event" ? "class" : "keyword")]];
  if (isArgument(part)) return part.words.map((word) => [word.span, plain("keyword")]);
  if (isEntry(part)) return [[part.key.span, plain("property", "declaration")]];
  if (isCall(part)) return [[part.name.span, plain(part.receiver ? "method" : "function", "defaultLibrary")]];
  if (isNamed(part, "node"))
    return [[part.node.span, plain("class")], ...(part.output ? [[part.output.span, plain("property")] as const] : [])];
  if (part.kind === "word") return [[part.span, plain("enumMember")]];
  if (part.kind === "name" && "name" in part) return [[part.span, typeMeaning(part.name)]];
  if ("optional" in part && "name" in part && "type" in part)
    return [[(part.name as Part).span, plain("property", "declaration")]];
  if (part.kind === undefined && "name" in part) return [[(part.name as Part).span, plain("parameter", "declaration")]];
  if (part.kind === "path" && "steps" in part && "root" in part)
    return [
      [(part.root as Part).span, plain("variable", "defaultLibrary")],
      ...(part.steps as readonly Part[]).map((step) => [step.span, plain("property")] as const),
    ];
  if (!isExpression(part)) return [];
  if (part.kind === "select") return [[part.field.span, plain("property")]];
  if (part.kind === "ident")
    return [[part.span, expressionVariables.has(part.name) ? plain("variable", "defaultLibrary") : plain("variable")]];
  return [];
}

interface NodeLike {
  readonly node: Part;
  readonly output?: Part;
}
const isNamed = (part: Part, key: "node"): part is Part & NodeLike => key in part && !("part" in part);

const typeMeaning = (name: unknown): Meaning =>
  typeof name === "object" && name !== null && "text" in name && scalarTypeNames.has(String(name.text))
    ? plain("type", "defaultLibrary")
    : plain("type");

/** A token of several lines is one on each, without the line ends. */
function onLines(token: SemanticToken, source: SourceText): readonly SemanticToken[] {
  const first = positionAt(source, token.start).line;
  const last = positionAt(source, token.end).line;
  if (first === last) return [token];
  const found: SemanticToken[] = [];
  for (let line = first; line <= last; line++) {
    const start = Math.max(token.start, source.lineStarts[line]!);
    const lineEnd = source.lineStarts[line + 1] ?? source.text.length;
    const text = source.text.slice(start, Math.min(token.end, lineEnd)).replace(/[\r\n]+$/, "");
    if (text.length > 0) found.push({ ...token, start, end: start + text.length });
  }
  return found;
}
