/** The CEL type of a run-time value, by its name; also the names that messages use. */
import { Double } from "./values/double.ts";
import { Duration } from "./values/duration.ts";
import { Optional } from "./values/optional.ts";
import { Timestamp } from "./values/timestamp.ts";
import { TypeValue } from "./values/type-value.ts";
import { Uint } from "./values/uint.ts";

export type TypeName =
  | "null_type"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "google.protobuf.Timestamp"
  | "google.protobuf.Duration"
  | "type"
  | "list"
  | "map"
  | "optional_type";

export function typeNameOf(value: unknown): TypeName {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return Number.isInteger(value) ? "int" : "double";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
  }
  if (value === null || value === undefined) return "null_type";
  if (Array.isArray(value)) return "list";
  if (value instanceof Double) return "double";
  if (value instanceof Uint) return "uint";
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Optional) return "optional_type";
  if (value instanceof TypeValue) return "type";
  return "map";
}

/** `f(int, string)`, for messages. */
export function callText(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map(typeNameOf).join(", ")})`;
}

/** A map or record: a plain object or a Map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (value instanceof Map) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
