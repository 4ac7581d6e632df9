/** Strings and names in backquotes. One that is not closed ends where its line most likely goes on. */
import type { TokenType } from "chevrotain";
import { QuotedName } from "../tokens.ts";
import { insertion } from "./fixes.ts";
import { NumberScanner } from "./numbers.ts";

export class StringScanner extends NumberScanner {
  protected quotedName(): void {
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
  protected string(start: number, open: number, isRaw: boolean, type: TokenType): void {
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
}
