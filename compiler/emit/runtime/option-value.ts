/** Constants and expressions as plain JSON for the runtime: ms, bytes, `{ count, perMs }`, `{ expr }`, `{ secret }`. */
import type { OptionRow } from "../../catalog/rows.ts";
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { OptionValue } from "../../contract/runtime-config.ts";
import type { IrExpression, IrOptions } from "../../ir/ir.ts";
import type { Constant } from "../../semantics/model.ts";
import { durationMs, rateOf, sizeBytes } from "./duration-text.ts";

/** Options in the order of `rows`, those left out with their default where it says something, those without one not there. */
export function optionValues(options: IrOptions, rows: readonly OptionRow[]): Readonly<Record<string, OptionValue>> {
  const values: Record<string, OptionValue> = {};
  for (const row of rows) {
    const value = options.findLast(([name]) => name === row.name)?.[1];
    if (value !== undefined) values[row.name] = optionValue(value, row);
    else if (row.default !== undefined && fits(row, options, rows)) values[row.name] = defaultValue(row);
  }
  return values;
}

/** The option on which it depends has a value beside which it means something. */
function fits({ only }: OptionRow, options: IrOptions, rows: readonly OptionRow[]): boolean {
  if (only === undefined) return true;
  const given = options.findLast(([name]) => name === only.option)?.[1];
  const value = given ?? rows.find((row) => row.name === only.option)?.default;
  return typeof value === "string" && only.is.includes(value);
}

function optionValue(value: Constant | IrExpression, row: OptionRow): OptionValue {
  if (isExpression(value)) return { expr: value.tree };
  if (row.kind === "options" && isRecord(value)) return optionValues(value.entries, row.options ?? []);
  return row.kind === "value" ? dataValue(value) : constantValue(value);
}

/** The data of events: as an expression where plain JSON would lose something of it, or be taken for a secret or an expression. */
function dataValue(value: Constant): OptionValue {
  return holds(value, isNotPlain) && !holds(value, isSecret) ? { expr: dataTree(value) } : constantValue(value);
}

function holds(value: Constant, test: (part: Constant) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => holds(item, test));
  return isRecord(value) && value.entries.some(([, item]) => holds(item, test));
}

const isNotPlain = (value: Constant): boolean =>
  typeof value === "bigint"
    ? !Number.isSafeInteger(Number(value))
    : isDuration(value) || (isRecord(value) && value.entries.some(([name]) => /^(secret|expr|\d+)$/.test(name)));

const isDuration = (value: Constant): value is Extract<Constant, { kind: "duration" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "duration";

const isSecret = (value: Constant): boolean =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "secret";

function dataTree(value: Constant): ExprTree {
  if (typeof value === "bigint") return intTree(value);
  if (Array.isArray(value))
    return { op: "list", kind: "list", items: value.map((item) => ({ value: dataTree(item), optional: false })) };
  if (isRecord(value)) {
    const entries = value.entries.map(([key, item]) => ({ key, value: dataTree(item), optional: false }));
    return { op: "record", kind: "record", entries };
  }
  // An event has its text and not its milliseconds.
  if (isDuration(value)) return { op: "const", kind: "duration", value: nanosText(value.ms) };
  const plain = constantValue(value);
  if (plain === null) return { op: "const", kind: "null", value: null };
  if (typeof plain === "boolean") return { op: "const", kind: "bool", value: plain };
  if (typeof plain === "number")
    return Number.isInteger(plain) ? intTree(BigInt(plain)) : { op: "const", kind: "double", value: plain };
  return { op: "const", kind: "string", value: String(plain) };
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

const nanosText = (ms: number): string =>
  String(BigInt(Math.trunc(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6)));

const intTree = (value: bigint): ExprTree => ({ op: "const", kind: "int", value: value.toString() });

export const isExpression = (value: Constant | IrExpression): value is IrExpression =>
  typeof value === "object" && value !== null && "tree" in value;

const isRecord = (value: Constant): value is Extract<Constant, { kind: "record" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "record";
