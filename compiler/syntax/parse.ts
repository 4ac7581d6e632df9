/** Text → tree and diagnostics. Never throws: what is broken becomes a hole in the tree, and its neighbours stay whole. */
import { type Diagnostic, diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { Expression, SourceFile, TypeExpression } from "./ast.ts";
import { matchBrackets } from "./brackets.ts";
import { flowParser } from "./grammar.ts";
import { maxFileChars } from "./limits.ts";
import { Problems, type SyntaxReport } from "./problems.ts";
import { scan } from "./scan.ts";
import type { Token } from "./tokens.ts";

export interface Parsed {
  readonly file: SourceFile;
  /** Ascending by place. */
  readonly diagnostics: Diagnostic[];
}

export function parse(source: SourceText): Parsed {
  const { text } = source;
  const span = { start: 0, end: text.length };
  if (text.length > maxFileChars) {
    const at = { file: source.path, start: 0, end: 0 };
    return {
      file: { kind: "file", span, declarations: [], comments: [] },
      diagnostics: [diagnostic("FLOW1023", at, { most: maxFileChars })],
    };
  }
  const problems = new Problems(source.path);
  const { tokens, comments } = scan(text, problems.report);
  matchBrackets(tokens, text);
  const declarations = flowParser().readFile(tokens, text, problems.report);
  return { file: { kind: "file", span, declarations, comments }, diagnostics: problems.all(text) };
}

/** Parses one expression, e.g. a field of a custom resource; `span` says which part of the text it is. Lines are free. */
export function parseExpression(
  source: SourceText,
  span?: Span,
): { expression: Expression; diagnostics: Diagnostic[] } {
  const { result, diagnostics } = parsePart(source, span, (tokens, text, report) =>
    flowParser().readExpression(tokens, text, report),
  );
  return { expression: result, diagnostics };
}

export function parseType(source: SourceText, span?: Span): { type: TypeExpression; diagnostics: Diagnostic[] } {
  const { result, diagnostics } = parsePart(source, span, (tokens, text, report) =>
    flowParser().readType(tokens, text, report),
  );
  return { type: result, diagnostics };
}

type Read<T> = (tokens: Token[], text: string, report: SyntaxReport) => T;

function parsePart<T>(
  source: SourceText,
  span: Span | undefined,
  read: Read<T>,
): { result: T; diagnostics: Diagnostic[] } {
  const problems = new Problems(source.path);
  const end = Math.min(span?.end ?? source.text.length, source.text.length, (span?.start ?? 0) + maxFileChars);
  const text = source.text.slice(0, end);
  const { tokens } = scan(text, problems.report, span?.start ?? 0);
  matchBrackets(tokens, text);
  return { result: read(tokens, text, problems.report), diagnostics: problems.all(text) };
}
