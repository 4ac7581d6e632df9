/**
 * Compares JSON values as a test means it: numbers by value, times as instants, absent and null alike. An expected record names the fields
 * that count; with `exactly` it names all.
 */

import { Double } from "../expr/values/double.ts";
import { parseNanos, parseSeconds } from "../expr/values/rfc3339.ts";
import { isRecordValue, type PlainRecord } from "../operators/records.ts";

/** Where two values differ. A side that is undefined has no such field. */
export interface Difference {
  /** `items[1].n`; "" = the whole. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export const matches = (expected: unknown, actual: unknown, exactly: boolean): boolean =>
  differences(expected, actual, exactly).length === 0;

export function differences(expected: unknown, actual: unknown, exactly: boolean, path = ""): Difference[] {
  const [left, right] = [isNothing(expected) ? null : expected, isNothing(actual) ? null : actual];
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return left.flatMap((item, index) => differences(item, right[index], exactly, `${path}[${index}]`));
  if (isRecordValue(left) && isRecordValue(right)) return recordDifferences(left, right, exactly, path);
  return isSame(left, right) ? [] : [{ path, expected, actual }];
}

type RecordValue = PlainRecord | ReadonlyMap<unknown, unknown>;

function recordDifferences(expected: RecordValue, actual: RecordValue, exactly: boolean, path: string): Difference[] {
  const given = new Map(entriesOf(actual));
  const wanted = entriesOf(expected);
  const found = wanted.flatMap(([name, value]) => differences(value, given.get(name), exactly, below(path, name)));
  if (!exactly) return found;
  const named = new Set(wanted.map(([name]) => name));
  const extra = [...given].filter(([name, value]) => !named.has(name) && !isNothing(value));
  return [...found, ...extra.map(([name, actual]) => ({ path: below(path, name), expected: undefined, actual }))];
}

const below = (path: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? (path === "" ? name : `${path}.${name}`) : `${path}[${JSON.stringify(name)}]`;

export const entriesOf = (record: RecordValue): [string, unknown][] =>
  record instanceof Map ? [...record].map(([name, value]) => [String(name), value]) : Object.entries(record);

const isNothing = (value: unknown): boolean => value === undefined || value === null;

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  const [left, right] = [numberOf(expected), numberOf(actual)];
  // bigint and number compare by value only with `==`.
  if (left !== undefined && right !== undefined) return left <= right && left >= right;
  return typeof expected === "string" && typeof actual === "string" && isSameInstant(expected, actual);
}

function isSameInstant(left: string, right: string): boolean {
  const seconds = parseSeconds(left);
  return !Number.isNaN(seconds) && seconds === parseSeconds(right) && parseNanos(left) === parseNanos(right);
}

export function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Double ? value.value : undefined;
}

/** How much of what is expected is there, 0 to 1: by the values that are neither record nor list. */
export function likeness(expected: unknown, actual: unknown): number {
  const [same, all] = likenessOf(expected, actual);
  return all === 0 ? 0 : same / all;
}

function likenessOf(expected: unknown, actual: unknown): readonly [same: number, all: number] {
  const parts: readonly (readonly [unknown, unknown])[] | undefined = Array.isArray(expected)
    ? expected.map((item, index) => [item, Array.isArray(actual) ? actual[index] : undefined])
    : isRecordValue(expected)
      ? entriesOf(expected).map(([name, value]) => [value, isRecordValue(actual) ? fieldOf(actual, name) : undefined])
      : undefined;
  if (parts === undefined) return [differences(expected, actual, false).length === 0 ? 1 : 0, 1];
  return parts.reduce<readonly [number, number]>(
    ([same, all], [left, right]) => {
      const [s, a] = likenessOf(left, right);
      return [same + s, all + a];
    },
    [0, 0],
  );
}

const fieldOf = (record: RecordValue, name: string): unknown =>
  record instanceof Map ? record.get(name) : Object.hasOwn(record, name) ? (record as PlainRecord)[name] : undefined;

/** As the language writes it, so that it can be put into a test: `{ word: "be", n: 3 }`. */
export function printValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  if (isRecordValue(value)) {
    const fields = entriesOf(value).map(([name, item]) => `${fieldName(name)}: ${printValue(item)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  if (value instanceof Double)
    return value.text ?? (Number.isInteger(value.value) ? `${value.value}.0` : `${value.value}`);
  return typeof value === "bigint" ? value.toString() : (JSON.stringify(value) ?? "null");
}

const fieldName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
