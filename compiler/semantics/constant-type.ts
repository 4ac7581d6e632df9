/** Whether a constant is of a type, and the expression that stands for a constant in the custom resource. */
import type { TypeTable, ValueType } from "../contract/value-type.ts";
import { isRecord } from "./constants.ts";
import type { Constant } from "./model.ts";
import { isAssignable, listOf, resolveType, unionOf, unknownType } from "./types.ts";

export const constantFits = (value: Constant, type: ValueType, types: TypeTable): boolean => {
  const resolved = resolveType(type, types);
  if (resolved.kind === "double" && (typeof value === "number" || typeof value === "bigint")) return true;
  return isAssignable(typeOfConstant(value), resolved, types);
};

export function typeOfConstant(value: Constant): ValueType {
  if (value === null) return { kind: "null" };
  if (typeof value === "string" || typeof value === "boolean") return { kind: "literal", value };
  if (typeof value === "bigint") return { kind: "int" };
  if (typeof value === "number") return Number.isInteger(value) ? { kind: "literal", value } : { kind: "double" };
  if (isRecord(value)) {
    return {
      kind: "record",
      fields: value.entries.map(([name, item]) => ({ name, type: typeOfConstant(item), optional: false })),
    };
  }
  if (!("kind" in value)) return listOf(value.length === 0 ? unknownType : unionOf(value.map(typeOfConstant)));
  if (value.kind === "size") return { kind: "int" };
  return { kind: value.kind === "duration" || value.kind === "timestamp" ? value.kind : "string" };
}
