/** Checks of arguments that the library's functions share. Each throws an EvaluationError that names the function. */
import { noSuchOverload } from "../evaluation-error.ts";
import { doubleValue, indexValue } from "../numbers.ts";
import { callText } from "../type-of.ts";

export function textArgument(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw noSuchOverload(callText(name, [value]));
}

export function listArgument(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw noSuchOverload(callText(name, [value]));
}

/** An int small enough to be an index. */
export function indexArgument(name: string, value: unknown): number {
  const index = indexValue(value);
  if (index !== undefined && typeof value === "number") return index;
  if (typeof value === "bigint") return value < 0n ? -1 : Number.MAX_SAFE_INTEGER;
  throw noSuchOverload(callText(name, [value]));
}

export function doubleArgument(name: string, value: unknown): number {
  const double = doubleValue(value);
  if (double !== undefined) return double;
  throw noSuchOverload(callText(name, [value]));
}
