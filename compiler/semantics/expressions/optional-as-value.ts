/** An optional where its value is wanted. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Expression } from "../../syntax/ast.ts";
import { withArticle } from "../types.ts";
import { type Checked, type Context, fail, insertAt } from "./context.ts";

/** Reports an optional where its value is wanted. */
export function optionalAsValue(e: Expression, of: ValueType, context: Context, dynamic: ExprTree): Checked {
  const empty = emptyOf(of);
  const fixes =
    empty === undefined
      ? {}
      : { fixes: [insertAt(context, e.span.end, `.orValue(${empty})`, `Add '.orValue(${empty})'`)] };
  return fail(context, "FLOW3010", e.span, { type: withArticle(of) }, fixes, dynamic);
}

function emptyOf(type: ValueType): string | undefined {
  if (type.kind === "string" || (type.kind === "literal" && typeof type.value === "string")) return '""';
  if (type.kind === "int") return "0";
  if (type.kind === "double") return "0.0";
  if (type.kind === "bool") return "false";
  if (type.kind === "list") return "[]";
  return undefined;
}
