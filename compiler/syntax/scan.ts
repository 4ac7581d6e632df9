/**
 * Cuts a text into tokens and comments. Never throws: what means nothing is reported and left out. Written by hand, since
 * it is the hot loop of every check and since a regular expression per token takes longer to prepare than a file to read.
 */
import type { TokenType } from "chevrotain";
import type { Extras } from "../source/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { Comment } from "./ast.ts";
import { bytesByUnit, nanosByUnit, unitByMisspelling } from "./numbers.ts";
import type { SyntaxReport } from "./problems.ts";
import {
  BytesToken,
  Colon,
  Comma,
  Dot,
  DotDot,
  DoubleToken,
  DurationToken,
  Ellipsis,
  EndOfText,
  Equals,
  IntToken,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Minus,
  Not,
  Operator,
  Pipe,
  Question,
  QuotedName,
  RightBrace,
  RightBracket,
  RightParenthesis,
  SizeToken,
  StringToken,
  Token,
  UintToken,
  Word,
} from "./tokens.ts";

export interface Scanned {
  /** The last one is the end of the text. */
  readonly tokens: Token[];
  readonly comments: readonly Comment[];
}

const kinds = { other: 0, space: 1, newline: 2, letter: 3, digit: 4, quote: 5, punctuation: 6 } as const;

/** The class of each ASCII character. */
const classOf = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const character = String.fromCharCode(c);
  if (character === " " || character === "\t" || character === "\f" || character === "\v") classOf[c] = kinds.space;
  else if (character === "\n" || character === "\r") classOf[c] = kinds.newline;
  else if (/[A-Za-z_]/.test(character)) classOf[c] = kinds.letter;
  else if (/[0-9]/.test(character)) classOf[c] = kinds.digit;
  else if (character === '"' || character === "'" || character === "`") classOf[c] = kinds.quote;
  else if ("{}()[],:.?=|!<>&+-*/%;".includes(character)) classOf[c] = kinds.punctuation;
}

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

const isWordCode = (c: number): boolean => c < 128 && (classOf[c] === kinds.letter || classOf[c] === kinds.digit);

/** Scans from `start` to the end of the text. */
export function scan(text: string, report: SyntaxReport, start = 0): Scanned {
  return new Scanner(text, report, start).run();
}

class Scanner {
  readonly text: string;
  private readonly report: SyntaxReport;
  private readonly tokens: Token[] = [];
  private readonly comments: Comment[] = [];
  private at: number;
  private newline = true;
  private doc: string | undefined;
  /** Brackets opened on this line and not closed on it. */
  private openOnLine = 0;

  constructor(text: string, report: SyntaxReport, start: number) {
    this.text = text;
    this.at = start;
    this.report = report;
  }

  run(): Scanned {
    const { text } = this;
    const end = text.length;
    if (this.at === 0 && text.charCodeAt(0) === 0xfeff) this.at = 1;
    while (this.at < end) {
      const c = text.charCodeAt(this.at);
      switch (c < 128 ? classOf[c] : kinds.other) {
        case kinds.space:
          this.at++;
          break;
        case kinds.newline:
          this.at++;
          this.newline = true;
          this.openOnLine = 0;
          break;
        case kinds.letter:
          this.word(c);
          break;
        case kinds.digit:
          this.number();
          break;
        case kinds.quote:
          if (c === 96) this.quotedName();
          else this.string(this.at, this.at, false, StringToken);
          break;
        case kinds.punctuation:
          this.punctuation(c);
          break;
        default:
          this.unknown(c);
      }
    }
    this.push(EndOfText, "", end);
    return { tokens: this.tokens, comments: this.comments };
  }

  private push(type: TokenType, image: string, start: number): Token {
    const token = new Token(type, image, start, this.newline, this.doc);
    this.tokens.push(token);
    this.newline = false;
    this.doc = undefined;
    return token;
  }

