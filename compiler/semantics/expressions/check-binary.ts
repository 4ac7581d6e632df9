/** `&&` `||`, arithmetic, comparisons and `in`. */
import { operatorByName } from "../../catalog/functions.ts";
import type { BinaryExpression, BinaryOperator, Expression } from "../../syntax/ast.ts";
import { boolType, isComparable, unknownType } from "../types.ts";
import { asDouble, isIntLiteral } from "./check-literal.ts";
import { lookup } from "./check-select.ts";
import { bare, type Checked, type Context, fail } from "./context.ts";
import { expectBool } from "./expect-bool.ts";
import { misspeltLiteral } from "./misspelt-literal.ts";
import { noOverload, notComparable } from "./operand-mismatch.ts";
import { call, callTree, comparisons, operatorFunction } from "./operator-tree.ts";
import { chooseOverload } from "./overloads.ts";
import { comparable } from "./view.ts";

export function checkBinary(e: BinaryExpression, context: Context): Checked {
  if (e.operator === "&&" || e.operator === "||") {
    const left = expectBool(e.left, `What stands before '${e.operator}'`, context);
    const right = expectBool(e.right, `What stands after '${e.operator}'`, context);
    return {
      tree: { op: e.operator === "&&" ? "and" : "or", kind: "bool", left: left.tree, right: right.tree },
      type: boolType,
    };
  }
  if (e.operator === "in") {
    const row = checkInTable(e, context);
    if (row) return row;
  }
  const left = context.check(e.left, context);
  const right = context.check(e.right, context);
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return callOnUnknown(e.operator, left, right);
  const fn = operatorFunction(e.operator);
  if (e.operator === "==" || e.operator === "!=") return checkEquality(e, fn, left, right, context);
  if (e.operator === "in") checkMembers(e, left, context);
  if ((e.operator === "/" || e.operator === "%") && isZero(e.right)) {
    if (left.type.kind !== "double")
      return {
        ...fail(context, "FLOW3013", e.right.span, { operator: e.operator }, {}, callTree(fn, [left, right])),
        type: left.type,
      };
  }
  const choice = chooseOverload(
    operatorByName.get(fn)!,
    [
      { type: left.type, adapts: isIntLiteral(e.left, context) },
      { type: right.type, adapts: isIntLiteral(e.right, context) },
    ],
    context.scope.types,
  );
  if (!choice) return noOverload(e, fn, left, right, context);
  const [a, b] = adaptOperands(
    e,
    choice.adapted[0] ? asDouble(left) : left,
    choice.adapted[1] ? asDouble(right) : right,
    context,
  );
  return call(fn, [a, b], choice.result, context);
}

/** What follows a mistake, or stands over the elements of an empty list: comparisons are still bools, the rest is unknown too. */
function callOnUnknown(operator: BinaryOperator, left: Checked, right: Checked): Checked {
  const type = comparisons.has(operator) || operator === "in" ? boolType : unknownType;
  return { tree: callTree(operatorFunction(operator), [left, right]), type };
}

/** In comparisons an int literal beside a double is one, which is the same and faster. */
function adaptOperands(
  e: BinaryExpression,
  left: Checked,
  right: Checked,
  context: Context,
): readonly [Checked, Checked] {
  if (!comparisons.has(e.operator)) return [left, right];
  if (left.type.kind === "double" && isIntLiteral(e.right, context)) return [left, exactDouble(right)];
  if (right.type.kind === "double" && isIntLiteral(e.left, context)) return [exactDouble(left), right];
  return [left, right];
}
const exactDouble = (checked: Checked): Checked =>
  checked.tree.op === "const" && Number.isSafeInteger(Number(checked.tree.value)) ? asDouble(checked) : checked;

function isZero(e: Expression): boolean {
  const plain = bare(e);
  return (plain.kind === "int" || plain.kind === "uint") && plain.value === 0n;
}

/** `key in table`. */
function checkInTable(e: BinaryExpression, context: Context): Checked | undefined {
  const right = bare(e.right);
  if (right.kind !== "ident" || context.locals.has(right.name) || context.scope.variables.has(right.name))
    return undefined;
  const row = lookup(right.name, right, e.left, context);
  return row && call("hasValue", [row], boolType, context);
}

function checkEquality(e: BinaryExpression, fn: string, left: Checked, right: Checked, context: Context): Checked {
  const { types } = context.scope;
  const misspelt = misspeltLiteral(e.left, right.type, context) ?? misspeltLiteral(e.right, left.type, context);
  if (misspelt) return { ...misspelt, type: boolType };
  if (!isComparable(left.type, right.type, types)) return notComparable(e, fn, left, right, context);
  const [a, b] = adaptOperands(e, left, right, context);
  const whole = [a, b].map((side) => ({ ...side, tree: comparable(side, context) }));
  return call(fn, whole, boolType, context);
}

/** The literals of a list after `in`. */
function checkMembers(e: BinaryExpression, left: Checked, context: Context): void {
  const list = bare(e.right);
  if (list.kind !== "list" || context.scope.lenient) return;
  for (const item of list.items) misspeltLiteral(item.value, left.type, context);
}
