/** Reads a pattern of the subset; whatever is not of it, or doubtful, is left to re2js. */
import { type CharacterSet, dot, negated, perlClass, single, union } from "./character-set.ts";
import type { Item, Repeat, Sequence } from "./pattern-tree.ts";

export interface ReadPattern {
  readonly alternatives: readonly Sequence[];
  /** Some set reaches beyond the characters of one UTF-16 unit. */
  readonly astral: boolean;
}

/** `undefined` when the pattern is not of the subset. */
export function readPattern(source: string): ReadPattern | undefined {
  const dotAll = source.startsWith("(?s)");
  const reader = new Reader(dotAll ? source.slice(4) : source, dotAll);
  const alternatives = reader.read();
  return alternatives === undefined ? undefined : { alternatives, astral: reader.astral };
}

/** Thrown and caught here only: the pattern is not of the subset. */
class NotNative extends Error {}

class Reader {
  readonly #source: string;
  readonly #dotAll: boolean;
  #at = 0;
  #depth = 0;
  astral = false;

  constructor(source: string, dotAll: boolean) {
    this.#source = source;
    this.#dotAll = dotAll;
  }

  read(): readonly Sequence[] | undefined {
    try {
      const alternatives = this.#alternatives();
      return this.#at === this.#source.length ? alternatives : undefined;
    } catch (error) {
      if (error instanceof NotNative) return undefined;
      throw error;
    }
  }

  #peek(): string {
    return this.#source[this.#at] ?? "";
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): readonly Sequence[] {
    const alternatives = [this.#sequence()];
    while (this.#take("|")) alternatives.push(this.#sequence());
    return alternatives;
  }

  #sequence(): Sequence {
    const items: Item[] = [];
    for (;;) {
      const next = this.#peek();
      if (next === "" || next === "|" || next === ")") break;
      items.push(this.#item());
    }
    if (items.length === 0) throw new NotNative();
    return items;
  }

  #item(): Item {
    if (this.#take("^") || this.#take("\\A")) return this.#plain({ kind: "start" });
    if (this.#take("$") || this.#take("\\z")) return this.#plain({ kind: "end" });
    if (this.#take("\\b")) return this.#plain({ kind: "boundary" });
    if (this.#take("(")) return this.#group();
    const set = this.#set();
    this.astral ||= set.some(([from, to]) => to > 0xffff || (to >= 0xd800 && from <= 0xdfff));
    return { kind: "set", set, repeat: this.#repeat() };
  }

  /** An assertion, which must not be repeated. */
  #plain(item: Item): Item {
    if (/[*+?{]/.test(this.#peek())) throw new NotNative();
    return item;
  }

  #group(): Item {
    if (++this.#depth > 20) throw new NotNative();
    const capture = !this.#take("?:");
    if (capture && this.#peek() === "?") throw new NotNative();
    const alternatives = this.#alternatives();
    if (!this.#take(")")) throw new NotNative();
    this.#depth--;
    const repeat = this.#repeat();
    if (repeat !== undefined && (repeat.min !== 0 || repeat.max !== 1)) throw new NotNative();
    return { kind: "group", capture, optional: repeat, alternatives };
  }

  #repeat(): Repeat | undefined {
    const bounds = this.#bounds();
    if (bounds === undefined) return undefined;
    const lazy = this.#take("?");
    if (/[*+?{]/.test(this.#peek())) throw new NotNative();
    return { ...bounds, lazy };
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take("?")) return { min: 0, max: 1 };
    if (this.#peek() !== "{") return undefined;
    const match = /^\{(\d{1,3})(?:(,)(\d{1,3})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 10));
    if (match === null) throw new NotNative();
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (max < min) throw new NotNative();
    return { min, max };
  }

  #set(): CharacterSet {
    if (this.#take(".")) return dot(this.#dotAll);
    if (this.#take("[")) return this.#bracket();
    if (this.#peek() === "\\") return this.#escape(false);
    if (/[*+?{}\])]/.test(this.#peek())) throw new NotNative();
    return single(this.#codePoint());
  }

  #codePoint(): number {
    const point = this.#source.codePointAt(this.#at) ?? 0;
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }

  #escape(inBracket: boolean): CharacterSet {
    this.#at++;
    const letter = this.#peek();
    if (/[dDwWsS]/.test(letter)) {
      this.#at++;
      const set = perlClass(letter.toLowerCase());
      return letter === letter.toUpperCase() ? negated(set) : set;
    }
    const control = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 }[letter];
    if (control !== undefined) {
      this.#at++;
      return single(control);
    }
    if (!/[!-/:-@[-`{-~]/.test(letter) || (inBracket && letter === "")) throw new NotNative();
    return single(this.#codePoint());
  }

  #bracket(): CharacterSet {
    const negate = this.#take("^");
    let set: CharacterSet = [];
    for (let first = true; first || this.#peek() !== "]"; first = false) {
      if (this.#peek() === "" || this.#peek() === "[" || (first && this.#peek() === "]")) throw new NotNative();
      set = union(set, this.#range());
    }
    this.#at++;
    return negate ? negated(set) : set;
  }

  #range(): CharacterSet {
    const low = this.#member();
    const from = low[0]?.[0] ?? 0;
    const isSingle = low.length === 1 && low[0]?.[1] === from;
    if (this.#peek() !== "-" || this.#source[this.#at + 1] === "]") return low;
    this.#at++;
    const high = this.#member();
    const to = high[0]?.[0] ?? 0;
    if (!isSingle || high.length !== 1 || high[0]?.[1] !== to || to < from) throw new NotNative();
    return [[from, to]];
  }

  #member(): CharacterSet {
    if (this.#peek() === "\\") return this.#escape(true);
    if (this.#peek() === "[" || this.#peek() === "") throw new NotNative();
    return single(this.#codePoint());
  }
}
