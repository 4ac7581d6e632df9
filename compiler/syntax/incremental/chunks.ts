/**
 * A parsed file cut where a declaration begins at the left margin: what the parser made of a chunk depends on nothing outside
 * of it, but for how brackets are matched where some are missing.
 */
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { Comment, Declaration } from "../ast.ts";
import { beginsDeclaration, isBracket, matchBalanced, matchUnbalanced } from "../brackets.ts";
import { scan } from "../scan.ts";
import type { Token } from "../tokens.ts";
import { isWithin, movedDiagnostic, moveSpans, spansIn } from "./spans.ts";

export interface Chunk {
  /** Where its first declaration begins; 0 for what stands before the first one of all. It ends where the next chunk begins. */
  start: number;
  readonly declarations: Declaration[];
  readonly comments: readonly Comment[];
  diagnostics: readonly Diagnostic[];
  /** Every bracket in it has its partner in it. */
  readonly isBalanced: boolean;
  /** Its brackets are matched alike where brackets are missing elsewhere in the file; undefined until somebody asks. */
  isSturdy: boolean | undefined;
  /** All places in it, when it has moved once. */
  spans: readonly Span[] | undefined;
}

/** What was read of a stretch of text. */
export interface Stretch extends Span {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Index of the first token behind it. */
  readonly tokenEnd: number;
  /** Index of the first token of each declaration. */
  readonly starts: readonly number[];
  readonly declarations: readonly Declaration[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
  /** Brackets were matched as they are where some are missing. */
  readonly isMending: boolean;
}

/** Undefined when something in one chunk depends on another. */
export function chunksOf(stretch: Stretch): readonly Chunk[] | undefined {
  const { tokens, starts, text, start, end, isMending } = stretch;
  const chunks: Chunk[] = [];
  const boundaries = starts
    .map((token, i) => ({ token, declaration: i }))
    .filter(({ token }) => beginsDeclaration(tokens, token, text));
  const first = boundaries[0];
  if (first === undefined || tokens[first.token]!.startOffset > start) {
    if (start > 0) return undefined;
    boundaries.unshift({ token: 0, declaration: 0 });
  }
  let [comment, problem] = [0, 0];
  for (const [i, { token, declaration }] of boundaries.entries()) {
    const next = boundaries[i + 1];
    const span = {
      start: i === 0 ? start : tokens[token]!.startOffset,
      end: next === undefined ? end : tokens[next.token]!.startOffset,
    };
    const isBalanced = balance(tokens, token, next?.token ?? stretch.tokenEnd);
    if (isBalanced === undefined) return undefined;
    // Matched otherwise than it would be in a file where no bracket is missing.
    if (isMending && !isBalanced && matchBalanced(tokens.slice(token, next?.token ?? stretch.tokenEnd)))
      return undefined;
    const comments: Comment[] = [];
    for (; (stretch.comments[comment]?.span.start ?? end) < span.end; comment++)
      comments.push(stretch.comments[comment]!);
    const diagnostics: Diagnostic[] = [];
    for (; isIn(stretch.diagnostics[problem], span, next === undefined); problem++)
      diagnostics.push(stretch.diagnostics[problem]!);
    if (!diagnostics.every((one) => isWithin(one, stretch.file, span))) return undefined;
    chunks.push({
      start: span.start,
      declarations: stretch.declarations.slice(declaration, next?.declaration),
      comments,
      diagnostics,
      isBalanced,
      isSturdy: isMending && isBalanced ? true : undefined,
      spans: undefined,
    });
  }
  return chunks;
}

const isIn = (one: Diagnostic | undefined, { end }: Span, isLast: boolean): boolean =>
  one !== undefined && (one.at.start < end || isLast);

/** Whether the brackets among these tokens have their partners among them; undefined when one has it outside. */
function balance(tokens: readonly Token[], from: number, to: number): boolean | undefined {
  let isBalanced = true;
  for (let i = from; i < to; i++) {
    const token = tokens[i]!;
    if (!isBracket(token)) continue;
    if (token.partner === -1) isBalanced = false;
    else if (token.partner < from || token.partner >= to) return undefined;
  }
  return isBalanced;
}

/** Scans the chunk anew the first time. */
export function isSturdy(chunk: Chunk, text: string, end: number): boolean {
  if (!chunk.isBalanced) return true;
  chunk.isSturdy ??= isMatchedAlike(text.slice(0, end), chunk.start);
  return chunk.isSturdy;
}

function isMatchedAlike(text: string, start: number): boolean {
  const { tokens } = scan(text, () => {}, start);
  if (!matchBalanced(tokens)) return false;
  const partners = tokens.map(({ partner }) => partner);
  matchUnbalanced(tokens, text);
  return tokens.every(({ partner }, i) => partner === partners[i]);
}

/** Its trees move where they are. */
export function moveChunk(chunk: Chunk, by: number): void {
  if (by === 0) return;
  chunk.spans ??= spansIn(chunk.declarations, chunk.comments);
  moveSpans(chunk.spans, by);
  chunk.start += by;
  if (chunk.diagnostics.length > 0) chunk.diagnostics = chunk.diagnostics.map((one) => movedDiagnostic(one, by));
}
