/** Which conversion would make two operands go together: hints and fixes. */
import type { ValueType } from "../../contract/value-type.ts";
import type { BinaryExpression, Expression } from "../../syntax/ast.ts";
import { bare, type Context, type insertAt, replaceWith } from "./context.ts";

export function conversionHint(left: ValueType, right: ValueType): string {
  const kinds = [left.kind, right.kind].sort().join(" ");
  if (kinds === "int string") return " Convert one of them: 'int(…)' or 'string(…)'.";
  if (kinds === "double string") return " Convert one of them: 'double(…)' or 'string(…)'.";
  if (kinds === "string timestamp") return " Convert the string: 'timestamp(…)'.";
  if (kinds === "duration string") return " Convert the string: 'duration(…)'.";
  if (kinds === "int timestamp")
    return " Convert the int: 'timestamp(…)' takes seconds, 'timestampMillis(…)' milliseconds.";
  if (kinds === "duration int") return " Write the duration with a unit: '5s'.";
  if (kinds === "double int") return " Convert the int: 'double(…)'.";
  return "";
}

/** A string literal that reads as a number, beside a number: without its quotes. */
export function conversionFix(
  e: BinaryExpression,
  left: ValueType,
  right: ValueType,
  context: Context,
): { readonly fixes?: readonly ReturnType<typeof replaceWith>[] } {
  for (const [side, other] of [
    [bare(e.left), right],
    [bare(e.right), left],
  ] as const) {
    if (side.kind === "string" && other.kind === "int" && /^-?\d{1,18}$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "string" && other.kind === "double" && /^-?\d{1,15}(\.\d+)?$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "string" && other.kind === "bool" && /^(true|false)$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "int" && other.kind === "string")
      return { fixes: [replaceWith(context, side.span, `"${side.raw}"`)] };
    if (side.kind === "string" && (other.kind === "timestamp" || other.kind === "duration")) {
      return { fixes: [replaceWith(context, side.span, `${other.kind}(${side.raw})`)] };
    }
  }
  return {};
}

export function operatorHint(e: BinaryExpression, left: ValueType, right: ValueType): string {
  const [a, b] = [left.kind, right.kind];
  if (e.operator === "+" && (a === "string" || b === "string")) return " Convert the other one: 'string(…)'.";
  if ((a === "int" && b === "double") || (a === "double" && b === "int")) return " Convert the int: 'double(…)'.";
  if (a === "timestamp" || b === "timestamp") return " A timestamp goes with a duration, such as '5s'.";
  if (e.operator === "in" && b === "string") return " To look for a part of a string, use '.contains(…)'.";
  if (e.operator === "%" && (a === "double" || b === "double")) return " '%' is for int and uint.";
  return "";
}

export function operatorFix(
  e: BinaryExpression,
  left: ValueType,
  right: ValueType,
  context: Context,
): { readonly fixes?: readonly ReturnType<typeof insertAt>[] } {
  const wrap = (side: Expression, fn: string) => ({
    title: `Wrap in '${fn}(…)'`,
    edits: [
      { file: context.scope.file, start: side.span.start, end: side.span.start, newText: `${fn}(` },
      { file: context.scope.file, start: side.span.end, end: side.span.end, newText: ")" },
    ],
  });
  const convertible: ReadonlySet<string> = new Set(["int", "uint", "double", "bool", "timestamp", "duration"]);
  if (e.operator === "+" && left.kind === "string" && convertible.has(right.kind))
    return { fixes: [wrap(e.right, "string")] };
  if (e.operator === "+" && right.kind === "string" && convertible.has(left.kind))
    return { fixes: [wrap(e.left, "string")] };
  if (e.operator !== "%" && left.kind === "int" && right.kind === "double") return { fixes: [wrap(e.left, "double")] };
  if (e.operator !== "%" && left.kind === "double" && right.kind === "int") return { fixes: [wrap(e.right, "double")] };
  return {};
}
