/** Writes any value as JSON, where JSON.stringify cannot: bigints, maps, doubles with a spelling of their own. */
import { EvaluationError, invalidArgument } from "../expr/evaluation-error.ts";
import { typeNameOf } from "../expr/type-of.ts";
import { bytesToBase64 } from "../expr/values/bytes.ts";
import { Double } from "../expr/values/double.ts";
import { Duration } from "../expr/values/duration.ts";
import { Optional } from "../expr/values/optional.ts";
import { Timestamp } from "../expr/values/timestamp.ts";
import { TypeValue } from "../expr/values/type-value.ts";
import { Uint } from "../expr/values/uint.ts";
import { maxJsonDepth } from "./exact-json-reader.ts";

/** On one line, without spaces. @throws EvaluationError for NaN, an infinity, or what is nested too deeply. */
export function writeExactJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return writeDouble(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : writeObject(value, depth);
  }
  throw invalidArgument(`not a JSON value: ${typeof value}`);
}

function writeDouble(value: number): string {
  if (!Number.isFinite(value)) throw invalidArgument(`${value} has no JSON form`);
  return String(value);
}

function writeObject(value: object, depth: number): string {
  if (depth > maxJsonDepth) throw new EvaluationError("limit", `value nested deeper than ${maxJsonDepth}`);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (value instanceof Map) return `{${Array.from(value, ([key, item]) => member(key, item, depth)).join(",")}}`;
  if (value instanceof Double) return value.text ?? (Object.is(value.value, -0) ? "-0.0" : writeDouble(value.value));
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp || value instanceof Duration) return `"${value.toString()}"`;
  if (value instanceof Uint8Array) return `"${bytesToBase64(value)}"`;
  if (value instanceof Optional) return value.content === undefined ? "null" : write(value.content, depth);
  if (value instanceof TypeValue) return JSON.stringify(value.typeName);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => member(key, item, depth)).join(",")}}`;
}

function member(key: unknown, value: unknown, depth: number): string {
  return `${JSON.stringify(keyText(key))}:${write(value, depth + 1)}`;
}

/** Keys that are not strings become their text, as in CEL's conversion to JSON. */
function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  if (typeof key === "number" || typeof key === "bigint" || typeof key === "boolean") return String(key);
  if (key instanceof Uint) return String(key.value);
  throw invalidArgument(`not a key of a JSON object: ${typeNameOf(key)}`);
}
