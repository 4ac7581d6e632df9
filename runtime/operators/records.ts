/** Records as data: plain objects, or a Map where plain objects would lose the order or the name of a key. */

import { EvaluationError } from "../expr/evaluation-error.ts";
import { OrderedMap } from "../expr/values/ordered-map.ts";

export const plainPrototype: unknown = Object.prototype;

export type PlainRecord = { [name: string]: unknown };

export function isPlain(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === plainPrototype;
}

export function isRecordValue(value: unknown): value is PlainRecord | Map<unknown, unknown> {
  return isPlain(value) || value instanceof Map;
}

/** A name that a plain object would put elsewhere (`7`) or take for something else (`__proto__`). */
export function needsMap(name: string): boolean {
  if (name === "__proto__") return true;
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(?:0|[1-9]\d{0,9})$/.test(name);
}

export function notRecord(path: readonly string[]): EvaluationError {
  return new EvaluationError("no-such-key", `${pathText(path)} is not a record`);
}

export function pathText(path: readonly string[]): string {
  return ["data", ...path]
    .map((name, index) => (index === 0 || /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)))
    .join(".");
}

export function getField(record: PlainRecord | ReadonlyMap<unknown, unknown>, name: string): unknown {
  if (record instanceof Map) return record.get(name);
  return Object.hasOwn(record, name) ? (record as PlainRecord)[name] : undefined;
}

/** A copy of `record` with one field more or replaced. A Map stays a Map. */
export function withField(
  record: PlainRecord | Map<unknown, unknown>,
  name: string,
  value: unknown,
): PlainRecord | Map<unknown, unknown> {
  if (record instanceof Map) return copyMap(record).set(name, value);
  if (needsMap(name)) return new OrderedMap(Object.entries(record)).set(name, value);
  return { ...record, [name]: value };
}

export function withoutField(
  record: PlainRecord | Map<unknown, unknown>,
  name: string,
): PlainRecord | Map<unknown, unknown> {
  if (record instanceof Map) {
    const copy = copyMap(record);
    copy.delete(name);
    return copy;
  }
  const { [name]: _, ...rest } = record;
  return rest;
}

function copyMap(map: ReadonlyMap<unknown, unknown>): OrderedMap {
  return new OrderedMap(map);
}
