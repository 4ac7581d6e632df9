/** Brackets, operators and what else is made of punctuation. */
import type { TokenType } from "chevrotain";
import {
  Colon,
  Comma,
  Dot,
  DotDot,
  DoubleToken,
  Ellipsis,
  Equals,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Minus,
  Not,
  Operator,
  Pipe,
  Question,
  RightBrace,
  RightBracket,
  RightParenthesis,
  Word,
} from "../tokens.ts";
import { isDigit } from "./characters.ts";
import { CommentScanner } from "./comments.ts";
import { replacement } from "./fixes.ts";

const single: ReadonlyMap<number, TokenType> = new Map(
  Object.entries({
    "{": LeftBrace,
    "}": RightBrace,
    "(": LeftParenthesis,
    ")": RightParenthesis,
    "[": LeftBracket,
    "]": RightBracket,
    ",": Comma,
    ":": Colon,
    "?": Question,
    "-": Minus,
    "+": Operator,
    "*": Operator,
    "/": Operator,
    "%": Operator,
  }).map(([text, type]) => [text.charCodeAt(0), type]),
);
/** By character code: a token type, and its image so that none is cut from the text. */
const singleType: (TokenType | undefined)[] = Array.from({ length: 128 }, (_, code) => single.get(code));
const singleImage: string[] = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

export class PunctuationScanner extends CommentScanner {
  protected punctuation(c: number): void {
    const { text, at } = this;
    const next = text.charCodeAt(at + 1);
    if (c === 47 && next === 47) {
      this.lineComment();
      return;
    }
    if (c === 47 && next === 42) {
      this.blockComment();
      return;
    }
    const type = singleType[c];
    if (type !== undefined) {
      this.at++;
      if (c === 123 || c === 40 || c === 91) this.openOnLine++;
      else if ((c === 125 || c === 41 || c === 93) && this.openOnLine > 0) this.openOnLine--;
      this.push(type, singleImage[c]!, at);
      return;
    }
    switch (c) {
      case 46: // .
        if (next === 46) {
          if (text.charCodeAt(at + 2) === 46) this.cut(Ellipsis, at, at + 3);
          else this.cut(DotDot, at, at + 2);
        } else if (isDigit(next) && !this.endsOperand()) {
          const end = this.exponent(this.digits(at + 1));
          this.checkedNumber(DoubleToken, at, end);
        } else this.cut(Dot, at, at + 1);
        return;
      case 61: // =
        if (next === 126) this.cut(Operator, at, at + 2);
        else if (next === 61) this.cut(Operator, at, text.charCodeAt(at + 2) === 61 ? at + 3 : at + 2);
        else this.cut(Equals, at, at + 1);
        return;
      case 33: // !
        if (next === 61) this.cut(Operator, at, text.charCodeAt(at + 2) === 61 ? at + 3 : at + 2);
        else this.cut(Not, at, at + 1);
        return;
      case 60: // <
        this.cut(Operator, at, next === 61 || next === 62 ? at + 2 : at + 1);
        return;
      case 62: // >
        this.cut(Operator, at, next === 61 ? at + 2 : at + 1);
        return;
      case 38: // &
        this.cut(Operator, at, next === 38 ? at + 2 : at + 1);
        return;
      case 124: // |
        if (next === 124) this.cut(Operator, at, at + 2);
        else this.cut(Pipe, at, at + 1);
        return;
      default:
        this.semicolon();
    }
  }

  /** `x.5` is no field and no number either, but `[.5` is a number. */
  private endsOperand(): boolean {
    if (this.newline || this.tokens.length === 0) return false;
    const last = this.tokens.at(-1)!;
    if (last.end !== this.at) return false;
    const type = last.tokenType;
    return type === Word || type === RightParenthesis || type === RightBracket || type === RightBrace;
  }

  private semicolon(): void {
    const start = this.at;
    const isLast = /^[\s;]*(}|$|\/\/|\/\*|[\r\n])/.test(
      this.text.slice(start + 1, start + 80).replace(/[\r\n][\s\S]*/, "\n"),
    );
    this.at++;
    this.newline = true;
    this.say(
      "FLOW1014",
      { start, end: this.at },
      {},
      replacement("Remove the semicolon", { start, end: this.at }, isLast ? "" : "\n"),
    );
  }
}
