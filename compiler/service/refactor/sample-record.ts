/** A record of a type, made up: the n-th differs in its numbers from the others. And how values are written. */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import { resolveType } from "../../semantics/types.ts";
import { printString } from "../../syntax/print.ts";
import { isRecord, type Value } from "./foreseen-value.ts";

const deepest = 4;

/** @param text what stands for any string */
export function sampleOf(type: ValueType, n: number, text: string, types: TypeTable, depth = 0): Value {
  const resolved = resolveType(type, types);
  const inside = (of: ValueType): Value => sampleOf(of, n, text, types, depth + 1);
  switch (resolved.kind) {
    case "int":
    case "uint":
      return BigInt(n);
    case "double":
      return n + 0.5;
    case "bool":
      return true;
    case "null":
      return null;
    case "literal":
      return typeof resolved.value === "number" ? BigInt(resolved.value) : resolved.value;
    case "timestamp":
      return { timestampMs: Date.UTC(2024, 0, 1) };
    case "union":
      return inside(resolved.members.find(({ kind }) => kind !== "null") ?? resolved.members[0]!);
    case "list":
      return depth >= deepest ? [] : [inside(resolved.element)];
    case "map":
      return new Map();
    case "record":
      return new Map(
        resolved.fields
          .filter(({ optional }) => !optional || depth < deepest)
          .map(({ name, type: of }) => [name, inside(of)]),
      );
    case "duration":
      return "1s";
    case "bytes":
      return "";
    default:
      return text;
  }
}

/** As test data; undefined where something in it is not known. Fields of records that are not known are left out. */
export function printed(value: Value): string | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value) || /e/.test(String(value))) return undefined;
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  if (typeof value === "string") return printString(value);
  if (isRecord(value)) {
    const fields = [...value].flatMap(([name, of]) => {
      const text = printed(of);
      return text === undefined ? [] : [`${/^[A-Za-z_]\w*$/.test(name) ? name : printString(name)}: ${text}`];
    });
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  if ("timestampMs" in value) return printString(new Date(value.timestampMs).toISOString().replace(/\.000Z$/, "Z"));
  const items = value.map(printed);
  return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
}
