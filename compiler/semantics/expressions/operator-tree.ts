/** Calls of operators as trees. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { BinaryOperator } from "../../syntax/ast.ts";
import { type Checked, type Context, kind } from "./context.ts";

export const callTree = (fn: string, args: readonly Checked[]): ExprTree => ({
  op: "call",
  kind: "any",
  fn,
  args: args.map((arg) => arg.tree),
});

export function call(fn: string, args: readonly Checked[], type: ValueType, context: Context): Checked {
  return { tree: { op: "call", kind: kind(type, context), fn, args: args.map((arg) => arg.tree) }, type };
}

const functionOf: Readonly<Partial<Record<BinaryOperator, string>>> = { in: "@in" };

/** The catalogue name of an operator, `_+_`. */
export const operatorFunction = (operator: BinaryOperator): string => functionOf[operator] ?? `_${operator}_`;

export const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
