/** CEL's conversions between types. A value that does not convert ends in an EvaluationError. */
import { invalidArgument, noSuchOverload, overflow } from "../evaluation-error.ts";
import { doubleValue, type Int, isInt, toInt } from "../numbers.ts";
import { callText, typeNameOf } from "../type-of.ts";
import { Bytes, utf8, utf8Text } from "../values/bytes.ts";
import { boxDouble } from "../values/double.ts";
import { Duration, durationOf, parseDuration } from "../values/duration.ts";
import { parseTimestamp, Timestamp, timestampOf } from "../values/timestamp.ts";
import { TypeValue } from "../values/type-value.ts";
import { toUint, Uint } from "../values/uint.ts";

function wrong(name: string, value: unknown): Error {
  return noSuchOverload(callText(name, [value]));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export function toIntValue(value: unknown): Int {
  if (isInt(value)) return value;
  if (typeof value === "string") return parseInteger(value);
  if (value instanceof Uint) return toInt(value.value);
  if (value instanceof Timestamp) return value.seconds;
  if (value instanceof Duration) return value.seconds < 0 && value.nanos > 0 ? value.seconds + 1 : value.seconds;
  const double = doubleValue(value);
  if (double === undefined) throw wrong("int", value);
  return doubleToInt(double);
}

/** The fraction is cut off. Source: the range that every implementation agrees on excludes both ends of 64 bits. */
export function doubleToInt(value: number): Int {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  if (!(whole > -(2 ** 63) && whole < 2 ** 63)) throw overflow("integer");
  return toInt(BigInt(whole));
}

export function parseInteger(text: string): Int {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw invalidArgument(`not an int: ${quoted(text)}`);
  if (text.length <= 15) return Number(text) + 0;
  return toInt(BigInt(text.startsWith("+") ? text.slice(1) : text));
}

export function toUintValue(value: unknown): Uint {
  if (value instanceof Uint) return value;
  if (isInt(value)) return toUint(BigInt(value));
  if (typeof value === "string") {
    if (!/^\d{1,40}$/.test(value)) throw invalidArgument(`not a uint: ${quoted(value)}`);
    return toUint(BigInt(value));
  }
  const double = doubleValue(value);
  if (double === undefined) throw wrong("uint", value);
  if (!(double >= 0 && double < 2 ** 64)) throw overflow("unsigned integer");
  return toUint(BigInt(Math.trunc(double)));
}

export function toDoubleNumber(value: unknown): number {
  if (isInt(value)) return Number(value) + 0;
  const double = doubleValue(value);
  if (double !== undefined) return double;
  if (value instanceof Uint) return Number(value.value);
  if (typeof value === "string") return parseDouble(value);
  throw wrong("double", value);
}

const doubleText = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)$/;

export function parseDouble(text: string): number {
  if (doubleText.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  switch (text.toLowerCase()) {
    case "nan":
      return Number.NaN;
    case "inf":
    case "+inf":
    case "infinity":
    case "+infinity":
      return Number.POSITIVE_INFINITY;
    case "-inf":
    case "-infinity":
      return Number.NEGATIVE_INFINITY;
  }
  throw invalidArgument(`not a double: ${quoted(text)}`);
}

/** As Go prints a float with the fewest digits: `1`, `1.5`, `1e+21`, `NaN`, `+Inf`. */
export function printDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (Object.is(value, -0)) return "-0";
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

export function toStringValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return Number.isInteger(value) ? String(value) : printDouble(value);
  }
  const double = doubleValue(value);
  if (double !== undefined) return printDouble(double);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp || value instanceof Duration) return value.toString();
  if (value instanceof Uint8Array) {
    const text = utf8Text(value);
    if (text === undefined) throw invalidArgument("invalid UTF-8 in bytes, cannot convert to string");
    return text;
  }
  throw wrong("string", value);
}

function toBytes(value: unknown): unknown {
  if (value instanceof Bytes) return value;
  if (typeof value === "string") return utf8(value);
  throw wrong("bytes", value);
}

const trueTexts: ReadonlySet<unknown> = new Set(["true", "True", "TRUE", "t", "1"]);
const falseTexts: ReadonlySet<unknown> = new Set(["false", "False", "FALSE", "f", "0"]);

function toBool(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (trueTexts.has(value)) return true;
  if (falseTexts.has(value)) return false;
  throw typeof value === "string"
    ? invalidArgument(`Type conversion error: not a bool: ${quoted(value)}`)
    : wrong("bool", value);
}

export function toTimestamp(value: unknown): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value);
  if (isInt(value)) return timestampOf(Number(value), 0);
  throw wrong("timestamp", value);
}

export function toDuration(value: unknown): Duration {
  if (value instanceof Duration) return value;
  if (typeof value === "string") return parseDuration(value);
  if (isInt(value)) return durationOf(Number(value), 0);
  throw wrong("duration", value);
}

const typeValues = new Map<string, TypeValue>();

export function typeOf(value: unknown): TypeValue {
  const name = typeNameOf(value);
  const known = typeValues.get(name);
  if (known !== undefined) return known;
  const type = new TypeValue(name);
  typeValues.set(name, type);
  return type;
}

export const conversions = {
  int: toIntValue,
  uint: toUintValue,
  double: (value: unknown) => boxDouble(toDoubleNumber(value)),
  string: toStringValue,
  bytes: toBytes,
  bool: toBool,
  timestamp: toTimestamp,
  duration: toDuration,
  dyn: (value: unknown) => value,
  type: typeOf,
};
