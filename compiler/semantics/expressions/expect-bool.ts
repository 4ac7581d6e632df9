/** Where a bool is wanted: conditions, and the operands of `!`, `&&` and `||`. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Expression } from "../../syntax/ast.ts";
import { boolType, isComparable, isOpen, membersOf, nameOfType } from "../types.ts";
import { bare, type Checked, type Context, fail } from "./context.ts";

/** Checks an expression that must be a bool; `what` begins the message. */
export function expectBool(e: Expression, what: string, context: Context): Checked {
  const checked = context.check(e, context);
  const { types } = context.scope;
  if (checked.type.kind === "bool" || isOpen(checked.type)) return checked;
  if (membersOf(checked.type, types).some((member) => isComparable(member, boolType, types) && member.kind !== "null"))
    return checked;
  const hint = boolHint(e, checked.type);
  return {
    tree: fail(
      context,
      "FLOW3007",
      e.span,
      { what, expected: "bool", found: nameOfType(checked.type), hint },
      {},
      checked.tree,
    ).tree,
    type: boolType,
  };
}

function boolHint(e: Expression, type: ValueType): string {
  if (type.kind === "optional") return " An optional is tested with '.hasValue()'.";
  if (type.kind === "string") return " Compare it: '… != \"\"'.";
  if (type.kind === "int" || type.kind === "double") return " Compare it: '… != 0'.";
  if (type.kind === "list") return " Ask for its size: '.size() > 0'.";
  return bare(e).kind === "select" ? " To ask whether a field is there, use 'has(…)'." : "";
}
