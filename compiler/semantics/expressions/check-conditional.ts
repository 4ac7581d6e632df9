/** `test ? then : else`. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ConditionalExpression } from "../../syntax/ast.ts";
import { isComparable, isOpen, join, nameOfType } from "../types.ts";
import { asDouble, isIntLiteral } from "./check-literal.ts";
import { type Checked, type Context, fail, kind } from "./context.ts";
import { expectBool } from "./expect-bool.ts";
import { viewedAs } from "./view.ts";

export function checkConditional(e: ConditionalExpression, context: Context): Checked {
  const test = expectBool(e.test, "What stands before '?'", context);
  let then = context.check(e.then, context);
  let other = context.check(e.else, context);
  if (other.type.kind === "double" && isIntLiteral(e.then, context)) then = asDouble(then);
  if (then.type.kind === "double" && isIntLiteral(e.else, context)) other = asDouble(other);
  const { types } = context.scope;
  const type = join(then.type, other.type, types);
  const nullable = then.type.kind === "null" || other.type.kind === "null";
  const bothOpen = isOpen(then.type) || isOpen(other.type);
  const differ =
    !nullable &&
    !bothOpen &&
    (!isComparable(then.type, other.type, types) || (type.kind === "any" && !isOpen(then.type)));
  if (differ) {
    const failed = fail(context, "FLOW3008", e.else.span, {
      first: nameOfType(then.type),
      second: nameOfType(other.type),
    });
    if (!context.scope.lenient) return failed;
  }
  const tree: ExprTree = {
    op: "if",
    kind: kind(type, context),
    test: test.tree,
    // biome-ignore lint/suspicious/noThenProperty: the branch of a conditional, as the tree names it
    then: viewedAs(then, type, context),
    else: viewedAs(other, type, context),
  };
  return { tree, type };
}
