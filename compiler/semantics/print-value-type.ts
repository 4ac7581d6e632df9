/** Value types as .flow writes them. */
import type { ValueType } from "../contract/value-type.ts";

/** One line. Optionals, which no type expression can write, are shown as `optional(T)`; a mistake's type as `any`. */
export function printValueType(type: ValueType): string {
  switch (type.kind) {
    case "literal":
      return JSON.stringify(type.value);
    case "union":
      return type.members.map(printValueType).join(" | ");
    case "list":
      return `[${printValueType(type.element)}]`;
    case "map":
      return `{${printValueType(type.key)}: ${printValueType(type.value)}}`;
    case "record":
      return type.fields.length === 0 ? "{}" : `{ ${type.fields.map(printField).join(", ")} }`;
    case "optional":
      return `optional(${printValueType(type.of)})`;
    case "ref":
      return type.name;
    case "unknown":
      return "any";
    default:
      return type.kind;
  }
}

function printField(field: { readonly name: string; readonly optional: boolean; readonly type: ValueType }): string {
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(field.name) ? field.name : JSON.stringify(field.name);
  return `${name}${field.optional ? "?" : ""}: ${printValueType(field.type)}`;
}

/** In the middle of a sentence: `an int`, `a list [string]`. */
export function withArticle(type: ValueType): string {
  const name = nameOfType(type);
  if (type.kind === "list" || type.kind === "map" || type.kind === "record") return `a ${type.kind} ${name}`;
  return type.kind === "union" || type.kind === "literal"
    ? `a value ${name}`
    : `${/^[aeio]/.test(name) ? "an" : "a"} ${name}`;
}

const longestInMessage = 60;

/** For messages: long records and unions are cut. */
export function nameOfType(type: ValueType): string {
  const text = printValueType(type);
  if (text.length <= longestInMessage) return text;
  if (type.kind === "record")
    return `{ ${type.fields
      .slice(0, 3)
      .map((field) => field.name)
      .join(", ")}, … }`;
  return `${text.slice(0, longestInMessage)}…`;
}
