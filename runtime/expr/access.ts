/** Fields, keys and indexes of values, off the fast path: what generated code calls when a plain property read does not settle it. */
import { mapGet } from "./equality.ts";
import { EvaluationError, noSuchKey, noSuchOverload } from "./evaluation-error.ts";
import { hashKey } from "./hash-key.ts";
import { indexValue } from "./numbers.ts";
import { isMap, typeNameOf } from "./type-of.ts";
import { Double } from "./values/double.ts";
import { Optional } from "./values/optional.ts";
import { OrderedMap } from "./values/ordered-map.ts";

/** Property names that mean something else on a Map, an array or one of our own values; read with care. */
export const unsafeNames: ReadonlySet<string> = new Set(
  [
    ...[Object, Map, Array, String, Number, BigInt, Boolean, Uint8Array].flatMap((type) => [
      ...Object.getOwnPropertyNames(type.prototype),
      ...Object.getOwnPropertyNames(Object.getPrototypeOf(type.prototype) ?? {}),
    ]),
    ...["value", "text", "seconds", "nanos", "totalNanos", "unixMillis", "millis", "content", "typeName", "toJSON"],
  ].filter((name) => typeof name === "string"),
);

/** Property names of every plain object and Map: all that must be avoided where the value is known to be a record or map. */
export const unsafeRecordNames: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Map.prototype),
  ...Object.getOwnPropertyNames(OrderedMap.prototype),
]);

/** `of.field`, to be called when there may be no such field. @throws EvaluationError */
export function selectField(of: unknown, field: string): unknown {
  if (isMap(of)) {
    const value = mapGet(of, field);
    if (value !== undefined) return value;
    throw noSuchKey(field);
  }
  if (of instanceof Optional) return Optional.of(of.content === undefined ? undefined : maybeField(of.content, field));
  throw noSuchOverload(`field '${field}' of ${typeNameOf(of)}`);
}

/** The same where the field's type does not allow null: a null counts as absent. */
export function selectPresent(of: unknown, field: string): unknown {
  const value = selectField(of, field);
  if (value === null) throw noSuchKey(field);
  return value;
}

/** `of.?field` without the box: `undefined` when absent. @throws EvaluationError when `of` cannot have fields. */
export function maybeField(of: unknown, field: string): unknown {
  if (of instanceof Optional) return of.content === undefined ? undefined : maybeField(of.content, field);
  if (isMap(of)) return mapGet(of, field);
  throw noSuchOverload(`field '${field}' of ${typeNameOf(of)}`);
}

export function maybePresentField(of: unknown, field: string): unknown {
  return maybeField(of, field) ?? undefined;
}

export function hasField(of: unknown, field: string): boolean {
  return maybeField(of, field) !== undefined;
}

export function hasPresentField(of: unknown, field: string): boolean {
  return maybePresentField(of, field) !== undefined;
}

/** `of[key]`. @throws EvaluationError when there is no such element. */
export function indexValueOf(of: unknown, key: unknown): unknown {
  if (of instanceof Optional) return Optional.of(of.content === undefined ? undefined : maybeIndex(of.content, key));
  const value = maybeIndex(of, key);
  if (value !== undefined) return value;
  if (Array.isArray(of)) throw new EvaluationError("out-of-range", `index out of bounds: ${keyText(key)}`);
  throw noSuchKey(keyText(key));
}

/** `of[?key]` without the box: `undefined` when absent. */
export function maybeIndex(of: unknown, key: unknown): unknown {
  if (Array.isArray(of)) return of[listIndex(key)];
  if (isMap(of)) {
    checkKey(key);
    return mapGet(of, key);
  }
  if (of instanceof Optional) return of.content === undefined ? undefined : maybeIndex(of.content, key);
  throw noSuchOverload(`${typeNameOf(of)}[${typeNameOf(key)}]`);
}

/** Lists take ints, and whole numbers of the other types. */
function listIndex(key: unknown): number {
  const index = key instanceof Double && Number.isInteger(key.value) ? key.value : indexValue(key);
  if (index !== undefined) return index;
  if (typeof key === "bigint") return -1;
  throw noSuchOverload(`list[${typeNameOf(key)}]`);
}

function checkKey(key: unknown): void {
  if (key === null || (typeof key === "object" && (Array.isArray(key) || isMap(key))))
    throw noSuchOverload(`map[${typeNameOf(key)}]`);
}

function keyText(key: unknown): string {
  return typeof key === "object" && key !== null ? String((key as { value?: unknown }).value) : String(key);
}

/** Row of a table, or `undefined`. */
export function tableRow(table: ReadonlyMap<string | number, unknown>, key: unknown): unknown {
  return table.get(hashKey(key));
}
