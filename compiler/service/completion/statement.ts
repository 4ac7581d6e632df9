/**
 * Where in a block the cursor stands, told by the tokens before it: whether a clause may begin here, or which clause has
 * begun and what of it is written. The tree cannot tell, since the clause is not whole.
 */
import { clausesOf } from "../../catalog/clauses.ts";
import type { ClauseRow, Part as PartRow, Place } from "../../catalog/rows.ts";
import type { Clause, Declaration } from "../../syntax/ast.ts";
import { scan } from "../../syntax/scan.ts";
import {
  EndOfText,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  RightBrace,
  RightBracket,
  RightParenthesis,
  type Token,
} from "../../syntax/tokens.ts";
import { type ClausePlace, isDeclaration, noClause, roleOf } from "../catalogue-at.ts";
import { allParts, pathAt } from "../syntax-path.ts";
import type { Probe } from "./probe.ts";

export interface Statement {
  /** Of the block. */
  readonly at: ClausePlace;
  /** The clause that the cursor goes on with. */
  readonly clause: Clause | undefined;
  readonly row: ClauseRow | undefined;
  /** The parts that stand whole before the cursor. */
  readonly given: ReadonlySet<string>;
  /** The clause so far, without its keyword, cut into tokens. */
  readonly words: readonly string[];
  /** Those behind the last whole value: `by` in `replicas 0..3 by |`. */
  readonly pending: readonly string[];
  /** Another clause may begin here: the line begins here, or the block is on one line. */
  readonly mayBegin: boolean;
}

/** Undefined outside of blocks, and inside the braces and brackets of a value. */
export function statementAt(probe: Probe): Statement | undefined {
  const { tree, text, word } = probe;
  const declaration = pathAt(tree, word.start).find(isDeclaration);
  if (!declaration || declaration.span.start >= word.start) return undefined;
  const tokens = tokensBefore(text, declaration.span.start, word.start);
  const open = innermostOpen(tokens);
  if (open?.tokenType !== LeftBrace) return undefined;
  const block = blockAt(declaration, open);
  if (!block) return undefined;
  const { place, clauses: siblings } = block;
  const begun = siblings.findLast(({ span }) => span.start < word.start);
  const last = tokens.at(-1)!;
  const isSameLine = !text.slice(last.end, word.start).includes("\n");
  const goesOn = begun !== undefined && isSameLine && last !== open;
  const clause = goesOn ? begun : undefined;
  const row = clause && clausesOf(place).find(({ id }) => id === clause.row);
  const done = clause?.arguments.filter(({ span, value }) => span.end <= word.start && value.kind !== "error") ?? [];
  const from = Math.max(clause?.keyword.span.end ?? 0, ...done.map(({ span }) => span.end));
  return {
    at: { ...noClause, place, role: roleOf(place), siblings },
    clause,
    row,
    given: new Set(done.map(({ part }) => part)),
    words: imagesFrom(tokens, clause?.keyword.span.end),
    pending: imagesFrom(tokens, clause && from),
    mayBegin: !goesOn || !text.slice(open.startOffset, word.start).includes("\n"),
  };
}

const imagesFrom = (tokens: readonly Token[], start: number | undefined): readonly string[] =>
  start === undefined ? [] : tokens.filter(({ startOffset }) => startOffset >= start).map(({ image }) => image);

const tokensBefore = (text: string, start: number, end: number): readonly Token[] =>
  scan(text.slice(0, end), () => {}, start).tokens.filter(({ tokenType }) => tokenType !== EndOfText);

function innermostOpen(tokens: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    const { tokenType } = token;
    if (tokenType === LeftBrace || tokenType === LeftBracket || tokenType === LeftParenthesis) open.push(token);
    else if (tokenType === RightBrace || tokenType === RightBracket || tokenType === RightParenthesis) open.pop();
  }
  return open.at(-1);
}

interface Block {
  readonly place: Place;
  readonly clauses: readonly Clause[];
}

/** The brace opens the body of the declaration, or a block in it: that of `errors dead_letter { … }`. */
function blockAt(declaration: Declaration, open: Token): Block | undefined {
  for (const part of allParts(declaration)) {
    if (part.kind === "block" && "clauses" in part && part.span.start === open.startOffset)
      return { place: "errors", clauses: part.clauses as readonly Clause[] };
  }
  if (open.startOffset < headerEnd(declaration)) return undefined;
  const body = bodyOf(declaration);
  return body && !body.clauses.some(({ span }) => span.start < open.startOffset) ? body : undefined;
}

function bodyOf(declaration: Declaration): Block | undefined {
  if ("clauses" in declaration) return { place: declaration.kind, clauses: declaration.clauses };
  return declaration.kind === "test" ? { place: "test", clauses: declaration.statements } : undefined;
}

/** Braces may stand in the header too: `source a: { id: string } {`, `step b from a where x == {} {`. */
function headerEnd(declaration: Declaration): number {
  const { end } =
    "title" in declaration
      ? declaration.title.span
      : "name" in declaration
        ? declaration.name.span
        : declaration.keyword;
  const type = "type" in declaration ? declaration.type : undefined;
  const inputs = "inputs" in declaration ? declaration.inputs : [];
  return Math.max(end, type?.span.end ?? 0, ...inputs.map(({ span }) => span.end));
}

/** What the words at the end begin of `phrase`, if anything: the rest of it, `lag` of `by lag` after `by`. */
export function restOfPhrase(phrase: string, words: readonly string[]): string | undefined {
  const parts = phrase.split(" ");
  for (let count = Math.min(parts.length - 1, words.length); count > 0; count--)
    if (parts.slice(0, count).join(" ") === words.slice(-count).join(" ")) return parts.slice(count).join(" ");
  return undefined;
}

/** The part whose own words stand right before the cursor: its value comes next. */
export const introduced = (row: ClauseRow, words: readonly string[]): PartRow | undefined =>
  row.parts.find(({ word }) => {
    const parts = word?.split(" ");
    return parts !== undefined && words.slice(-parts.length).join(" ") === word;
  });
