/**
 * Finds the partner of every bracket before parsing, so that the parser knows where a group ends even when its inside is
 * broken, and which bracket of an unbalanced text is the forgotten one: then indentation tells, and a declaration at the
 * left margin closes everything before it.
 */
import type { TokenType } from "chevrotain";
import {
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  RightBrace,
  RightBracket,
  RightParenthesis,
  type Token,
  Word,
} from "./tokens.ts";

export const declarationWords: ReadonlySet<string> = new Set([
  "pipeline",
  "import",
  "param",
  "type",
  "fn",
  "table",
  "source",
  "step",
  "window",
  "chunk",
  "sink",
  "test",
]);

const closerOf = new Map<TokenType, TokenType>([
  [LeftBrace, RightBrace],
  [LeftParenthesis, RightParenthesis],
  [LeftBracket, RightBracket],
]);
const openerOf = new Map([...closerOf].map(([open, close]) => [close, open]));
/** By token type index, for speed: 1 opens, 2 closes. */
const roles: number[] = [];
for (const [open, close] of closerOf) {
  roles[open.tokenTypeIdx!] = 1;
  roles[close.tokenTypeIdx!] = 2;
}

/** Sets `partner` and `groupEnd` of the brackets among `tokens`; false when some have none. */
export function matchBrackets(tokens: readonly Token[], text: string): boolean {
  if (matchBalanced(tokens)) return true;
  matchUnbalanced(tokens, text);
  return false;
}

export const isBracket = (token: Token): boolean => roles[token.tokenTypeIdx] !== undefined;

/** False, with some partners set, when a bracket has none. */
export function matchBalanced(tokens: readonly Token[]): boolean {
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const role = roles[tokens[i]!.tokenTypeIdx];
    if (role === undefined) continue;
    if (role === 1) open.push(i);
    else {
      const partner = open.pop();
      if (partner === undefined || closerOf.get(tokens[partner]!.tokenType) !== tokens[i]!.tokenType) return false;
      pair(tokens, partner, i);
    }
  }
  return open.length === 0;
}

function pair(tokens: readonly Token[], open: number, close: number): void {
  tokens[open]!.partner = close;
  tokens[open]!.groupEnd = close;
  tokens[close]!.partner = open;
}

/** By indentation and by where declarations begin. */
export function matchUnbalanced(tokens: readonly Token[], text: string): void {
  const open: number[] = [];
  const { indents, lineEnds } = linesOf(tokens, text);
  // A round or square bracket that is never closed ends with its line; a brace goes as far as it can.
  const leave = (count: number, end: number): void => {
    for (const index of open.splice(open.length - count)) {
      tokens[index]!.partner = -1;
      tokens[index]!.groupEnd = tokens[index]!.tokenType === LeftBrace ? end : Math.min(end, lineEnds[index]!);
    }
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    token.partner = -1;
    if (open.length > 0 && beginsDeclaration(tokens, i, text)) leave(open.length, i);
    const role = roles[token.tokenTypeIdx];
    if (role === 1) open.push(i);
    else if (role === 2) {
      const depth = partnerDepth(tokens, open, i, indents);
      if (depth === undefined) continue;
      leave(depth, i);
      pair(tokens, open.pop()!, i);
    }
  }
  leave(open.length, tokens.length - 1);
}

/** Of each token: the column at which its line begins, and the index of the first token of the next line. */
function linesOf(tokens: readonly Token[], text: string): { indents: number[]; lineEnds: number[] } {
  const indents: number[] = [];
  let indent = 0;
  for (const token of tokens) {
    if (token.newline) {
      let start = token.startOffset;
      while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start--;
      indent = token.startOffset - start;
    }
    indents.push(indent);
  }
  const lineEnds: number[] = [];
  for (let i = tokens.length - 1, end = tokens.length - 1; i >= 0; i--) {
    lineEnds[i] = end;
    if (tokens[i]!.newline) end = i;
  }
  return { indents, lineEnds };
}

/** How far out a closing bracket looks for its partner. */
const mostLookedAt = 200;

/** How many open brackets above its partner the closing one at `index` leaves open; undefined when it has no partner. */
function partnerDepth(
  tokens: readonly Token[],
  open: readonly number[],
  index: number,
  indents: readonly number[],
): number | undefined {
  const close = tokens[index]!;
  const wanted = openerOf.get(close.tokenType);
  const isLineStart = wanted === LeftBrace && close.newline;
  let nearest: number | undefined;
  for (let depth = 0; depth < Math.min(open.length, mostLookedAt); depth++) {
    const at = open[open.length - 1 - depth]!;
    const type = tokens[at]!.tokenType;
    if (type === wanted) {
      nearest ??= depth;
      if (!isLineStart) return nearest;
      if (indents[at] === indents[index]) return depth;
    } // A brace is the stronger mark: a round or square bracket never reaches over an open one.
    else if (type === LeftBrace) break;
  }
  return nearest;
}

/** A declaration's keyword at the left margin, with a name or a string after it. */
export function beginsDeclaration(tokens: readonly Token[], index: number, text: string): boolean {
  const token = tokens[index]!;
  if (!token.newline || token.tokenType !== Word || !declarationWords.has(token.image)) return false;
  const before = text[token.startOffset - 1];
  if (before !== undefined && before !== "\n" && before !== "\r") return false;
  const next = tokens[index + 1];
  return next !== undefined && !next.newline && (next.tokenType === Word || next.image.startsWith('"'));
}
