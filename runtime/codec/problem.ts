/** Says what is wrong with data of a declared type, with the path of the field: `data.lines[2].qty: needs an int, got the string "x"`. */
import type { TypeTable, ValueType } from "../../compiler/contract/value-type.ts";
import { maxInt, minInt } from "../expr/numbers.ts";
import { Double } from "../expr/values/double.ts";
import { parseDuration } from "../expr/values/duration.ts";
import { parseSeconds } from "../expr/values/rfc3339.ts";
import { maxUint, Uint } from "../expr/values/uint.ts";
import { getField, isRecordValue } from "../operators/records.ts";

const maxDepth = 500;

/** Undefined when the data has the type. Named types are looked up in `types`. */
export function problemOf(
  data: unknown,
  type: ValueType,
  types: TypeTable,
  path = "data",
  depth = 0,
): string | undefined {
  const below = (value: unknown, of: ValueType, at: string) => problemOf(value, of, types, at, depth + 1);
  const expected = (what: string) => `${path}: needs ${what}, got ${describe(data)}`;
  if (depth > maxDepth) return `${path}: nested too deeply`;
  switch (type.kind) {
    case "any":
    case "unknown":
      return data === undefined ? `${path}: missing` : undefined;
    case "null":
      return data === null ? undefined : expected("null");
    case "bool":
      return typeof data === "boolean" ? undefined : expected("a bool");
    case "string":
      return typeof data === "string" ? undefined : expected("a string");
    case "int":
      return isWhole(data, minInt, maxInt) ? undefined : expected("an int");
    case "uint":
      return data instanceof Uint || isWhole(data, 0n, maxUint) ? undefined : expected("an unsigned int");
    case "double":
      return typeof data === "number" || typeof data === "bigint" || data instanceof Double
        ? undefined
        : expected("a double");
    case "bytes":
      return data instanceof Uint8Array || (typeof data === "string" && isBase64(data))
        ? undefined
        : expected("bytes in base64");
    case "timestamp":
      return typeof data === "string" && !Number.isNaN(parseSeconds(data))
        ? undefined
        : expected("an RFC 3339 timestamp");
    case "duration":
      return typeof data === "string" && isDuration(data) ? undefined : expected('a duration such as "90s"');
    case "type":
      return expected("a type, which JSON cannot hold");
    case "literal":
      return data === type.value ? undefined : expected(JSON.stringify(type.value));
    case "union":
      return type.members.some((member) => below(data, member, path) === undefined)
        ? undefined
        : expected(unionText(type.members));
    case "optional":
      return data === null ? undefined : below(data, type.of, path);
    case "list":
      return Array.isArray(data)
        ? firstProblem(data, (item, index) => below(item, type.element, `${path}[${index}]`))
        : expected("a list");
    case "map":
      if (!isRecordValue(data)) return expected("a map");
      return firstProblem([...(data instanceof Map ? data : Object.entries(data))], ([key, value]) =>
        isKey(String(key), type.key)
          ? below(value, type.value, `${path}[${JSON.stringify(key)}]`)
          : `${path}: ${JSON.stringify(key)} is not a key of type ${type.key.kind}`,
      );
    case "record":
      if (!isRecordValue(data)) return expected("a record");
      return firstProblem(type.fields, (field) => {
        const value = getField(data, field.name);
        if (value === undefined) return field.optional ? undefined : `${fieldPath(path, field.name)}: missing`;
        if (value === null && field.optional) return undefined;
        return below(value, field.type, fieldPath(path, field.name));
      });
    case "ref": {
      const named = Object.hasOwn(types, type.name) ? types[type.name] : undefined;
      return named === undefined ? undefined : problemOf(data, named, types, path, depth + 1);
    }
  }
}

function firstProblem<T>(
  items: readonly T[],
  problem: (item: T, index: number) => string | undefined,
): string | undefined {
  for (let index = 0; index < items.length; index++) {
    const found = problem(items[index]!, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isWhole(data: unknown, least: bigint, greatest: bigint): boolean {
  if (typeof data === "number") return Number.isInteger(data) && BigInt(data) >= least && BigInt(data) <= greatest;
  return typeof data === "bigint" && data >= least && data <= greatest;
}

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

function isKey(key: string, type: ValueType): boolean {
  if (type.kind === "int") return /^-?\d{1,19}$/.test(key);
  if (type.kind === "uint") return /^\d{1,20}$/.test(key);
  return type.kind === "bool" ? key === "true" || key === "false" : true;
}

const fieldPath = (path: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;

const unionText = (members: readonly ValueType[]): string =>
  members.map((member) => (member.kind === "literal" ? JSON.stringify(member.value) : member.kind)).join(" | ");

function describe(data: unknown): string {
  if (data === null || data === undefined) return "null";
  if (typeof data === "string")
    return `the string ${JSON.stringify(data.length > 40 ? `${data.slice(0, 40)}…` : data)}`;
  if (typeof data === "number" || typeof data === "bigint") return `the number ${data}`;
  if (data instanceof Double) return `the number ${data.text ?? data.value}`;
  if (typeof data === "boolean") return String(data);
  if (data instanceof Uint8Array) return "bytes";
  return Array.isArray(data) ? "a list" : "a record";
}
