/** Constants and expressions as plain JSON for the runtime: ms, bytes, `{ count, perMs }`, `{ expr }`, `{ secret }`. */
import type { OptionRow } from "../../catalog/rows.ts";
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { OptionValue } from "../../contract/runtime-config.ts";
import type { IrExpression, IrOptions } from "../../ir/ir.ts";
import type { Constant } from "../../semantics/model.ts";
import { durationMs, rateOf, sizeBytes } from "./duration-text.ts";

/** Options in the order of `rows`, those left out with their default, those without one not there. */
export function optionValues(options: IrOptions, rows: readonly OptionRow[]): Readonly<Record<string, OptionValue>> {
  const given = new Map(options);
  const values: [string, OptionValue][] = [];
  for (const row of rows) {
    const value = given.get(row.name);
    if (value !== undefined) values.push([row.name, optionValue(value, row)]);
    else if (row.default !== undefined) values.push([row.name, defaultValue(row)]);
  }
  return Object.fromEntries(values);
}

function optionValue(value: Constant | IrExpression, row: OptionRow): OptionValue {
  if (isExpression(value)) return { expr: value.tree };
  if (row.kind === "options" && isRecord(value)) return optionValues(value.entries, row.options ?? []);
  return constantValue(value);
}

function defaultValue(row: OptionRow): OptionValue {
  const text = row.default!;
  if (typeof text !== "string") return text;
  switch (row.kind) {
    case "duration":
      return durationMs(text) ?? text;
    case "size":
      return sizeBytes(text) ?? text;
    case "rate":
      return rateOf(text) ?? text;
    default:
      return text;
  }
}

/** JSON has one kind of number: an integer beyond 2^53 goes as a constant expression, so that no digit is lost. */
export function constantValue(value: Constant): OptionValue {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : { expr: intTree(value) };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(constantValue);
  if (!("kind" in value)) throw new Error("bug: an unknown constant");
  switch (value.kind) {
    case "duration":
      return value.ms;
    case "size":
      return value.bytes;
    case "timestamp":
      return value.text;
    case "rate":
      return { count: value.count, perMs: value.perMs };
    case "secret":
      return { secret: { name: value.name, key: value.key } };
    case "record":
      return Object.fromEntries(value.entries.map(([name, one]) => [name, constantValue(one)]));
  }
}

const intTree = (value: bigint): ExprTree => ({ op: "const", kind: "int", value: value.toString() });

export const isExpression = (value: Constant | IrExpression): value is IrExpression =>
  typeof value === "object" && value !== null && "tree" in value;

const isRecord = (value: Constant): value is Extract<Constant, { kind: "record" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "record";
