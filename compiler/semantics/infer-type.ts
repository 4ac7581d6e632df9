/** The type of sample records: `type Order from sample("orders.ndjson")`. Never invents literal unions from a few values. */
import type { RecordField, ValueType } from "../contract/value-type.ts";
import { isTimestamp } from "./timestamp-text.ts";
import {
  anyType,
  boolType,
  doubleType,
  intType,
  listOf,
  mapOf,
  nullType,
  recordOf,
  stringType,
  timestampType,
  unionOf,
} from "./types.ts";

/** A number that was written with a fraction or an exponent. */
class Fraction {}

export interface Sample {
  readonly type: ValueType;
  /** How many records were read. */
  readonly count: number;
}
export interface SampleProblem {
  /** From 1; 0 when it is the whole file. */
  readonly line: number;
  readonly problem: string;
}

/** Longer samples are cut: the first so many records say enough. */
const mostRecords = 10_000;

/** Reads newline-delimited JSON, or one JSON list of records, or one record over several lines. */
export function inferTypeOfText(text: string): Sample | SampleProblem {
  const whole = /^\s*[[{]/.test(text) ? readJson(text) : undefined;
  if (whole !== undefined) {
    const samples = Array.isArray(whole) ? whole.slice(0, mostRecords) : [whole];
    return samples.length === 0
      ? { line: 0, problem: "it holds no records" }
      : { type: inferType(samples), count: samples.length };
  }
  const samples: unknown[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < lines.length && samples.length < mostRecords; i++) {
    if (lines[i]!.trim() === "") continue;
    const value = readJson(lines[i]!);
    if (value === undefined) return { line: i + 1, problem: "it is not JSON" };
    samples.push(value);
  }
  return samples.length === 0
    ? { line: 0, problem: "it holds no records" }
    : { type: inferType(samples), count: samples.length };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === "number" && context?.source !== undefined && /[.eE]/.test(context.source)
        ? new Fraction()
        : value,
    );
  } catch {
    return undefined;
  }
}

/** What was seen at one place of the samples. */
interface Seen {
  count: number;
  nulls: number;
  bools: number;
  ints: number;
  doubles: number;
  strings: number;
  timestamps: number;
  lists: number;
  element: Seen | undefined;
  records: number;
  /** In order of first occurrence. */
  readonly fields: Map<string, Seen>;
}

const nothingSeen = (): Seen => ({
  count: 0,
  nulls: 0,
  bools: 0,
  ints: 0,
  doubles: 0,
  strings: 0,
  timestamps: 0,
  lists: 0,
  element: undefined,
  records: 0,
  fields: new Map(),
});

/** The type of all the values, as JSON.parse gives them. A field that some records lack, or have as null, is optional. */
export function inferType(samples: readonly unknown[]): ValueType {
  const seen = nothingSeen();
  for (const sample of samples) see(sample, seen, 0);
  return typeOf(seen, true);
}

const deepest = 50;

function see(value: unknown, seen: Seen, depth: number): void {
  seen.count++;
  if (value === null) seen.nulls++;
  else if (typeof value === "boolean") seen.bools++;
  else if (typeof value === "bigint") seen.ints++;
  else if (value instanceof Fraction) seen.doubles++;
  else if (typeof value === "number") seen[Number.isInteger(value) ? "ints" : "doubles"]++;
  else if (typeof value === "string") {
    seen.strings++;
    if (isTimestamp(value)) seen.timestamps++;
  } else if (Array.isArray(value)) {
    seen.lists++;
    seen.element ??= nothingSeen();
    if (depth < deepest) for (const item of value) see(item, seen.element, depth + 1);
  } else if (typeof value === "object") {
    seen.records++;
    if (depth < deepest) seeFields(value as Readonly<Record<string, unknown>>, seen, depth);
  }
}

function seeFields(record: Readonly<Record<string, unknown>>, seen: Seen, depth: number): void {
  for (const [name, value] of Object.entries(record)) {
    see(value, fieldSeen(seen, name), depth + 1);
  }
}

function fieldSeen(seen: Seen, name: string): Seen {
  const field = seen.fields.get(name) ?? nothingSeen();
  seen.fields.set(name, field);
  return field;
}

function typeOf(seen: Seen, root = false): ValueType {
  const kinds = [seen.bools, seen.ints + seen.doubles, seen.strings, seen.lists, seen.records].filter(
    (count) => count > 0,
  ).length;
  if (kinds === 0) return seen.nulls > 0 ? nullType : anyType;
  const type = kinds > 1 ? anyType : onlyType(seen, root);
  return seen.nulls > 0 ? unionOf([type, nullType]) : type;
}

function onlyType(seen: Seen, root: boolean): ValueType {
  if (seen.bools > 0) return boolType;
  if (seen.doubles > 0) return doubleType;
  if (seen.ints > 0) return intType;
  if (seen.strings > 0) return seen.timestamps === seen.strings ? timestampType : stringType;
  if (seen.lists > 0) return listOf(seen.element ? typeOf(seen.element) : anyType);
  return !root && looksLikeMap(seen)
    ? mapOf(stringType, typeOf(merged([...seen.fields.values()])))
    : recordOf([...seen.fields].map(([name, field]) => fieldOf(name, field, seen)));
}

function fieldOf(name: string, field: Seen, record: Seen): RecordField {
  const optional = field.nulls > 0 || field.count < record.records;
  const type = typeOf({ ...field, nulls: 0 });
  return { name, type, optional };
}

const idPattern = /^(?:\d+|[0-9a-fA-F]{8,}|[0-9a-fA-F-]{32,36})$/;

/** Keys are data rather than names: all look like ids, or there are many and each record has only a few of them. */
function looksLikeMap(seen: Seen): boolean {
  const names = [...seen.fields.keys()];
  if (names.length === 0) return seen.records > 0;
  if (names.every((name) => idPattern.test(name))) return true;
  const mean = [...seen.fields.values()].reduce((sum, field) => sum + field.count, 0) / seen.records;
  return names.length > 50 && mean < names.length / 4;
}

function merged(all: readonly Seen[]): Seen {
  const into = nothingSeen();
  for (const each of all) mergeInto(into, each);
  return into;
}

function mergeInto(into: Seen, from: Seen): void {
  for (const count of [
    "count",
    "nulls",
    "bools",
    "ints",
    "doubles",
    "strings",
    "timestamps",
    "lists",
    "records",
  ] as const)
    into[count] += from[count];
  if (from.element) {
    into.element ??= nothingSeen();
    mergeInto(into.element, from.element);
  }
  for (const [name, field] of from.fields) {
    mergeInto(fieldSeen(into, name), field);
  }
}
