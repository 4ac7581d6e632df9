/** A key for JavaScript's Map under which equal CEL values, and only these, meet: for groups, tables and duplicates. */

import { mapEntries, maxDepth } from "./equality.ts";
import { EvaluationError } from "./evaluation-error.ts";
import { numericValue } from "./numbers.ts";
import { isMap } from "./type-of.ts";
import { bytesToBase64 } from "./values/bytes.ts";
import { Duration } from "./values/duration.ts";
import { Optional } from "./values/optional.ts";
import { Timestamp } from "./values/timestamp.ts";
import { TypeValue } from "./values/type-value.ts";

/** Strings that could be taken for the key of another value get a mark; others are their own key, which costs nothing. */
const mark = "\u0000";

/** Called once per event that is grouped. A string or a small number is its own key. */
export function hashKey(value: unknown): string | number {
  if (typeof value === "string") return value.charCodeAt(0) === 0 ? `${mark}s${value}` : value;
  if (typeof value === "number" && (!Number.isInteger(value) || Number.isSafeInteger(value)))
    return value === 0 ? 0 : value;
  const number = numericValue(value);
  if (typeof number === "bigint" && number >= -9007199254740991n && number <= 9007199254740991n) return Number(number);
  if (number !== undefined && number !== value) return hashKey(number);
  return mark + hashText(value, 0);
}

function hashText(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (value === null || value === undefined) return "n";
  const number = numericValue(value);
  if (number !== undefined) return `#${numberText(number)}`;
  if (depth > maxDepth) throw new EvaluationError("limit", "a key is nested too deeply");
  if (Array.isArray(value)) return `[${value.map((item) => hashText(item, depth + 1)).join(",")}]`;
  if (value instanceof Timestamp) return `T${value.seconds}.${value.nanos}`;
  if (value instanceof Duration) return `D${value.seconds}.${value.nanos}`;
  if (value instanceof Uint8Array) return `B${bytesToBase64(value)}`;
  if (value instanceof Optional) return value.content === undefined ? "o" : `o${hashText(value.content, depth + 1)}`;
  if (value instanceof TypeValue) return `Y${value.typeName}`;
  if (!isMap(value)) return "?";
  const entries = mapEntries(value).map(([key, item]) => `${hashText(key, depth + 1)}:${hashText(item, depth + 1)}`);
  return `{${entries.sort().join(",")}}`;
}

/** Equal numbers have one text, whether number or bigint, and 0 and -0 are equal. */
function numberText(number: number | bigint): string {
  if (typeof number === "bigint") return String(number);
  return Number.isInteger(number) ? String(BigInt(number)) : String(number);
}
