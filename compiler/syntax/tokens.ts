/**
 * The kinds of token, and one token. All words are one kind: keywords are contextual, so only the grammar knows them.
 * The text is cut into tokens by `scan.ts`.
 */
import { createToken, EOF, type IToken, type TokenType } from "chevrotain";

const kind = (name: string, label: string = name): TokenType => createToken({ name, label });

export const Word = kind("Word", "a name");
export const QuotedName = kind("QuotedName", "a quoted name");
export const StringToken = kind("String", "a string");
export const BytesToken = kind("Bytes", "bytes");
export const IntToken = kind("Int", "a number");
export const UintToken = kind("Uint", "a number");
export const DoubleToken = kind("Double", "a number");
export const DurationToken = kind("Duration", "a duration");
export const SizeToken = kind("Size", "a size");

export const LeftBrace = kind("LeftBrace", "`{`");
export const RightBrace = kind("RightBrace", "`}`");
export const LeftParenthesis = kind("LeftParenthesis", "`(`");
export const RightParenthesis = kind("RightParenthesis", "`)`");
export const LeftBracket = kind("LeftBracket", "`[`");
export const RightBracket = kind("RightBracket", "`]`");
export const Comma = kind("Comma", "`,`");
export const Colon = kind("Colon", "`:`");
export const Dot = kind("Dot", "`.`");
export const DotDot = kind("DotDot", "`..`");
export const Ellipsis = kind("Ellipsis", "`...`");
export const Question = kind("Question", "`?`");
export const Equals = kind("Equals", "`=`");
export const Pipe = kind("Pipe", "`|`");
export const Not = kind("Not", "`!`");
/** All infix operators but `-` and `in`; which one is in the image. A lone `&` and `===` too: the grammar mends them. */
export const Operator = kind("Operator", "an operator");
export const Minus = kind("Minus", "`-`");
export const EndOfText: TokenType = EOF;

export const tokenTypes: readonly TokenType[] = [
  Word,
  QuotedName,
  StringToken,
  BytesToken,
  IntToken,
  UintToken,
  DoubleToken,
  DurationToken,
  SizeToken,
  LeftBrace,
  RightBrace,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  Comma,
  Colon,
  Dot,
  DotDot,
  Ellipsis,
  Question,
  Equals,
  Pipe,
  Not,
  Operator,
  Minus,
];

/** One token. Chevrotain reads `image`, `startOffset` and the type; the rest is ours. */
export class Token implements IToken {
  readonly image: string;
  readonly startOffset: number;
  /** Exclusive. */
  readonly end: number;
  readonly tokenType: TokenType;
  readonly tokenTypeIdx: number;
  /** A line break (or a removed `;`) stands between it and the token before. */
  readonly newline: boolean;
  /** The text of the `///` lines right before it. */
  readonly doc: string | undefined;
  /** Of a bracket: the index of its partner, -1 where there is none. */
  partner = -1;
  /** Of an opening bracket: the index of the first token after its contents, closed or not. */
  groupEnd = -1;
  /** The scanner has reported what is wrong inside it. */
  broken = false;

  constructor(tokenType: TokenType, image: string, startOffset: number, newline: boolean, doc: string | undefined) {
    this.image = image;
    this.startOffset = startOffset;
    this.end = startOffset + image.length;
    this.tokenType = tokenType;
    this.tokenTypeIdx = tokenType.tokenTypeIdx!;
    this.newline = newline;
    this.doc = doc;
  }

  /** Inclusive, as Chevrotain counts. */
  get endOffset(): number {
    return this.end - 1;
  }
}
