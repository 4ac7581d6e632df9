/** A CSV field to a value of the declared type and back. */
import type { RecordField, ValueType } from "../../compiler/contract/value-type.ts";
import { BadRecord } from "../engine/bad-event.ts";
import { bytesToBase64 } from "../expr/values/bytes.ts";
import type { FormatContext } from "./format.ts";

/** Undefined = the field is absent from the record. `quoted` tells `""` from nothing at all. */
export type CsvReader = (text: string, quoted: boolean) => unknown;

/** Nothing at all is an absent field where the type allows one. */
export function readerOf(field: RecordField, context: FormatContext): CsvReader {
  const read = valueReader(field.type, context, 0);
  const describe = (text: string) =>
    new BadRecord(
      `The field '${field.name}' is ${JSON.stringify(shortened(text))}, which is not ${typeName(field.type, context)}.`,
    );
  return (text, quoted) => {
    if (text === "" && !quoted && field.optional) return undefined;
    const value = read(text, quoted);
    if (value === notOfType) throw describe(text);
    return value;
  };
}

const notOfType: unique symbol = Symbol("not of the type");

/** A named type may refer to itself; a CSV field is never nested that deep. */
const deepestType = 20;
const asText: CsvReader = (text) => text;

function valueReader(type: ValueType, context: FormatContext, depth: number): CsvReader {
  if (depth > deepestType) return asText;
  const resolved = context.resolve(type);
  switch (resolved.kind) {
    case "int":
    case "uint":
      return (text) => readInt(text);
    case "double":
      return (text) => (decimal.test(text) ? Number(text) : notOfType);
    case "bool":
      return (text) => readBool(text);
    case "null":
      return (text) => (text === "" || text === "null" ? null : notOfType);
    case "literal":
      return literalReader(resolved.value);
    case "union":
      return firstOf(resolved.members.map((member) => valueReader(member, context, depth + 1)));
    case "optional":
      return valueReader(resolved.of, context, depth + 1);
    case "list":
    case "map":
    case "record":
      return (text) => readJson(text, context);
    // Strings, and what stays a string inside `data`: timestamps, durations, bytes.
    default:
      return asText;
  }
}

const integer = /^[+-]?\d{1,30}$/;
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const intMin = -(2n ** 63n);
const intMax = 2n ** 63n - 1n;

/** A number while it is a safe integer, a bigint beyond, up to 64 bits. */
function readInt(text: string): unknown {
  if (!integer.test(text)) return notOfType;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number + 0;
  const big = BigInt(text.replace("+", ""));
  return big < intMin || big > intMax ? notOfType : big;
}

function readBool(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : notOfType;
}

function literalReader(value: string | number | boolean): CsvReader {
  return (text) => {
    const read =
      typeof value === "string"
        ? text
        : typeof value === "boolean"
          ? readBool(text)
          : decimal.test(text)
            ? Number(text)
            : notOfType;
    return read === value ? value : notOfType;
  };
}

function firstOf(readers: readonly CsvReader[]): CsvReader {
  return (text, quoted) => {
    for (const read of readers) {
      const value = read(text, quoted);
      if (value !== notOfType) return value;
    }
    return notOfType;
  };
}

function readJson(text: string, context: FormatContext): unknown {
  try {
    return context.parseJson(text);
  } catch {
    return notOfType;
  }
}

function typeName(type: ValueType, context: FormatContext): string {
  const resolved = context.resolve(type);
  if (resolved.kind === "literal") return JSON.stringify(resolved.value);
  if (resolved.kind === "union") return resolved.members.map((member) => typeName(member, context)).join(" or ");
  return resolved.kind === "list" || resolved.kind === "map" || resolved.kind === "record"
    ? `JSON (a ${resolved.kind})`
    : `${/^[aeiou]/.test(resolved.kind) ? "an" : "a"} ${resolved.kind}`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Nothing for null; strings as they are; lists, records and everything else as JSON, a JSON string without its quotes. */
export function fieldText(value: unknown, context: FormatContext): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return bytesToBase64(value);
  const json = context.toJson(value);
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
