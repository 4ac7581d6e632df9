/** `!` and `-`. */
import { operatorByName } from "../../catalog/functions.ts";
import type { UnaryExpression } from "../../syntax/ast.ts";
import { boolType, nameOfType, unknownType } from "../types.ts";
import { checkLiteral } from "./check-literal.ts";
import { type Checked, type Context, fail } from "./context.ts";
import { expectBool } from "./expect-bool.ts";
import { call, callTree } from "./operator-tree.ts";
import { chooseOverload } from "./overloads.ts";

export function checkUnary(e: UnaryExpression, context: Context): Checked {
  if (e.operator === "!") {
    const of = expectBool(e.of, "The operand of '!'", context);
    return { tree: { op: "not", kind: "bool", of: of.tree }, type: boolType };
  }
  const literal =
    e.of.kind === "int" ||
    e.of.kind === "duration" ||
    e.of.kind === "size" ||
    (e.of.kind === "double" && e.of.value !== 0)
      ? e.of
      : undefined;
  if (literal) {
    const checked = checkLiteral(literal, true);
    context.scope.record?.(literal, checked.type);
    return checked;
  }
  const of = context.check(e.of, context);
  if (of.type.kind === "unknown") return { tree: callTree("-_", [of]), type: unknownType };
  if (of.type.kind === "duration")
    return call("_-_", [{ tree: { op: "const", kind: "duration", value: "0" }, type: of.type }, of], of.type, context);
  const choice = chooseOverload(operatorByName.get("-_")!, [{ type: of.type, adapts: false }], context.scope.types);
  if (choice) return call("-_", [of], choice.result, context);
  return fail(
    context,
    "FLOW3003",
    e.span,
    { operator: "-", left: nameOfType(of.type), right: "", hint: " It negates int, double and duration." },
    {},
    callTree("-_", [of]),
  );
}
