/** Whether a pattern takes time linear in the text on an engine that backtracks. Says no when in doubt. */
import { disjoint } from "./character-set.ts";
import type { Item, Sequence } from "./pattern-tree.ts";

/** Ways through the bounded parts that the engine may have to try at one place of the text. */
const maxWays = 200;

/**
 * At every place of the text the engine tries the pattern again. So that this stays linear, either
 * an unbounded repetition comes only last, where it cannot fail any more, and what comes before has few ways to match;
 * or the pattern is anchored at the start, so that there is one place to try, and what follows each unbounded repetition
 * is a character that the repetition cannot take, or the end: then giving back characters fails at once each time.
 */
export function isLinear(alternatives: readonly Sequence[]): boolean {
  const [only] = alternatives;
  if (alternatives.length === 1 && only?.[0]?.kind === "start") return isDeterministic(only);
  return (
    alternatives.every((sequence) => isBoundedPrefix(sequence)) &&
    waysOfAlternatives(alternatives) <= maxWays &&
    lengthOfAlternatives(alternatives) <= maxWays
  );
}

function isBoundedPrefix(sequence: Sequence): boolean {
  return sequence.every((item, index) => {
    if (item.kind === "group")
      return item.alternatives.every((inner) =>
        index === sequence.length - 1 && item.optional === undefined ? isBoundedPrefix(inner) : isBounded(inner),
      );
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
