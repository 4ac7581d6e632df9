/**
 * Value types as TypeScript sees the JSON that user code gets: timestamps, durations and bytes are strings, all numbers are numbers (the few integers beyond
 * 2^53 come as BigInt, which no type of a field could say without making every sum an error).
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";

/**
 * `given`: records have the fields that are declared and no others, so that a misspelt one is found.
 * `result`: they may have more, and values may be all that has the JSON of the type.
 */
export type Direction = "given" | "result";

export function typeText(type: ValueType, direction: Direction): string {
  const text = (of: ValueType) => typeText(of, direction);
  const also = (own: string, other: string) => (direction === "given" ? own : `(${own} | ${other})`);
  switch (type.kind) {
    case "any":
    case "unknown":
      return "any";
    case "null":
      return "null";
    case "bool":
      return "boolean";
    case "int":
    case "uint":
      return also("number", "bigint");
    case "double":
      return "number";
    case "timestamp":
      return also("string", "Date");
    case "bytes":
      return also("string", "Uint8Array");
    case "string":
    case "duration":
    case "type":
      return "string";
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return `(${type.members.map(text).join(" | ")})`;
    case "list":
      return `Array<${text(type.element)}>`;
    case "map":
      return `{ [key: string]: ${text(type.value)} }`;
    case "record":
      return recordText(type.fields, direction);
    case "optional":
      return `(${text(type.of)} | null | undefined)`;
    case "ref":
      return safeName(type.name);
  }
}

function recordText(fields: Extract<ValueType, { kind: "record" }>["fields"], direction: Direction): string {
  const own = fields.map(({ name, optional, type }) => {
    const text = typeText(type, direction);
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return optional ? `${key}?: ${text} | null` : `${key}: ${text}`;
  });
  return `{ ${[...own, ...(direction === "result" ? ["[more: string]: unknown"] : [])].join("; ")} }`;
}

/** A declaration for each. */
export const namedTypes = (types: TypeTable, direction: Direction): string =>
  Object.entries(types)
    .map(([name, type]) => `type ${safeName(name)} = ${typeText(type, direction)};\n`)
    .join("");

/** TypeScript has types of its own, and words that name none. */
const taken: ReadonlySet<string> = new Set(
  "Given Result Date Uint8Array Array any unknown never void null undefined string number boolean bigint symbol object import export default class enum extends function new return this typeof true false delete in instanceof super switch throw try var while with yield let static implements interface package private protected public await break case catch const continue debugger do else finally for if".split(
    " ",
  ),
);
const safeName = (name: string): string => (taken.has(name) ? `${name}_` : name);
