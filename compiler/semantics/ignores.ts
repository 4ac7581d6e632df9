/** The last word on diagnostics: `flow-ignore` comments, then levels, then one fixed order. */
import { type Levels, severityOf } from "../config/flow-config.ts";
import { codes } from "../source/codes/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import { positionAt, type SourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { Program, ProgramFile } from "./program.ts";

interface Ignore {
  readonly file: ProgramFile;
  readonly code: string;
  readonly span: Span;
  /** The whole comment. */
  readonly comment: Span;
  /** The line whose diagnostics it silences, from 0. */
  readonly line: number;
  readonly hasReason: boolean;
  used: boolean;
}

export function settleDiagnostics(program: Program, levels: Levels): readonly Diagnostic[] {
  const ignores = program.files.flatMap(ignoresIn);
  const byLineAndCode = new Map(ignores.map((each) => [placeKey(each.file.path, each.line, each.code), each]));
  const holes = new Map(
    program.files.filter((file) => file.problems.length > 0).map((file) => [file.path, brokenSpans(file)]),
  );
  const said = new Set(program.files.flatMap((file) => file.problems));
  const kept = program.diagnostics
    .filter((each) => said.has(each) || !isCascade(each, holes))
    .filter((each) => !isIgnored(each, byLineAndCode, program.sources));
  program.diagnostics.length = 0;
  program.diagnostics.push(...kept);
  for (const ignore of ignores) if (ignore.file === program.main) reportIgnore(ignore);
  const settled = sorted(program.diagnostics.flatMap((each) => withLevel(each, levels)));
  return program.isResource ? settled.map((each) => ({ ...each, fixes: [] })) : settled;
}

/** The clauses and declarations without clauses that the parser could not read whole. */
function brokenSpans({ tree, problems }: ProgramFile): readonly Span[] {
  const parts = tree.declarations.flatMap((declaration): readonly Span[] => {
    if ("clauses" in declaration)
      return [...("inputs" in declaration ? declaration.inputs : []), ...declaration.clauses].map(({ span }) => span);
    return declaration.kind === "test" ? declaration.statements.map(({ span }) => span) : [declaration.span];
  });
  return parts.filter((part) => problems.some(({ at }) => at.start <= part.end && at.end >= part.start));
}

/** What is found inside of something that could not be read may only come of that. */
function isCascade(each: Diagnostic, holes: ReadonlyMap<string, readonly Span[]>): boolean {
  if (/^FLOW(1|58)/.test(each.code)) return false; // from the parser, or from the reader of custom resources
  return holes.get(each.at.file)?.some((hole) => hole.start <= each.at.start && each.at.end <= hole.end) ?? false;
}

const pattern = /^[ \t]*flow-ignore\b[ \t]*([^:]*)(?::[ \t]*(.*))?$/;

function ignoresIn(file: ProgramFile): Ignore[] {
  const codeLineAfter = new Map<number, number>();
  return file.tree.comments.flatMap((comment) => {
    const match = comment.kind === "line" ? pattern.exec(comment.text) : null;
    if (!match) return [];
    const line = lineSilencedBy(file.source, comment.span, codeLineAfter);
    const words = match[1]!.split(/[\s,]+/).filter((word) => word !== "");
    return words.map((code): Ignore => {
      const start = file.source.text.indexOf(code, comment.span.start);
      return {
        file,
        code,
        span: { start, end: start + code.length },
        comment: comment.span,
        line,
        hasReason: (match[2] ?? "").trim() !== "",
        used: false,
      };
    });
  });
}

/** The comment's own line when something stands before it there, else the next line that is neither empty nor a comment. */
function lineSilencedBy(source: SourceText, comment: Span, codeLineAfter: Map<number, number>): number {
  const { line } = positionAt(source, comment.start);
  if (!isCommentLine(source, line)) return line;
  let next = line;
  while (next < source.lineStarts.length && !codeLineAfter.has(next) && isCommentLine(source, next)) next++;
  const target = codeLineAfter.get(next) ?? next;
  for (let passed = line; passed < next; passed++) codeLineAfter.set(passed, target);
  return target;
}

function isCommentLine(source: SourceText, line: number): boolean {
  const text = textOfLine(source, line).trim();
  return text === "" || text.startsWith("//");
}

const textOfLine = (source: SourceText, line: number): string =>
  source.text.slice(source.lineStarts[line]!, source.lineStarts[line + 1] ?? source.text.length);

const placeKey = (file: string, line: number, code: string): string => `${code} ${line} ${file}`;

function isIgnored(
  each: Diagnostic,
  byLineAndCode: ReadonlyMap<string, Ignore>,
  sources: ReadonlyMap<string, SourceText>,
): boolean {
  const source = sources.get(each.at.file);
  if (each.severity === "error" || !source || byLineAndCode.size === 0) return false;
  const { line } = positionAt(source, each.at.start);
  const ignore = byLineAndCode.get(placeKey(each.at.file, line, each.code));
  if (ignore) ignore.used = true;
  return ignore !== undefined;
}

function reportIgnore(ignore: Ignore): void {
  const { code, file, span } = ignore;
  const fixes = [
    {
      title: "Take the comment away",
      edits: [{ file: file.path, start: ignore.comment.start, end: ignore.comment.end, newText: "" }],
    },
  ];
  if (!Object.hasOwn(codes, code)) {
    file.report("FLOW9005", span, { code, near: didYouMean(nearest(code, Object.keys(codes))) });
  } else if (codes[code as keyof typeof codes].severity === "error") {
    file.report("FLOW9003", span, { code, why: `${code} is an error, and errors cannot be ignored.` }, { fixes });
  } else if (ignore.used) {
    if (!ignore.hasReason) file.report("FLOW9004", span, { code });
  } else if (!file.broken && codes[code as keyof typeof codes].when === undefined) {
    file.report("FLOW9003", span, { code, why: `There is no ${code} on that line.` }, { fixes });
  }
}

function withLevel(each: Diagnostic, levels: Levels): Diagnostic[] {
  const level = each.severity === "error" ? undefined : levels.get(each.code);
  if (level === undefined) return [each];
  return level === "off" ? [] : [{ ...each, severity: severityOf[level] }];
}

/** By file, place and code; what was found twice is said once. */
function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byId = new Map(
    diagnostics.map((each) => [`${each.code} ${each.at.file} ${each.at.start} ${each.message}`, each]),
  );
  const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...byId.values()].sort(
    (a, b) =>
      compare(a.at.file, b.at.file) ||
      a.at.start - b.at.start ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}
