/**
 * Parses a text that is much like one that was parsed before: only the declarations that the edit touches are read again, the
 * others keep their trees. The result is the one that `parse` gives, span by span; where that is not sure, the whole text is read.
 */
import type { SourceText } from "../../source/source-text.ts";
import type { Declaration, SourceFile } from "../ast.ts";
import { beginsDeclaration, matchBalanced, matchBrackets, matchUnbalanced } from "../brackets.ts";
import { flowParser } from "../grammar.ts";
import { maxDiagnosticsPerFile, maxFileChars } from "../limits.ts";
import { type Parsed, parse } from "../parse.ts";
import { Problems } from "../problems.ts";
import { scan } from "../scan.ts";
import type { Token } from "../tokens.ts";
import { type Chunk, chunksOf, isSturdy, moveChunk } from "./chunks.ts";
import { moveSpans, spansIn } from "./spans.ts";

/** A parsed text that can be parsed again after an edit. */
export interface Kept {
  readonly text: string;
  readonly parsed: Parsed;
  /** Undefined when the text cannot be cut into parts that stand alone. */
  readonly chunks: readonly Chunk[] | undefined;
}

export function parseKept(source: SourceText): Kept {
  const { path, text } = source;
  if (text.length > maxFileChars) return { text, parsed: parse(source), chunks: undefined };
  const problems = new Problems(path);
  const { tokens, comments } = scan(text, problems.report);
  const isMending = !matchBrackets(tokens, text);
  const { declarations, starts } = flowParser().readDeclarations(tokens, text, problems.report);
  const diagnostics = problems.all(text);
  const span = { start: 0, end: text.length };
  const file: SourceFile = { kind: "file", span, declarations, comments };
  const isWhole = diagnostics.length <= maxDiagnosticsPerFile;
  const tokenEnd = tokens.length - 1;
  const stretch = {
    ...span,
    file: path,
    text,
    tokens,
    tokenEnd,
    starts,
    declarations,
    comments,
    diagnostics,
    isMending,
  };
  return { text, parsed: { file, diagnostics }, chunks: isWhole ? chunksOf(stretch) : undefined };
}

/**
 * The new text, with the trees of `before` where it has not changed. Those behind the edit move: `before`, and whatever holds
 * trees of it, is not to be used any more.
 */
export function reparse(before: Kept, source: SourceText): Kept {
  const change = changeIn(before, source);
  const read = change && readAgain(change);
  if (!change || !read) return parseKept(source);
  for (const chunk of change.after) moveChunk(chunk, change.shift);
  keepTrees(read, change, (declaration, by) => moveSpans(spansIn(declaration), by));
  const chunks = [...change.before, ...read, ...change.after];
  const parsed = joined(chunks, source.text.length);
  return parsed.diagnostics.length > maxDiagnosticsPerFile ? parseKept(source) : { text: source.text, parsed, chunks };
}

/**
 * A look at another text, which leaves `before` as it is: the declarations behind the edit have the places of the old text.
 * For questions about the place of the edit itself.
 */
export function parseAside(before: Kept, source: SourceText): Parsed {
  const change = changeIn(before, source);
  const read = change && readAgain(change);
  if (!change || !read) return parse(source);
  keepTrees(read, change, () => {});
  return joined([...change.before, ...read, ...change.after], source.text.length);
}

/**
 * A declaration that was read again and says what it said keeps its tree, so that whoever knows the tree need not look at it
 * again: an edit between two declarations touches neither.
 */
function keepTrees(read: readonly Chunk[], change: Change, move: (declaration: Declaration, by: number) => void): void {
  const { source, oldText, again, same, changedEnd } = change;
  const isPlain = ({ diagnostics, isBalanced }: Chunk): boolean => diagnostics.length === 0 && isBalanced;
  if (!read.every(isPlain) || !again.every(isPlain)) return;
  const old = again
    .flatMap(({ declarations }) => declarations)
    .filter(({ span }) => span.end <= same || span.start >= changedEnd);
  const byText = new Map(old.map((one) => [oldText.slice(one.span.start, one.span.end), one]));
  for (const { declarations } of read) {
    for (const [i, { span, doc }] of declarations.entries()) {
      const known = byText.get(source.text.slice(span.start, span.end));
      if (known === undefined || known.doc !== doc) continue;
      byText.delete(source.text.slice(span.start, span.end));
      move(known, span.start - known.span.start);
      declarations[i] = known;
    }
  }
}

function joined(chunks: readonly Chunk[], end: number): Parsed {
  const declarations = chunks.flatMap((chunk) => chunk.declarations);
  const comments = chunks.flatMap((chunk) => chunk.comments);
  const diagnostics = chunks.flatMap((chunk) => chunk.diagnostics);
  return { file: { kind: "file", span: { start: 0, end }, declarations, comments }, diagnostics };
}

interface Change {
  readonly source: SourceText;
  readonly oldText: string;
  readonly before: readonly Chunk[];
  /** What stood there. */
  readonly again: readonly Chunk[];
  /** The change itself, in the old text. */
  readonly same: number;
  readonly changedEnd: number;
  /** Where the text to read again begins and ends, in the new text. */
  readonly start: number;
  readonly end: number;
  /** Of the declaration at `start`: it stands before it. */
  readonly doc: string | undefined;
  readonly after: readonly Chunk[];
  /** By how much what comes after moves. */
  readonly shift: number;
}

