/**
 * From what data holds to the representation of a static kind: JSON has neither timestamps nor bytes, and a value of type
 * `any` must be looked at. One function a kind; each throws when the value is of another type.
 */
import type { Kind } from "../../compiler/contract/expr-tree.ts";
import { invalidArgument, noSuchOverload } from "./evaluation-error.ts";
import { type Int, toInt } from "./numbers.ts";
import { isMap, typeNameOf } from "./type-of.ts";
import { type Bytes, bytesFromBase64, bytesOf } from "./values/bytes.ts";
import { Double } from "./values/double.ts";
import { Duration, parseDuration } from "./values/duration.ts";
import { Optional } from "./values/optional.ts";
import { parseTimestamp, Timestamp } from "./values/timestamp.ts";
import { TypeValue } from "./values/type-value.ts";
import { toUint, Uint } from "./values/uint.ts";

function wrongType(value: unknown, wanted: string): Error {
  return noSuchOverload(`expected ${wanted}, found ${typeNameOf(value)}`);
}

export function coerceInt(value: unknown): Int {
  if (typeof value === "number" && Number.isInteger(value))
    return Number.isSafeInteger(value) ? value : toInt(BigInt(value));
  if (typeof value === "bigint") return toInt(value);
  if (value instanceof Double && Number.isInteger(value.value)) return toInt(BigInt(value.value));
  throw wrongType(value, "int");
}

export function coerceDouble(value: unknown): number {
  if (typeof value === "number") return value;
  if (value instanceof Double) return value.value;
  if (typeof value === "bigint") return Number(value);
  throw wrongType(value, "double");
}

export function coerceUint(value: unknown): Uint {
  if (value instanceof Uint) return value;
  if ((typeof value === "number" && Number.isInteger(value)) || typeof value === "bigint") return toUint(BigInt(value));
  throw wrongType(value, "uint");
}

export function coerceString(value: unknown): string {
  if (typeof value === "string") return value;
  throw wrongType(value, "string");
}

export function coerceBool(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw wrongType(value, "bool");
}

export function coerceBytes(value: unknown): Bytes {
  if (value instanceof Uint8Array) return value as Bytes;
  const bytes = typeof value === "string" ? bytesFromBase64(value) : undefined;
  if (bytes !== undefined) return bytes;
  throw typeof value === "string" ? invalidArgument("not base64") : wrongType(value, "bytes");
}

export function coerceTimestamp(value: unknown): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value);
  throw wrongType(value, "timestamp");
}

export function coerceDuration(value: unknown): Duration {
  if (value instanceof Duration) return value;
  if (typeof value === "string") return parseDuration(value);
  throw wrongType(value, "duration");
}

export function coerceList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType(value, "list");
}

export function coerceMap(value: unknown): unknown {
  if (isMap(value)) return value;
  throw wrongType(value, "map");
}

export function coerceOptional(value: unknown): Optional {
  if (value instanceof Optional) return value;
  throw wrongType(value, "optional");
}

export function coerceType(value: unknown): TypeValue {
  if (value instanceof TypeValue) return value;
  throw wrongType(value, "type");
}

export function coerceNull(value: unknown): null {
  if (value === null) return null;
  throw wrongType(value, "null");
}

export const coercions: Readonly<Record<Exclude<Kind, "any">, (value: unknown) => unknown>> = {
  null: coerceNull,
  bool: coerceBool,
  int: coerceInt,
  uint: coerceUint,
  double: coerceDouble,
  string: coerceString,
  bytes: (value) => (value instanceof Uint8Array ? bytesOfAny(value) : coerceBytes(value)),
  timestamp: coerceTimestamp,
  duration: coerceDuration,
  type: coerceType,
  list: coerceList,
  map: coerceMap,
  record: coerceMap,
  optional: coerceOptional,
};

/** Bytes from a transport may be a plain Uint8Array. */
function bytesOfAny(value: Uint8Array): Uint8Array {
  return value.constructor === Uint8Array ? bytesOf(value) : value;
}
