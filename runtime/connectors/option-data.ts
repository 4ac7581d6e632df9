/** Data that stands in an option: plain, or as an expression without variables where plain JSON could not hold it. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import type { OptionValue } from "../../compiler/contract/runtime-config.ts";
import type { OpenContext } from "../engine/connector.ts";

export function optionData(value: OptionValue | undefined, context: OpenContext): unknown {
  return isExpression(value) ? context.compile(value.expr, [])() : value;
}

export function isExpression(value: OptionValue | undefined): value is { readonly expr: ExprTree } {
  return typeof value === "object" && value !== null && "expr" in value;
}
