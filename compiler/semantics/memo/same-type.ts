/** Whether two types are the same, written alike: looked at only where they are not one object. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Variables } from "../scopes.ts";

export function sameType(a: ValueType | undefined, b: ValueType | undefined): boolean {
  return a === b || sameData(a, b);
}

export function sameVariables(a: Variables, b: Variables): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  const others = [...b];
  return [...a].every(([name, type], i) => others[i]![0] === name && sameType(type, others[i]![1]));
}

function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const entries = Object.entries(a);
  const others = Object.entries(b);
  return (
    entries.length === others.length &&
    entries.every(([key, value], i) => others[i]![0] === key && sameData(value, others[i]![1]))
  );
}
