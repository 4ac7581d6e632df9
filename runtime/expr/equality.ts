/** Equality and order of values as CEL defines them: by value, numbers across their three types, strings by code point. */
import { EvaluationError, noSuchOverload } from "./evaluation-error.ts";
import { numericValue } from "./numbers.ts";
import { callText, isMap } from "./type-of.ts";
import { compareDurations, Duration } from "./values/duration.ts";
import { Optional } from "./values/optional.ts";
import { compareTimestamps, Timestamp } from "./values/timestamp.ts";
import { TypeValue } from "./values/type-value.ts";

/** Data nests no deeper than this; a crafted value fails here and not by exhausting the stack. */
export const maxDepth = 500;

/** Values of different types are unequal, except numbers, which compare by value. */
export function equals(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  const type = typeof left;
  if (type === "string" || type === "boolean") return false;
  return equalsDeep(left, right, 0);
}

function equalsDeep(left: unknown, right: unknown, depth: number): boolean {
  if (left === right) return true;
  const leftNumber = numericValue(left);
  // The loose comparison of JavaScript is exact between number and bigint.
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value
  if (leftNumber !== undefined) return leftNumber == numericValue(right);
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (depth > maxDepth) throw new EvaluationError("limit", "values are nested too deeply to be compared");
  if (Array.isArray(left)) return Array.isArray(right) && listsEqual(left, right, depth);
  if (left instanceof Timestamp) return right instanceof Timestamp && compareTimestamps(left, right) === 0;
  if (left instanceof Duration) return right instanceof Duration && compareDurations(left, right) === 0;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && bytesEqual(left, right);
  if (left instanceof TypeValue) return right instanceof TypeValue && left.typeName === right.typeName;
  if (left instanceof Optional) return right instanceof Optional && equalsDeep(left.content, right.content, depth + 1);
  return isMap(left) && isMap(right) && mapsEqual(left, right, depth);
}

function listsEqual(left: readonly unknown[], right: readonly unknown[], depth: number): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!equalsDeep(left[index], right[index], depth + 1)) return false;
  return true;
}

export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

type MapValue = Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown>;

function mapsEqual(left: MapValue, right: MapValue, depth: number): boolean {
  if (mapSize(left) !== mapSize(right)) return false;
  for (const key of mapKeys(left)) {
    const other = mapGet(right, key);
    if (other === undefined || !equalsDeep(mapGet(left, key), other, depth + 1)) return false;
  }
  return true;
}

export function mapSize(map: MapValue): number {
  return map instanceof Map ? map.size : Object.keys(map).length;
}

export function mapKeys(map: MapValue): unknown[] {
  return map instanceof Map ? [...map.keys()] : Object.keys(map);
}

export function mapEntries(map: MapValue): (readonly [unknown, unknown])[] {
  return map instanceof Map ? [...map] : Object.entries(map);
}

/** The value under a key equal to `key`, numbers across their types; `undefined` when there is none. */
export function mapGet(map: MapValue, key: unknown): unknown {
  if (!(map instanceof Map))
    return typeof key === "string" && Object.hasOwn(map, key)
      ? (map as Readonly<Record<string, unknown>>)[key]
      : undefined;
  const found: unknown = map.get(key);
  if (found !== undefined || typeof key === "string" || typeof key === "boolean") return found;
  if (numericValue(key) === undefined) return undefined;
  for (const [candidate, value] of map)
    if (numericValue(candidate) !== undefined && equals(candidate, key)) return value;
  return undefined;
}

/** Negative, zero or positive; by code point, where JavaScript's own order is by UTF-16 unit. */
export function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    if (a < 0xd800 || b < 0xd800) return a - b;
    const surrogateA = a < 0xe000;
    if (surrogateA === b < 0xe000) return a - b;
    return surrogateA ? 1 : -1;
  }
  return left.length - right.length;
}

/** Order of two values of one ordered type, or of two numbers; `NaN` when one of them is NaN. @throws EvaluationError */
export function compare(left: unknown, right: unknown, operator = "compare"): number {
  if (typeof left === "string" && typeof right === "string") return compareStrings(left, right);
  const leftNumber = numericValue(left);
  const rightNumber = numericValue(right);
  if (leftNumber !== undefined && rightNumber !== undefined) return compareNumbers(leftNumber, rightNumber);
  if (left instanceof Timestamp && right instanceof Timestamp) return compareTimestamps(left, right);
  if (left instanceof Duration && right instanceof Duration) return compareDurations(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  throw noSuchOverload(callText(operator, [left, right]));
}

/** An integer and a double compare as doubles, as in CEL's reference implementation: beyond 2^53 that may lose digits. */
function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (typeof left !== typeof right) return compareNumbers(Number(left), Number(right));
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value
  if (left == right) return 0;
  if (left < right) return -1;
  return left > right ? 1 : Number.NaN;
}
