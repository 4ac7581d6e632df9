/** Integers of 64 bits as JavaScript numbers while these are exact and as bigints beyond; and numbers of any of CEL's three types. */
import { overflow } from "./evaluation-error.ts";
import { Double } from "./values/double.ts";
import { Uint } from "./values/uint.ts";

/** A CEL int: a safe integer, or a bigint outside of that range. */
export type Int = number | bigint;

export const minInt = -9223372036854775808n;
export const maxInt = 9223372036854775807n;

/** The one representation of an int. @throws EvaluationError beyond 64 bits. */
export function toInt(value: bigint): Int {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
  if (value < minInt || value > maxInt) throw overflow("integer");
  return value;
}

export function isInt(value: unknown): value is Int {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

/** Doubles as a number, unboxed; `undefined` for anything else. */
export function doubleValue(value: unknown): number | undefined {
  if (value instanceof Double) return value.value;
  return typeof value === "number" && !Number.isInteger(value) ? value : undefined;
}

/** Any of CEL's numbers as a JavaScript number or bigint that compares exactly; `undefined` for anything else. */
export function numericValue(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Double) return value.value;
  if (value instanceof Uint) return value.value;
  return undefined;
}

/** A whole number small enough to be an index or a count, from an int or a uint; `undefined` otherwise. */
export function indexValue(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (value instanceof Uint && value.value <= 9007199254740991n) return Number(value.value);
  return undefined;
}
