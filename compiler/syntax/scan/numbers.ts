/** Numbers: integers, doubles, durations and sizes, and what is wrong about them. */
import type { TokenType } from "chevrotain";
import type { Span } from "../../source/span.ts";
import { bytesByUnit, nanosByUnit, unitByMisspelling } from "../numbers.ts";
import { DoubleToken, DurationToken, IntToken, Minus, SizeToken, type Token, UintToken } from "../tokens.ts";
import { isDigit, isWordCode } from "./characters.ts";
import { replacement } from "./fixes.ts";
import { TokenWriter } from "./token-writer.ts";

export class NumberScanner extends TokenWriter {
  protected number(): void {
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

  protected digits(from: number): number {
    let end = from;
    while (isDigit(this.text.charCodeAt(end))) end++;
    return end;
  }

  /** The end of `e-5` at `from`, or `from`. */
  protected exponent(from: number): number {
    if ((this.text.charCodeAt(from) | 32) !== 101) return from;
    const sign = this.text.charCodeAt(from + 1);
    const digits = sign === 43 || sign === 45 ? from + 2 : from + 1;
    return isDigit(this.text.charCodeAt(digits)) ? this.digits(digits) : from;
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

  protected checkedNumber(type: TokenType, start: number, end: number): void {
    const token = this.cut(type, start, end);
    if (type === DoubleToken) {
      if (!Number.isFinite(Number(token.image))) this.numberIs(token, "is larger than any `double`");
      return;
    }
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
}

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
