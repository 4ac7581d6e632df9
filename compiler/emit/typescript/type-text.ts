/**
 * Value types as TypeScript sees the JSON that user code gets: timestamps, durations and bytes are strings, all numbers are numbers (the few integers beyond
 * 2^53 come as BigInt, which no type of a field could say without making every sum an error).
 */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";

/** Records have the fields that are declared and no others, so that a misspelt one is found. */
export function typeText(type: ValueType): string {
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
    case "double":
      return "number";
    case "string":
    case "bytes":
    case "timestamp":
    case "duration":
    case "type":
      return "string";
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return `(${type.members.map((member) => typeText(member)).join(" | ")})`;
    case "list":
      return `Array<${typeText(type.element)}>`;
    case "map":
      return `{ [key: string]: ${typeText(type.value)} }`;
    case "record":
      return recordText(type.fields);
    case "optional":
      return `(${typeText(type.of)} | null | undefined)`;
    case "ref":
      return safeName(type.name);
  }
}

function recordText(fields: Extract<ValueType, { kind: "record" }>["fields"]): string {
  const own = fields.map(({ name, optional, type }) =>
    optional ? `${JSON.stringify(name)}?: ${typeText(type)} | null` : `${JSON.stringify(name)}: ${typeText(type)}`,
  );
  return `{ ${own.join("; ")} }`;
}

/** A declaration for each. */
export const namedTypes = (types: TypeTable): string =>
  Object.entries(types)
    .map(([name, type]) => `type ${safeName(name)} = ${typeText(type)};\n`)
    .join("");

/** TypeScript has types of its own, and words that name none. */
const taken: ReadonlySet<string> = new Set(
  "FlowEvent Step any unknown never void null undefined string number boolean bigint symbol object import export default class enum extends function new return this typeof true false delete in instanceof super switch throw try var while with yield let static implements interface package private protected public await break case catch const continue debugger do else finally for if".split(
    " ",
  ),
);
const safeName = (name: string): string => (taken.has(name) ? `${name}_` : name);