  /** A token whose image ends at `end`. */
  private cut(type: TokenType, start: number, end: number): Token {
    this.at = end;
    return this.push(type, this.text.substring(start, end), start);
  }

  private word(first: number): void {
    const { text } = this;
    const start = this.at;
    let end = start + 1;
    while (isWordCode(text.charCodeAt(end))) end++;
    const next = text.charCodeAt(end);
    if (next === 34 || next === 39) {
      const prefix = end - start <= 2 ? text.substring(start, end).toLowerCase() : "";
      if (prefix === "r" || prefix === "b" || prefix === "br") {
        this.string(start, end, prefix.endsWith("r"), first === 98 || first === 66 ? BytesToken : StringToken);
        return;
      }
    }
    this.cut(Word, start, end);
  }

  private quotedName(): void {
    const start = this.at;
    let end = start + 1;
    for (; ; end++) {
      const c = this.text.charCodeAt(end);
      if (c === 96) break;
      if (Number.isNaN(c) || c === 10 || c === 13) {
        this.unclosedString(QuotedName, start, end, "`");
        return;
      }
    }
    this.cut(QuotedName, start, end + 1);
  }

  /** `start` is the prefix's, `open` the quote's offset. */
  private string(start: number, open: number, isRaw: boolean, type: TokenType): void {
    const { text } = this;
    const quote = text.charCodeAt(open);
    const isTriple = text.charCodeAt(open + 1) === quote && text.charCodeAt(open + 2) === quote;
    let at = isTriple ? open + 3 : open + 1;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 92 && !isRaw) at++;
      else if (c === quote) {
        if (!isTriple) return void this.cut(type, start, at + 1);
        if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote)
          return void this.cut(type, start, at + 3);
      } else if (!isTriple && (c === 10 || c === 13)) break;
      if (!isTriple && c === 92 && !isRaw && (text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13)) break;
    }
    this.unclosedString(
      type,
      start,
      Math.min(at, text.length),
      isTriple ? text.substring(open, open + 3) : text[open]!,
    );
  }

  /** Brackets at the line's end that close what the line opened, or open a block, are taken to stand outside the string. */
  private unclosedString(type: TokenType, start: number, lineEnd: number, quote: string): void {
    let end = lineEnd;
    if (quote.length === 1 && /\s\{[ \t]*$/.test(this.text.slice(start, end)))
      end = start + this.text.slice(start, end).search(/\s+\{[ \t]*$/);
    else if (quote.length === 1) {
      for (let open = this.openOnLine; ; end--) {
        const c = this.text[end - 1]!;
        if ("})]".includes(c) && open > 0) open--;
        else if (!" \t,".includes(c)) break;
        if (end - 1 <= start + 1) break;
      }
    }
    const token = this.cut(type, start, end);
    token.broken = true;
    this.say("FLOW1002", { start, end }, {}, insertion("Close the string", end, quote));
  }

  private number(): void {
    const { text } = this;
    const start = this.at;
    let end = start + 1;
    let type = IntToken;
    const second = text.charCodeAt(end);
    if (text.charCodeAt(start) === 48 && (second === 120 || second === 88)) {
      end = this.endOf(end + 1, /[0-9a-fA-F]*/y);
    } else {
      end = this.digits(end);
      if (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) {
        end = this.digits(end + 1);
        type = DoubleToken;
      }
      const exponent = this.exponent(end);
      if (exponent !== end) {
        end = exponent;
        type = DoubleToken;
      }
    }
    if (isWordCode(text.charCodeAt(end)) || text.charCodeAt(end) === 181) this.numberWithUnit(start, end, type);
    else this.checkedNumber(type, start, end);
  }

  private digits(from: number): number {
    let end = from;
    while (isDigit(this.text.charCodeAt(end))) end++;
    return end;
  }

  /** The end of `e-5` at `from`, or `from`. */
  private exponent(from: number): number {
    if ((this.text.charCodeAt(from) | 32) !== 101) return from;
    const sign = this.text.charCodeAt(from + 1);
    const digits = sign === 43 || sign === 45 ? from + 2 : from + 1;
    return isDigit(this.text.charCodeAt(digits)) ? this.digits(digits) : from;
  }

  private endOf(from: number, pattern: RegExp): number {
    pattern.lastIndex = from;
    pattern.test(this.text);
    return Math.max(from, pattern.lastIndex);
  }

  private numberWithUnit(start: number, numberEnd: number, type: TokenType): void {
    const end = this.endOf(numberEnd, /[\w.µ]*/y);
    const text =
      this.text.substring(start, numberEnd) + this.text.substring(numberEnd, end).replace(/\.+$|\.\D.*$|\.\..*$/, "");
    const after = start + text.length;
    const suffix = text.slice(numberEnd - start);
    if ((suffix === "u" || suffix === "U") && type === IntToken) {
      this.checkedNumber(UintToken, start, after);
      return;
    }
    if (/^(\d+(\.\d+)?(ns|us|ms|s|m|h|d))+$/.test(text) && unitsDescend(text)) {
      this.checkedNumber(DurationToken, start, after);
      return;
    }
    if (/^\d+(\.\d+)?[KMGT]?i?B$/.test(text) && bytesByUnit.has(suffix)) {
      this.checkedNumber(SizeToken, start, after);
      return;
    }
    const token = this.cut(type, start, after);
    token.broken = true;
    if (/^0[xX]/.test(text)) {
      this.say("FLOW1005", spanOf(token), { text, reason: "is no hexadecimal number" });
      return;
    }
    const near = nearUnit(suffix);
    const fix =
      near === undefined
        ? undefined
        : replacement(
            `Change to \`${text.slice(0, numberEnd - start)}${near}\``,
            { start: numberEnd, end: after },
            near,
          );
    this.say("FLOW1006", spanOf(token), { text, unit: suffix, near }, fix);
  }

  private checkedNumber(type: TokenType, start: number, end: number): void {
    const token = this.cut(type, start, end);
    if (end - start <= 15) {
      if (end - start === 2 && /^0[xX]$/.test(token.image)) this.numberIs(token, "has no digits after `0x`");
      return;
    }
    if (type === IntToken || type === UintToken) {
      const most =
        type === UintToken ? 2n ** 64n - 1n : this.tokens.at(-2)?.tokenType === Minus ? 2n ** 63n : 2n ** 63n - 1n;
      if (end - start > 40 || BigInt(token.image.replace(/[uU]$/, "")) > most) {
        this.numberIs(
          token,
          type === UintToken ? "does not fit the 64 bits of a `uint`" : "does not fit the 64 bits of an `int`",
        );
      }
    } else if (type === DurationToken && end - start > 40) this.numberIs(token, "is no duration that anyone waits for");
    else if (type === SizeToken && end - start > 40) this.numberIs(token, "is larger than any file");
  }

  private numberIs(token: Token, reason: string): void {
    token.broken = true;
    this.say("FLOW1005", spanOf(token), { text: token.image, reason });
  }

  private punctuation(c: number): void {
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
        if (next === 61) this.cut(Operator, at, text.charCodeAt(at + 2) === 61 ? at + 3 : at + 2);
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

  private lineComment(): void {
    const { text } = this;
    const start = this.at;
    let end = start + 2;
    for (let c = text.charCodeAt(end); end < text.length && c !== 10 && c !== 13; c = text.charCodeAt(end)) end++;
    const isDoc = this.newline && text.charCodeAt(start + 2) === 47 && text.charCodeAt(start + 3) !== 47;
    const body = text.substring(start + (isDoc ? 3 : 2), end);
    this.comments.push({ kind: isDoc ? "doc" : "line", text: body, span: { start, end } });
    if (isDoc) {
      const line = (body.startsWith(" ") ? body.slice(1) : body).trimEnd();
      this.doc = this.doc === undefined ? line : `${this.doc}\n${line}`;
    }
    this.at = end;
  }

  private blockComment(): void {
    const start = this.at;
    const close = this.text.indexOf("*/", start + 2);
    const end = close === -1 ? this.text.length : close + 2;
    const body = this.text.substring(start + 2, close === -1 ? end : close);
    this.comments.push({ kind: "block", text: body, span: { start, end } });
    if (/[\r\n]/.test(body)) this.newline = true;
    this.at = end;
    if (close === -1) this.say("FLOW1004", { start, end: start + 2 }, {}, insertion("Close the comment", end, " */"));
  }

  /** A run of characters that mean nothing: one message. */
  private unknown(first: number): void {
    const start = this.at;
    if (first === 35) {
      this.hashComment();
      return;
    }
    let end = start;
    for (; end < this.text.length; end++) {
      const c = this.text.charCodeAt(end);
      if (c < 128 ? classOf[c] !== kinds.other || c === 35 : isSpace(c) || (isQuote(c) && end > start)) break;
      if (isQuote(c)) {
        end++;
        break;
      }
    }
    if (end === start) {
      this.at++;
      return;
    }
    // Letters outside ASCII make one wrong name with those beside them.
    const isLetter = /^\p{L}/u.test(this.text.slice(start, end));
    if (isLetter) end = this.endOf(end, /[\p{L}\p{N}_]*/uy);
    const found = this.text.slice(start, Math.min(end, start + 40));
    const quote = isQuote(first) ? (first < 0x201c ? "'" : '"') : undefined;
    this.at = end;
    const fix = quote === undefined ? undefined : replacement("Use a plain quote", { start, end }, quote);
    const instead =
      quote === undefined ? (isLetter ? "names with the letters a to z, digits and `_`" : undefined) : `\`${quote}\``;
    if (isLetter) this.cut(Word, start, end).broken = true;
    this.say("FLOW1001", { start, end }, { text: found, instead }, fix);
  }

  private hashComment(): void {
    const start = this.at;
    const end = this.endOf(start, /[^\r\n]*/y);
    this.comments.push({ kind: "line", text: this.text.substring(start + 1, end), span: { start, end } });
    this.at = end;
    const mark = { start, end: start + 1 };
    this.say(
      "FLOW1001",
      mark,
      { text: "#", instead: "`//` before a comment" },
      replacement("Begin the comment with `//`", mark, "//"),
    );
  }

  private readonly say: SyntaxReport = (code, span, parameters, extras) => this.report(code, span, parameters, extras);
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isSpace = (c: number): boolean =>
  c === 0xa0 || c === 0x2028 || c === 0x2029 || c === 0xfeff || c === 0x3000 || (c >= 0x2000 && c <= 0x200b);
const isQuote = (c: number): boolean => c === 0x201c || c === 0x201d || c === 0x201e || c === 0x2018 || c === 0x2019;
const spanOf = (token: Token): Span => ({ start: token.startOffset, end: token.end });

const order = [...nanosByUnit.keys()];

/** `1h30m` and not `30m1h`. */
function unitsDescend(text: string): boolean {
  if (/^[\d.]+[a-z]+$/.test(text)) return true;
  const used = [...text.matchAll(/[a-z]+/g)].map(([unit]) => order.indexOf(unit));
  return used.every((unit, i) => i === 0 || unit > used[i - 1]!);
}

function nearUnit(suffix: string): string | undefined {
  return unitByMisspelling.get(suffix) ?? unitByMisspelling.get(suffix.toLowerCase());
}

type Fixes = Pick<Extras, "fixes">;

/** Fixes without a file: `problems.ts` adds it. */
function replacement(title: string, span: Span, newText: string): Fixes {
  return { fixes: [{ title, edits: [{ file: "", start: span.start, end: span.end, newText }] }] };
}

const insertion = (title: string, at: number, newText: string): Fixes =>
  replacement(title, { start: at, end: at }, newText);
