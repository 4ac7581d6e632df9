/** The variables that expressions see in each place, with their types. */
import { variables } from "../catalog/variables.ts";
import type { RecordType, ValueType } from "../contract/value-type.ts";
import { anyType, boolType, intType, recordOf, stringType, timestampType } from "./types.ts";

/** A type as the catalogue writes it. Only the forms that the catalogue uses. */
export function catalogType(text: string): ValueType {
  const trimmed = text.trim();
  if (trimmed.includes("|")) {
    return { kind: "union", members: trimmed.split("|").map((member) => catalogType(member)) };
  }
  if (trimmed.startsWith('"')) return { kind: "literal", value: trimmed.slice(1, -1) };
  if (trimmed.startsWith("[")) return { kind: "list", element: catalogType(trimmed.slice(1, -1)) };
  if (trimmed.startsWith("{")) {
    const [key, value] = trimmed.slice(1, -1).split(":");
    return { kind: "map", key: catalogType(key!), value: catalogType(value!) };
  }
  switch (trimmed) {
    case "string":
      return stringType;
    case "int":
      return intType;
    case "bool":
      return boolType;
    case "timestamp":
      return timestampType;
    case "double":
    case "bytes":
    case "duration":
      return { kind: trimmed };
    default:
      return anyType;
  }
}

function variableType(name: string): RecordType {
  const fields = variables.find((row) => row.name === name)?.fields ?? [];
  return recordOf(
    fields.map((field) => ({
      name: field.name,
      type: catalogType(field.type),
      optional: field.optional,
      doc: field.doc,
    })),
  );
}

export const eventType = variableType("event");
export const windowType = variableType("window");
export const paneType = variableType("pane");
export const chunkType = variableType("chunk");

const field = (name: string, type: ValueType, doc: string, optional = false) => ({ name, type, optional, doc });

/** What a reader of `x.errors` gets. */
export const errorsType: RecordType = recordOf([
  field("node", stringType, "The node at which it failed."),
  field("operator", stringType, "The operator, when a node has several.", true),
  field("at", stringType, "`file:line:column` of what failed."),
  field("reason", stringType, "Why."),
  field("position", stringType, "Of the record in its source."),
  field("text", stringType, "The original record, where it is text.", true),
  field("base64", stringType, "The original record, where it is not.", true),
]);

export type Variables = ReadonlyMap<string, ValueType>;

export const noVariables: Variables = new Map();

/** What is known of a single event; `more` comes from upstream: `chunk`, `retracted`. */
export function eventVariables(data: ValueType, more: Variables = noVariables): Variables {
  const all = new Map<string, ValueType>();
  all.set("data", data).set("event", eventType);
  for (const [name, type] of more) all.set(name, type);
  return all;
}

/**
 * Where inputs are named and nothing is joined, or joined and not named: every name means something, so that the one
 * mistake gives one message.
 */
export const misnamedVariables = (names: readonly string[], single: Variables): Variables =>
  names.length === 0 ? single : new Map([...names.map((name) => [name, anyType] as const), ...single]);

/** One side of a join: `o.data`, `o.event`. */
export const aliasType = (data: ValueType): ValueType =>
  recordOf([field("data", data, "The payload."), field("event", eventType, "The event's attributes.")]);
