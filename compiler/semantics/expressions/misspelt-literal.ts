/** A literal beside a union of literals to which it does not belong. */
import type { LiteralType, ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Expression } from "../../syntax/ast.ts";
import { membersOf, nameOfType } from "../types.ts";
import { bare, type Checked, type Context, fail, replaceWith } from "./context.ts";

/** A literal beside a union of literals to which it does not belong: a misspelling. */
export function misspeltLiteral(e: Expression, type: ValueType, context: Context): Checked | undefined {
  const plain = bare(e);
  if (plain.kind !== "string" && plain.kind !== "int") return undefined;
  if (type.kind !== "union" && type.kind !== "literal" && type.kind !== "ref") return undefined;
  const members = membersOf(type, context.scope.types);
  const literals = members.filter((member): member is LiteralType => member.kind === "literal");
  const value = plain.kind === "int" ? Number(plain.value) : plain.value;
  const comparable = literals.filter((literal) => typeof literal.value === typeof value);
  const others = members.some((member) => member.kind !== "literal" && member.kind !== "null");
  if (comparable.length === 0 || others || comparable.some((literal) => literal.value === value)) return undefined;
  const near =
    plain.kind === "string"
      ? nearest(
          plain.value,
          comparable.map((literal) => String(literal.value)),
        )
      : undefined;
  const fixes = near === undefined ? {} : { fixes: [replaceWith(context, plain.span, JSON.stringify(near))] };
  const failed = fail(
    context,
    "FLOW3011",
    plain.span,
    { value: JSON.stringify(value), type: nameOfType(type), near: didYouMean(near) },
    fixes,
  );
  return context.scope.lenient ? undefined : failed;
}
