/** Making maps and records: a plain object where JavaScript keeps what was meant, else a Map. */
import { equals, mapEntries } from "./equality.ts";
import { EvaluationError, noSuchOverload } from "./evaluation-error.ts";
import { hashKey } from "./hash-key.ts";
import { indexValue, numericValue } from "./numbers.ts";
import { isMap, typeNameOf } from "./type-of.ts";
import { Double } from "./values/double.ts";
import { OrderedMap } from "./values/ordered-map.ts";

const indexName = /^(?:0|[1-9][0-9]{0,9})$/;

/** Whether a plain object keeps a key of this name in its place: it moves integer-like names to the front. */
export function isPlainName(name: string): boolean {
  const first = name.charCodeAt(0);
  if (first >= 48 && first <= 57) return !indexName.test(name);
  return name !== "__proto__";
}

/** An entry, or, without a key, the entries of another map (`...spread`). */
export type MapPart = readonly [key: unknown, value: unknown] | readonly [spread: unknown];

/** In order; after a spread, a later key replaces an earlier one in place. @throws EvaluationError on a repeated key otherwise. */
export function makeMap(parts: readonly MapPart[]): Readonly<Record<string, unknown>> | Map<unknown, unknown> {
  const replaces = parts.some((part) => part.length === 1);
  const entries = new OrderedMap();
  const keyByHash = new Map<string | number, unknown>();
  let plain = true;
  const put = (key: unknown, value: unknown) => {
    const hash = hashKey(key);
    const known = keyByHash.get(hash);
    if (known !== undefined && !replaces) throw new EvaluationError("repeated-key", "Failed with repeated key");
    if (known === undefined) keyByHash.set(hash, key);
    entries.set(known ?? key, value);
    plain &&= typeof key === "string" && isPlainName(key);
  };
  for (const part of parts) {
    if (part.length === 2) put(mapKey(part[0]), part[1]);
    else for (const [key, value] of mapEntries(spreadable(part[0]))) put(key, value);
  }
  return plain ? (Object.fromEntries(entries) as Readonly<Record<string, unknown>>) : entries;
}

function spreadable(value: unknown) {
  if (isMap(value)) return value;
  throw noSuchOverload(`...${typeNameOf(value)}`);
}

/** Keys are bools, ints, uints and strings. */
function mapKey(key: unknown): unknown {
  if (typeof key === "string" || typeof key === "boolean") return key;
  if (numericValue(key) !== undefined && !(key instanceof Double) && (typeof key !== "number" || Number.isInteger(key)))
    return key;
  throw noSuchOverload(`map key of type ${typeNameOf(key)}`);
}

/** Entries of maps, later ones in place of none: each key may come once. */
export function mergeEntries(maps: readonly unknown[]): unknown {
  return makeMap(maps.flatMap((map) => mapEntries(spreadable(map))));
}

/** Whether `{...value}` in JavaScript copies it as a map. */
export function isPlainRecord(value: unknown): boolean {
  return isMap(value) && !(value instanceof Map);
}

/** What a macro walks over: a list itself, the keys of a map. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys()];
  return Object.keys(spreadable(value));
}

/** What a macro of two variables walks over: index and element, key and value. */
export function pairsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item] as const);
  return mapEntries(spreadable(value));
}

export function listIncludes(list: readonly unknown[], value: unknown): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return list.includes(value);
  if (indexValue(value) !== undefined && typeof value === "number" && list.includes(value)) return true;
  for (const item of list) if (equals(item, value)) return true;
  return false;
}
