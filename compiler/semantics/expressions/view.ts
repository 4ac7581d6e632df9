/** A value seen as a wider type: where it becomes `any`, a double must go on being one. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { resolveType } from "../types.ts";
import { type Checked, type Context, kind } from "./context.ts";

/** The tree of the value where the type `as` is expected. */
export function viewedAs(checked: Checked, as: ValueType, context: Context): ExprTree {
  if (kind(as, context) !== "any" || kind(checked.type, context) === "any" || !holdsDouble(checked.type, context))
    return checked.tree;
  return { op: "dyn", kind: "any", of: checked.tree };
}

/** Only doubles look different in `any`: a whole one would otherwise pass for an int. */
function holdsDouble(type: ValueType, context: Context, depth = 0): boolean {
  const resolved = resolveType(type, context.scope.types);
  if (depth > 20) return true;
  switch (resolved.kind) {
    case "double":
      return true;
    case "list":
      return holdsDouble(resolved.element, context, depth + 1);
    case "map":
      return holdsDouble(resolved.value, context, depth + 1);
    case "optional":
      return holdsDouble(resolved.of, context, depth + 1);
    case "record":
      return resolved.fields.some((field) => holdsDouble(field.type, context, depth + 1));
    default:
      return false;
  }
}
