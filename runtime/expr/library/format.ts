/** `"%s".format([…])`. Source: CEL's strings extension, the section on formatting. */
import { compareStrings, mapEntries } from "../equality.ts";
import { EvaluationError, invalidArgument } from "../evaluation-error.ts";
import { doubleValue, isInt } from "../numbers.ts";
import { isMap, typeNameOf } from "../type-of.ts";
import { TypeValue } from "../values/type-value.ts";
import { Uint } from "../values/uint.ts";
import { printDouble, toStringValue } from "./conversions.ts";

const maxPrecision = 100;
const clause = /%(?:%|(?:\.(\d{1,9}))?([\s\S]?))/gu;

export function formatText(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(clause, (whole: string, digits: string | undefined, letter: string | undefined) => {
    if (whole === "%%") return "%";
    const print = printers[letter ?? ""];
    if (print === undefined)
      throw invalidArgument(`could not parse formatting clause: unrecognized formatting clause "${letter ?? ""}"`);
    const index = next++;
    if (index >= values.length) throw new EvaluationError("out-of-range", `index ${index} out of range`);
    const precision = digits === undefined ? 6 : Number(digits);
    if (precision > maxPrecision)
      throw invalidArgument(`could not parse formatting clause: precision above ${maxPrecision}`);
    return print(values[index], precision);
  });
}

const printers: Readonly<Record<string, (value: unknown, precision: number) => string>> = {
  s: (value) => printAny(value, 0),
  d: printDecimal,
  f: (value, precision) => special(value) ?? printFixed(wholeOrDouble(value, "fixed-point"), precision),
  e: (value, precision) => special(value) ?? printScientific(wholeOrDouble(value, "scientific"), precision),
  b: printBinary,
  o: (value) => radix(integer(value, "octal clause can only be used on integers"), 8),
  x: printHex,
  X: (value) => printHex(value).toUpperCase(),
};

function wrong(rule: string, value: unknown): Error {
  return invalidArgument(`error during formatting: ${rule}, was given ${typeNameOf(value)}`);
}

/** NaN and the infinities, which look the same in every clause of numbers. */
function special(value: unknown): string | undefined {
  const double = doubleValue(value);
  return double === undefined || Number.isFinite(double) ? undefined : String(double);
}

function integer(value: unknown, rule: string): bigint {
  if (isInt(value)) return BigInt(value);
  if (value instanceof Uint) return value.value;
  throw wrong(rule, value);
}

function wholeOrDouble(value: unknown, name: string): number {
  const double = doubleValue(value);
  if (double !== undefined) return double;
  if (isInt(value)) return Number(value);
  if (value instanceof Uint) return Number(value.value);
  throw wrong(`${name} clause can only be used on doubles`, value);
}

function radix(value: bigint, base: number): string {
  return value.toString(base);
}

function printDecimal(value: unknown): string {
  const text = special(value);
  if (text !== undefined) return text;
  const double = doubleValue(value);
  if (double !== undefined) return printDouble(double);
  return String(integer(value, "decimal clause can only be used on integers"));
}

function printBinary(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return radix(integer(value, "only integers and bools can be formatted as binary"), 2);
}

function printHex(value: unknown): string {
  if (typeof value === "string") return Buffer.from(value, "utf8").toString("hex");
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return radix(integer(value, "only integers, byte buffers, and strings can be formatted as hex"), 16);
}

/** Halves go to the even digit, where JavaScript's toFixed rounds them up. */
function printFixed(value: number, precision: number): string {
  const size = Math.abs(value);
  if (size >= 1e21) return `${BigInt(value)}${precision === 0 ? "" : `.${"0".repeat(precision)}`}`;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const exact = size.toFixed(100);
  const kept = exact.slice(0, exact.length - 100 + precision).replace(/\.$/, "");
  const isTie = /^50*$/.test(exact.slice(exact.length - 100 + precision));
  const lastIsEven = "02468".includes(kept.at(-1) ?? "0");
  return `${sign}${isTie && lastIsEven ? kept : size.toFixed(precision)}`;
}

function printScientific(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
}

function printAny(value: unknown, depth: number): string {
  if (depth > 100) throw new EvaluationError("limit", "a value is nested too deeply to be formatted");
  const text = special(value);
  if (text !== undefined) return text;
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map((item) => printAny(item, depth + 1)).join(", ")}]`;
  if (value instanceof TypeValue) return value.typeName;
  if (isMap(value)) {
    const entries = mapEntries(value).map(
      ([key, item]) => [printAny(key, depth + 1), printAny(item, depth + 1)] as const,
    );
    entries.sort((left, right) => compareStrings(left[0], right[0]));
    return `{${entries.map(([key, item]) => `${key}: ${item}`).join(", ")}}`;
  }
  if (typeNameOf(value) === "optional_type")
    throw wrong(
      "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
      value,
    );
  return toStringValue(value);
}
