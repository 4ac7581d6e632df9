/** A value seen as a wider type, or compared whole: what JSON does not tell from something else must be what its type says. */
import type { ExprTree, ValueShape } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { resolveType } from "../types.ts";
import { type Checked, type Context, freshName, kind } from "./context.ts";

/** The tree of the value where the type `as` is expected. Only doubles look different in `any`: a whole one would pass for an int. */
export function viewedAs(checked: Checked, as: ValueType, context: Context): ExprTree {
  if (kind(as, context) !== "any" || kind(checked.type, context) === "any") return checked.tree;
  return viewed(checked, doubles, context);
}

/** The list, map or record with the values in it that compare by more than their text. */
export function comparable(checked: Checked, context: Context): ExprTree {
  const isWhole = wholeKinds.has(kind(checked.type, context));
  return isWhole ? viewed(checked, writtenAsText, context) : checked.tree;
}

/** `list.sort()` of what JSON has as text: in the order of its values, each as it was spelt. */
export function sortedByValue(list: Checked, context: Context): ExprTree | undefined {
  const type = resolveType(list.type, context.scope.types);
  const element = type.kind === "list" ? kind(type.element, context) : "any";
  if (!writtenAsText.has(element)) return undefined;
  const item = freshName("item", context);
  const result: ExprTree = { op: "var", kind: element, name: item };
  return { op: "macro", kind: "list", macro: "sort_by", over: list.tree, item, result };
}

const doubles: ReadonlySet<string> = new Set(["double"]);
const writtenAsText: ReadonlySet<string> = new Set(["timestamp", "duration", "bytes"]);
const wholeKinds: ReadonlySet<string> = new Set(["list", "map", "record"]);

function viewed(checked: Checked, sought: ReadonlySet<string>, context: Context): ExprTree {
  const found = shapeOf(checked.type, sought, context, { parts: 0 });
  if (found === undefined) return checked.tree;
  const shape = typeof found === "string" ? {} : { shape: found };
  return { op: "dyn", kind: "any", of: checked.tree, ...shape };
}

/** Types may refer to themselves: what lies deeper, or beyond so many parts, is taken as it comes. */
const deepest = 12;
const mostParts = 500;

function shapeOf(
  type: ValueType,
  sought: ReadonlySet<string>,
  context: Context,
  seen: { parts: number },
  depth = 0,
): ValueShape | undefined {
  if (depth > deepest || ++seen.parts > mostParts) return undefined;
  const resolved = resolveType(type, context.scope.types);
  const within = (inner: ValueType) => shapeOf(inner, sought, context, seen, depth + 1);
  switch (resolved.kind) {
    case "double":
    case "timestamp":
    case "duration":
    case "bytes":
      return sought.has(resolved.kind) ? resolved.kind : undefined;
    case "list": {
      const elements = within(resolved.element);
      return elements && { elements };
    }
    case "map": {
      const values = within(resolved.value);
      return values && { values };
    }
    case "record": {
      const fields = resolved.fields.flatMap((field) => {
        const shape = within(field.type);
        return shape ? [[field.name, shape] as const] : [];
      });
      return fields.length === 0 ? undefined : { fields: Object.fromEntries(fields) };
    }
    default:
      return undefined;
  }
}
