/** Says why two operands do not go together, and what would. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { BinaryExpression, Expression, SelectExpression } from "../../syntax/ast.ts";
import { boolType, fieldOf, isComparable, nameOfType, resolveType, withArticle } from "../types.ts";
import { textOf } from "./check-select.ts";
import { bare, type Checked, type Context, fail, replaceWith } from "./context.ts";
import { conversionFix, conversionHint, operatorFix, operatorHint } from "./conversions.ts";
import { callTree, comparisons, operatorFunction } from "./operator-tree.ts";
import { optionalAsValue } from "./optional-as-value.ts";

/** Operands of `==` and `!=` of which one can never be the other. */
export function notComparable(
  e: BinaryExpression,
  fn: string,
  left: Checked,
  right: Checked,
  context: Context,
): Checked {
  const dynamic = callTree(fn, [left, right]);
  const never = isNull(left.type) ? e.right : isNull(right.type) ? e.left : undefined;
  if (never) {
    const type = never === e.left ? left.type : right.type;
    return { ...neverNull(e, bare(never), type, dynamic, context), type: boolType };
  }
  const unwrapped = missingOrValue(e, left, right, context);
  if (unwrapped) return { ...unwrapped, type: boolType };
  const parameters = {
    left: nameOfType(left.type),
    right: nameOfType(right.type),
    hint: conversionHint(left.type, right.type),
  };
  return {
    ...fail(context, "FLOW3001", e.span, parameters, conversionFix(e, left.type, right.type, context), dynamic),
    type: boolType,
  };
}

const isNull = (type: ValueType): boolean => type.kind === "null";

function neverNull(
  e: BinaryExpression,
  side: Expression,
  type: ValueType,
  dynamic: ExprTree,
  context: Context,
): Checked {
  const parameters = {
    type: withArticle(type),
    hint: " If it may be missing, declare it optional with '?' and ask 'has(…)'.",
  };
  if (side.kind !== "select") return fail(context, "FLOW3020", e.span, { ...parameters, hint: "" }, {}, dynamic);
  if (!isOptionalField(side, context)) return fail(context, "FLOW3020", e.span, parameters, {}, dynamic);
  const has = `${e.operator === "==" ? "!" : ""}has(${textOf(side)})`;
  return fail(
    context,
    "FLOW3020",
    e.span,
    { ...parameters, hint: ` A null counts as absent: ask '${has}'.` },
    { fixes: [replaceWith(context, e.span, has)] },
    dynamic,
  );
}

function isOptionalField(e: SelectExpression, context: Context): boolean {
  const of = resolveType(checkQuietly(e.of, context).type, context.scope.types);
  return of.kind === "record" && fieldOf(of, e.field.text)?.optional === true;
}

/** Once more, so nothing is reported and no name is taken. */
function checkQuietly(e: Expression, context: Context): Checked {
  const { work } = context;
  const { names } = work;
  work.names = new Set(names);
  const checked = context.check(e, { ...context, report: () => {} });
  work.names = names;
  return checked;
}

/** Operands for which the operator has no overload. */
export function noOverload(e: BinaryExpression, fn: string, left: Checked, right: Checked, context: Context): Checked {
  const dynamic = callTree(fn, [left, right]);
  const unwrapped = missingOrValue(e, left, right, context);
  if (unwrapped) return unwrapped;
  const result = comparisons.has(e.operator) || e.operator === "in" ? boolType : undefined;
  const failed = ((): Checked => {
    if (comparisons.has(e.operator) && !isComparable(left.type, right.type, context.scope.types)) {
      const parameters = {
        left: nameOfType(left.type),
        right: nameOfType(right.type),
        hint: conversionHint(left.type, right.type),
      };
      return fail(context, "FLOW3001", e.span, parameters, conversionFix(e, left.type, right.type, context), dynamic);
    }
    const parameters = {
      operator: e.operator,
      left: nameOfType(left.type),
      right: nameOfType(right.type),
      hint: operatorHint(e, left.type, right.type),
    };
    return fail(context, "FLOW3003", e.span, parameters, operatorFix(e, left.type, right.type, context), dynamic);
  })();
  return result ? { ...failed, type: result } : failed;
}

/** An optional used as if it were its value. */
function missingOrValue(e: BinaryExpression, left: Checked, right: Checked, context: Context): Checked | undefined {
  for (const [side, checked] of [
    [e.left, left],
    [e.right, right],
  ] as const) {
    const type = resolveType(checked.type, context.scope.types);
    if (type.kind === "optional")
      return optionalAsValue(side, type.of, context, callTree(operatorFunction(e.operator), [left, right]));
  }
  return undefined;
}