/** Which chunks an edit touches. One that begins where a chunk does may join it to the chunk before. */
function changeIn({ text: old, chunks }: Kept, source: SourceText): Change | undefined {
  const { text } = source;
  if (chunks === undefined || text.length > maxFileChars) return undefined;
  const same = sameAtStart(old, text);
  const tail = sameAtEnd(old, text, Math.min(old.length, text.length) - same);
  const shift = text.length - old.length;
  const changedEnd = old.length - tail;
  const from = Math.max(
    0,
    chunks.findLastIndex((chunk) => chunk.start < same),
  );
  let to = chunks.findLastIndex((chunk) => chunk.start <= changedEnd) + 1;
  // Behind its last declaration stands what documents the next one.
  const last = chunks[to - 1]?.declarations.at(-1);
  if ((last === undefined || changedEnd >= last.span.end) && to < chunks.length) to++;
  return {
    source,
    oldText: old,
    before: chunks.slice(0, from),
    again: chunks.slice(from, to),
    same,
    changedEnd,
    start: chunks[from]!.start,
    end: (chunks[to]?.start ?? old.length) + shift,
    doc: chunks[from]!.start === 0 ? undefined : chunks[from]!.declarations[0]?.doc,
    after: chunks.slice(to),
    shift,
  };
}

/** So many characters are compared at once: far quicker than one by one. */
const blockChars = 1024;

function sameAtStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same + blockChars <= most && a.slice(same, same + blockChars) === b.slice(same, same + blockChars))
    same += blockChars;
  while (same < most && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}

function sameAtEnd(a: string, b: string, most: number): number {
  const [from, to] = [a.length, b.length];
  let same = 0;
  const block = (text: string, end: number): string => text.slice(end - same - blockChars, end - same);
  while (same + blockChars <= most && block(a, from) === block(b, to)) same += blockChars;
  while (same < most && a.charCodeAt(from - 1 - same) === b.charCodeAt(to - 1 - same)) same++;
  return same;
}

/** The next chunk is scanned with it, for the parser looks ahead. Undefined when the parts do not stand alone any more. */
function readAgain(change: Change): readonly Chunk[] | undefined {
  const { source, start, end, after, shift } = change;
  const { path } = source;
  const lookAheadEnd = after.length === 0 ? end : after[1] ? after[1].start + shift : source.text.length;
  const text = source.text.slice(0, lookAheadEnd);
  const problems = new Problems(path);
  const { tokens, comments } = scan(text, problems.report, start, change.doc);
  const tokenEnd = after[0] ? boundaryAt(tokens, end, text, after[0]) : tokens.length - 1;
  if (tokenEnd === undefined || (start > 0 && tokens[0]!.startOffset !== start)) return undefined;
  const isMending = match(change, tokens, tokenEnd, text);
  if (isMending === undefined) return undefined;
  const stop = after.length > 0 ? tokenEnd : Number.POSITIVE_INFINITY;
  const read = flowParser().readDeclarations(tokens, text, problems.report, stop);
  if (after.length > 0 && read.end !== tokenEnd) return undefined;
  const isOwn = ({ start: at }: { readonly start: number }): boolean => after.length === 0 || at < end;
  return chunksOf({
    ...read,
    file: path,
    text,
    start,
    end,
    tokens,
    tokenEnd,
    comments: comments.filter(({ span }) => isOwn(span)),
    diagnostics: problems.all(text).filter(({ at }) => isOwn(at)),
    isMending,
  });
}

/** Index of the token that begins the next chunk, when it still does so and means the same. */
function boundaryAt(tokens: readonly Token[], offset: number, text: string, next: Chunk): number | undefined {
  const index = tokens.findIndex(({ startOffset }) => startOffset >= offset);
  const token = tokens[index];
  const isSame = token?.startOffset === offset && token.doc === next.declarations[0]?.doc;
  return isSame && beginsDeclaration(tokens, index, text) ? index : undefined;
}

/**
 * Finds the partners of brackets as they are found in the whole text. True: some are missing, there or elsewhere. Undefined
 * when that cannot be said without the whole text.
 */
function match(
  { before, after, oldText, start }: Change,
  tokens: Token[],
  tokenEnd: number,
  text: string,
): boolean | undefined {
  const others = [...before, ...after];
  const broken = others.filter((chunk) => !chunk.isBalanced).length;
  if (broken > 1) return undefined;
  const isBalanced = matchBalanced(broken === 0 ? tokens : tokens.slice(0, tokenEnd));
  if (isBalanced && broken === 0) return false;
  if (!isBalanced && broken === 1) return undefined;
  for (const part of [before, after]) {
    for (const [i, chunk] of part.entries()) {
      const end = part[i + 1]?.start ?? (part === before ? start : oldText.length);
      if (!isSturdy(chunk, oldText, end)) return undefined;
    }
  }
  matchUnbalanced(tokens, text);
  return true;
}
