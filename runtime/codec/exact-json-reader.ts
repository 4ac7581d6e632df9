/**
 * Reads JSON text keeping what JSON.parse drops: integers of 64 bits (bigint), how a double is spelt (Double), and the
 * order of keys (OrderedMap). The text is known to be JSON; it is read once more, slower.
 */
import { EvaluationError } from "../expr/evaluation-error.ts";
import { isPlainName } from "../expr/maps.ts";
import { minInt } from "../expr/numbers.ts";
import { Double } from "../expr/values/double.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";
import { maxUint } from "../expr/values/uint.ts";

export const maxJsonDepth = 1_000;

/** @param text JSON that JSON.parse accepts. @throws EvaluationError when it is nested too deeply. */
export function readExactJson(text: string): unknown {
  return new Reader(text).value(0);
}

const numberEnd = /[^-+.\deE]|$/g;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    switch (this.#next()) {
      case 123:
        return this.#object(depth + 1);
      case 91:
        return this.#array(depth + 1);
      case 34:
        return this.#string();
      case 116:
        this.#at += 4;
        return true;
      case 102:
        this.#at += 5;
        return false;
      case 110:
        this.#at += 4;
        return null;
      default:
        return this.#number();
    }
  }

  /** The next character that is not white space, which stays unread. */
  #next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
      this.#at++;
    }
  }

  #checkDepth(depth: number): void {
    if (depth > maxJsonDepth) throw new EvaluationError("limit", `JSON nested deeper than ${maxJsonDepth}`);
  }

  #array(depth: number): unknown[] {
    this.#checkDepth(depth);
    this.#at++;
    const items: unknown[] = [];
    if (this.#next() === 93) {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth));
      const end = this.#next() === 93;
      this.#at++;
      if (end) return items;
    }
  }

  #object(depth: number): unknown {
    this.#checkDepth(depth);
    this.#at++;
    const entries = new OrderedMap();
    let plain = true;
    if (this.#next() === 125) {
      this.#at++;
      return {};
    }
    for (;;) {
      this.#next();
      const key = this.#string();
      this.#next();
      this.#at++;
      entries.set(key, this.value(depth));
      plain &&= isPlainName(key);
      const end = this.#next() === 125;
      this.#at++;
      if (end) return plain ? Object.fromEntries(entries) : entries;
    }
  }

  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    this.#at = end + 1;
    const raw = this.#text.slice(start + 1, end);
    return raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  #number(): unknown {
    numberEnd.lastIndex = this.#at;
    const end = numberEnd.exec(this.#text)?.index ?? this.#text.length;
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return exactNumber(text);
  }
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === 92) before--;
  return (at - before) % 2 === 0;
}

/** An int where there is neither fraction nor exponent; a boxed double where JavaScript would spell it otherwise. */
function exactNumber(text: string): unknown {
  const value = Number(text);
  if (/^-?\d+$/.test(text)) {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
    if (text.length > 20 || Object.is(value, -0)) return new Double(value, text);
    const int = BigInt(text);
    return int < minInt || int > maxUint ? new Double(value, text) : int;
  }
  return String(value) === text ? value : new Double(value, text);
}
