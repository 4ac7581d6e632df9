/** CEL's lists and sets extensions, and the first and last element. */
import { compare, equals } from "../equality.ts";
import { EvaluationError, noSuchOverload } from "../evaluation-error.ts";
import { hashKey } from "../hash-key.ts";
import { callText } from "../type-of.ts";
import { Optional } from "../values/optional.ts";
import { indexArgument, listArgument } from "./arguments.ts";
import { reverseText } from "./strings.ts";

/** No list made by a function gets longer: a crafted count must not exhaust memory. */
const maxLength = 1_000_000;

function slice(list: readonly unknown[], from: number, to: number): readonly unknown[] {
  if (from < 0 || to < 0)
    throw new EvaluationError("out-of-range", `cannot slice(${from}, ${to}), negative indexes not supported`);
  if (from > to)
    throw new EvaluationError(
      "out-of-range",
      `cannot slice(${from}, ${to}), start index must be less than or equal to end index`,
    );
  if (to > list.length)
    throw new EvaluationError("out-of-range", `cannot slice(${from}, ${to}), list is length ${list.length}`);
  return list.slice(from, to);
}

function flatten(list: readonly unknown[], depth: number): readonly unknown[] {
  if (depth < 0) throw new EvaluationError("invalid-argument", "level must be non-negative");
  return (list as unknown[]).flat(Math.min(depth, 500));
}

function distinct(list: readonly unknown[]): readonly unknown[] {
  const seen = new Set<string | number>();
  return list.filter((item) => {
    const key = hashKey(item);
    return seen.size < seen.add(key).size;
  });
}

/** Numbers must not be mixed with other types; the order is stable. */
function sort(list: readonly unknown[]): readonly unknown[] {
  return list.length < 2 ? list : [...list].sort((left, right) => compare(left, right, "sort"));
}

/** The list in ascending order of the keys, which stand at the same indexes. */
export function sortByKeys(list: readonly unknown[], keys: readonly unknown[]): readonly unknown[] {
  const order = keys.map((_, index) => index);
  order.sort((left, right) => compare(keys[left], keys[right], "sortBy"));
  return order.map((index) => list[index]);
}

function range(count: number): readonly number[] {
  if (count > maxLength)
    throw new EvaluationError(
      "limit",
      `lists.range gives a list of at most ${maxLength} elements, and is asked for more`,
    );
  return Array.from({ length: Math.max(0, count) }, (_, index) => index);
}

function reverse(value: unknown): unknown {
  if (typeof value === "string") return reverseText(value);
  if (Array.isArray(value)) return value.toReversed();
  throw noSuchOverload(callText("reverse", [value]));
}

export const lists = {
  slice: (list: unknown, from: unknown, to: unknown) =>
    slice(listArgument("slice", list), indexArgument("slice", from), indexArgument("slice", to)),
  flatten: (list: unknown, depth?: unknown) =>
    flatten(listArgument("flatten", list), depth === undefined ? 1 : indexArgument("flatten", depth)),
  distinct: (list: unknown) => distinct(listArgument("distinct", list)),
  sort: (list: unknown) => sort(listArgument("sort", list)),
  reverse,
  first: (list: unknown) => Optional.of(listArgument("first", list)[0]),
  last: (list: unknown) => Optional.of(listArgument("last", list).at(-1)),
  "lists.range": (count: unknown) => range(indexArgument("lists.range", count)),
};

/** Membership in a list; hashed when there are many questions to ask. */
function membership(list: readonly unknown[], questions: number): (item: unknown) => boolean {
  if (list.length * questions < 64) return (item) => list.some((other) => equals(other, item));
  const keys = new Set(list.map(hashKey));
  return (item) => keys.has(hashKey(item));
}

function setContains(list: readonly unknown[], part: readonly unknown[]): boolean {
  return part.every(membership(list, part.length));
}

export const sets = {
  "sets.contains": (list: unknown, part: unknown) =>
    setContains(listArgument("sets.contains", list), listArgument("sets.contains", part)),
  "sets.equivalent": (left: unknown, right: unknown) => {
    const a = listArgument("sets.equivalent", left);
    const b = listArgument("sets.equivalent", right);
    return setContains(a, b) && setContains(b, a);
  },
  "sets.intersects": (left: unknown, right: unknown) => {
    const a = listArgument("sets.intersects", left);
    return a.some(membership(listArgument("sets.intersects", right), a.length));
  },
};
