/** `top(n, x)`: the n greatest values, greatest first, exactly; of equal ones the first to arrive stands first. Holds n values. `n` is a constant. */
import { compare } from "../../expr/equality.ts";
import { EvaluationError } from "../../expr/evaluation-error.ts";
import { type Aggregate, isOrderedKind, kept } from "./aggregate.ts";

const maxTop = 10_000;

function lengthOf(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= maxTop) return value;
  throw new EvaluationError("invalid-argument", `top takes 1 to ${maxTop} values`);
}

/** Where the value belongs among those held, greatest first; the length when it is not among the n greatest. */
function placeOf(held: readonly unknown[], value: unknown): number {
  compare(value, value, "top");
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(held[middle], value, "top") >= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(held: unknown[], value: unknown, at: number, n: number): void {
  if (at >= n) return;
  held.splice(at, 0, value);
  if (held.length > n) held.length = n;
}

function mergeTop(held: unknown[], others: readonly unknown[], n: number): void {
  for (const value of others) insert(held, value, placeOf(held, value), n);
}

export const top: Aggregate = {
  init: () => ({ held: "[]", n: "1" }),
  prepare: (e) =>
    `const ${e.local("n")} = ${e.bind(lengthOf)}(${e.args[0]}), ${e.local("at")} = ${e.bind(placeOf)}(${e.field("held")}, ${e.args[1]});`,
  commit: (e) =>
    `${e.field("n")} = ${e.local("n")}; ${e.bind(insert)}(${e.field("held")}, ${kept(e, 1)}, ${e.local("at")}, ${e.local("n")});`,
  merge: (e, from) =>
    `${e.field("n")} = Math.max(${e.field("n")}, ${e.field("n", from)}); ${e.bind(mergeTop)}(${e.field("held")}, ${e.field("held", from)}, ${e.field("n")});`,
  mayFailToMerge: ({ kinds }) => !isOrderedKind(kinds[1]),
  result: (e) => `${e.field("held")}.slice()`,
};
