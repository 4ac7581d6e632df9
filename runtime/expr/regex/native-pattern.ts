/**
 * Translates a subset of RE2's syntax to a JavaScript RegExp: the patterns that provably run in linear time there. Anything
 * else, and anything doubtful, gives `undefined`, and re2js takes it. The subset is: classes, literals, groups without a
 * repetition (but `?`), alternatives, bounded repetitions of one character, `^ $ \b`, and unbounded repetitions of one
 * character where these cannot make the engine try again and again (see `isLinear`).
 */
import { type CharacterSet, disjoint, dot, negated, perlClass, printSet, single, union } from "./character-set.ts";

export interface NativePattern {
  readonly source: string;
  readonly flags: string;
}

interface Repeat {
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
}
type Item =
  | { readonly kind: "set"; readonly set: CharacterSet; readonly repeat: Repeat | undefined }
  | { readonly kind: "start" | "end" | "boundary" }
  | { readonly kind: "group"; readonly capture: boolean; readonly optional: Repeat | undefined; readonly alternatives: readonly Sequence[] };
type Sequence = readonly Item[];

export function nativePattern(source: string): NativePattern | undefined {
  const dotAll = source.startsWith("(?s)");
  const reader = new Reader(dotAll ? source.slice(4) : source, dotAll);
  const alternatives = reader.read();
  if (alternatives === undefined || !alternatives.every((sequence) => minLength(sequence) > 0)) return undefined;
  if (!isLinear(alternatives)) return undefined;
  // Without the flag the engine matches UTF-16 units, which is the same while no set reaches beyond them.
  const flags = reader.astral ? "u" : "";
  return { source: printAlternatives(alternatives), flags };
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

function minLength(sequence: Sequence): number {
  let length = 0;
  for (const item of sequence) {
    if (item.kind === "set") length += item.repeat?.min ?? 1;
    else if (item.kind === "group" && item.optional === undefined) length += Math.min(...item.alternatives.map(minLength));
  }
  return length;
}

/** Ways through the bounded parts that the engine may have to try at one place of the text. */
const maxWays = 200;

/**
 * At every place of the text the engine tries the pattern again. So that this stays linear, either
 * an unbounded repetition comes only last, where it cannot fail any more, and what comes before has few ways to match;
 * or the pattern is anchored at the start, so that there is one place to try, and what follows each unbounded repetition
 * is a character that the repetition cannot take, or the end: then giving back characters fails at once each time.
 */
function isLinear(alternatives: readonly Sequence[]): boolean {
  const [only] = alternatives;
  if (alternatives.length === 1 && only?.[0]?.kind === "start") return isDeterministic(only);
  return alternatives.every((sequence) => isBoundedPrefix(sequence)) && waysOfAlternatives(alternatives) <= maxWays && lengthOfAlternatives(alternatives) <= maxWays;
}

function isBoundedPrefix(sequence: Sequence): boolean {
  return sequence.every((item, index) => {
    if (item.kind === "group") return item.alternatives.every((inner) => (index === sequence.length - 1 && item.optional === undefined ? isBoundedPrefix(inner) : isBounded(inner)));
    if (item.kind === "start") return false;
    return item.kind !== "set" || index === sequence.length - 1 || Number.isFinite(item.repeat?.max ?? 1);
  });
}

function isBounded(sequence: Sequence): boolean {
  return sequence.every((item) => {
    if (item.kind === "group") return item.alternatives.every(isBounded);
    return item.kind !== "start" && (item.kind !== "set" || Number.isFinite(item.repeat?.max ?? 1));
  });
}

function waysOfAlternatives(alternatives: readonly Sequence[]): number {
  return alternatives.reduce((sum, sequence) => sum + ways(sequence), 0);
}

/** Characters that the bounded parts may read at every place. */
function lengthOfAlternatives(alternatives: readonly Sequence[]): number {
  return alternatives.reduce((sum, sequence) => sum + sequence.reduce((length, item) => length + lengthOf(item), 0), 0);
}

function lengthOf(item: Item): number {
  if (item.kind === "group") return lengthOfAlternatives(item.alternatives);
  if (item.kind !== "set") return 1;
  return item.repeat === undefined ? 1 : Number.isFinite(item.repeat.max) ? item.repeat.max : item.repeat.min + 1;
}

function ways(sequence: Sequence): number {
  let product = 1;
  for (const item of sequence) {
    if (item.kind === "group") product *= waysOfAlternatives(item.alternatives) + (item.optional === undefined ? 0 : 1);
    else if (item.kind === "set" && item.repeat !== undefined && Number.isFinite(item.repeat.max))
      product *= item.repeat.max - item.repeat.min + 1;
    if (product > maxWays) return product;
  }
  return product;
}

/** `^`, then characters one after the other without a choice; groups only for capturing, with one alternative. */
function isDeterministic(sequence: Sequence): boolean {
  const flat = flatten(sequence.slice(1));
  if (flat === undefined) return ways(sequence) <= maxWays && isBoundedPrefix(sequence.slice(1));
  return flat.every((item, index) => {
    if (item.kind === "start" || item.kind === "boundary") return false;
    if (item.kind === "end") return index === flat.length - 1;
    if (item.kind !== "set") return true;
    const repeat = item.repeat;
    if (repeat === undefined || repeat.min === repeat.max) return true;
    const next = flat[index + 1];
    if (next === undefined) return true;
    if (next.kind === "end") return index + 1 === flat.length - 1;
    return next.kind === "set" && (next.repeat?.min ?? 1) > 0 && disjoint(item.set, next.set);
  });
}

/** The items without their groups; `undefined` when a group offers a choice. */
function flatten(sequence: Sequence): readonly Exclude<Item, { kind: "group" }>[] | undefined {
  const flat: Exclude<Item, { kind: "group" }>[] = [];
  for (const item of sequence) {
    if (item.kind !== "group") flat.push(item);
    else {
      const [only, ...others] = item.alternatives;
      const inner = only === undefined || others.length > 0 || item.optional !== undefined ? undefined : flatten(only);
      if (inner === undefined) return undefined;
      flat.push(...inner);
    }
  }
  return flat;
}

function printAlternatives(alternatives: readonly Sequence[]): string {
  return alternatives.map((sequence) => sequence.map(printItem).join("")).join("|");
}

function printItem(item: Item): string {
  switch (item.kind) {
    case "set":
      return printSet(item.set) + printRepeat(item.repeat);
    case "start":
      return "^";
    case "end":
      return "$";
    case "boundary":
      return "\\b";
    case "group":
      return `(${item.capture ? "" : "?:"}${printAlternatives(item.alternatives)})${printRepeat(item.optional)}`;
  }
}

function printRepeat(repeat: Repeat | undefined): string {
  if (repeat === undefined) return "";
  const { min, max } = repeat;
  const lazy = repeat.lazy ? "?" : "";
  if (max === Number.POSITIVE_INFINITY) return `${min === 0 ? "*" : min === 1 ? "+" : `{${min},}`}${lazy}`;
  return min === 0 && max === 1 ? `?${lazy}` : `{${min},${max}}${lazy}`;
}
