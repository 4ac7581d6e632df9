/** A value of data as its declared type says, where only JSON's text of it is there. What was read is not changed. */
import type { ValueShape } from "../../compiler/contract/expr-tree.ts";
import { coerceBytes, coerceDuration, coerceTimestamp } from "./coerce.ts";
import { mapEntries } from "./equality.ts";
import { makeMap } from "./maps.ts";
import { isMap } from "./type-of.ts";
import { boxDouble, Double } from "./values/double.ts";

/** What is not there, or of another type, stays as it is: whoever looks at it says so. */
export function view(value: unknown, shape: ValueShape): unknown {
  if (value === undefined || value === null) return value;
  if (typeof shape === "string") return scalar(value, shape);
  if ("elements" in shape) return Array.isArray(value) ? value.map((item) => view(item, shape.elements)) : value;
  if (!isMap(value)) return value;
  const shapeOf = (key: unknown): ValueShape | undefined =>
    "values" in shape ? shape.values : Object.hasOwn(shape.fields, String(key)) ? shape.fields[String(key)] : undefined;
  return makeMap(
    mapEntries(value).map(([key, item]) => {
      const inner = shapeOf(key);
      return [key, inner === undefined ? item : view(item, inner)] as const;
    }),
  );
}

function scalar(value: unknown, kind: Extract<ValueShape, string>): unknown {
  if (kind === "double") {
    if (typeof value === "number") return boxDouble(value);
    // The digits go on to the sinks.
    return typeof value === "bigint" ? new Double(Number(value), String(value)) : value;
  }
  if (typeof value !== "string") return value;
  if (kind === "timestamp") return coerceTimestamp(value);
  return kind === "duration" ? coerceDuration(value) : coerceBytes(value);
}
