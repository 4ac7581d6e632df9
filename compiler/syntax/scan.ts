/**
 * Cuts a text into tokens and comments. Never throws: what means nothing is reported and left out. Written by hand, since
 * it is the hot loop of every check and since a regular expression per token takes longer to prepare than a file to read.
 * The kinds of tokens stand in `scan/`, in a chain of classes.
 */
import type { Comment } from "./ast.ts";
import type { SyntaxReport } from "./problems.ts";
import { classOf, isQuote, isSpace, isWordCode, kinds } from "./scan/characters.ts";
import { replacement } from "./scan/fixes.ts";
import { PunctuationScanner } from "./scan/punctuation.ts";
import { BytesToken, EndOfText, StringToken, type Token, Word } from "./tokens.ts";

export interface Scanned {
  /** The last one is the end of the text. */
  readonly tokens: Token[];
  readonly comments: readonly Comment[];
}

/** Scans from `start` to the end of the text. `doc`: of the token at `start`, when a scan goes on in the middle of a text. */
export function scan(text: string, report: SyntaxReport, start = 0, doc?: string): Scanned {
  return new Scanner(text, report, start).run(doc);
}

class Scanner extends PunctuationScanner {
  run(doc: string | undefined): Scanned {
    this.doc = doc;
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
}
