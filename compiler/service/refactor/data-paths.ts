/** Paths into the data of an event: `data.a.b` as names, and the field there read, set or taken away in a copy. */
import type { Expression } from "../../syntax/ast.ts";
import { isRecord, type Value } from "./foreseen-value.ts";

/** `data.a.b` → `["a", "b"]`. */
export function pathOf(e: Expression): readonly string[] | undefined {
  if (e.kind === "ident") return e.name === "data" ? [] : undefined;
  if (e.kind !== "select" || e.optional) return undefined;
  const of = pathOf(e.of);
  return of && [...of, e.field.text];
}

export function fieldAt(data: Value, path: readonly string[]): Value {
  return path.reduce<Value>((of, name) => (isRecord(of) ? of.get(name) : undefined), data);
}

/** A field that is a text stays as it is where the path leads through no record. */
export function withField(data: Value, [name, ...rest]: readonly string[], value: Value): Value {
  if (name === undefined) return value;
  if (!isRecord(data)) return data;
  return new Map(data).set(name, withField(data.get(name) ?? (rest.length > 0 ? new Map() : undefined), rest, value));
}

export function without(data: Value, [name, ...rest]: readonly string[]): Value {
  if (!isRecord(data) || name === undefined || !data.has(name)) return data;
  const copy = new Map(data);
  if (rest.length === 0) copy.delete(name);
  else copy.set(name, without(data.get(name), rest));
  return copy;
}
