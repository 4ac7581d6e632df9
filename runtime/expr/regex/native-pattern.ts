/**
 * Translates a subset of RE2's syntax to a JavaScript RegExp: the patterns that provably run in linear time there. Anything
 * else, and anything doubtful, gives `undefined`, and re2js takes it. The subset is: classes, literals, groups without a
 * repetition (but `?`), alternatives, bounded repetitions of one character, `^ $ \b`, and unbounded repetitions of one
 * character where these cannot make the engine try again and again (see `isLinear`).
 */
import { printSet } from "./character-set.ts";
import { isLinear } from "./is-linear.ts";
import type { Item, Repeat, Sequence } from "./pattern-tree.ts";
import { readPattern } from "./read-pattern.ts";

export interface NativePattern {
  readonly source: string;
  readonly flags: string;
}

export function nativePattern(source: string): NativePattern | undefined {
  const read = readPattern(source);
  // What can match nothing is left out: JavaScript and RE2 count empty matches differently.
  if (read === undefined || !read.alternatives.every((sequence) => minLength(sequence) > 0)) return undefined;
  if (!isLinear(read.alternatives)) return undefined;
  // Without the flag the engine matches UTF-16 units, which is the same while no set reaches beyond them.
  return { source: printAlternatives(read.alternatives), flags: read.astral ? "u" : "" };
}

function minLength(sequence: Sequence): number {
  let length = 0;
  for (const item of sequence) {
    if (item.kind === "set") length += item.repeat?.min ?? 1;
    else if (item.kind === "group" && item.optional === undefined)
      length += Math.min(...item.alternatives.map(minLength));
  }
  return length;
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
