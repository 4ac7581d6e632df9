/** Constant folding: a call of constants is evaluated once, while code is generated. */
import type { ConstTree, ExprTree } from "../../../compiler/contract/expr-tree.ts";
import { EvaluationError } from "../evaluation-error.ts";
import { library } from "../library/library.ts";
import { doubleValue } from "../numbers.ts";

/** Kinds whose values have a constant in the tree. */
const foldedKinds: ReadonlySet<string> = new Set(["bool", "int", "double", "string"]);
const maxTextLength = 10_000;

/** A constant in place of a call whose arguments are constants; any other tree, and one that fails, as it is. */
export function fold(tree: ExprTree): ExprTree {
  if (tree.op !== "call" || !foldedKinds.has(tree.kind)) return tree;
  const args = tree.args.map(fold);
  const values = args.map((arg) => (arg.op === "const" ? constantValue(arg) : undefined));
  const run = library.get(tree.fn);
  if (run === undefined || (run.length > 0 && args.length > run.length) || values.includes(undefined))
    return { ...tree, args };
  try {
    return constantOf(tree.kind as FoldedKind, run(...values)) ?? { ...tree, args };
  } catch (error) {
    if (error instanceof EvaluationError) return { ...tree, args };
    throw error;
  }
}

type FoldedKind = "bool" | "int" | "double" | "string";

function constantValue(tree: ConstTree): unknown {
  switch (tree.kind) {
    case "bool":
    case "string":
      return tree.value;
    case "int":
      return library.get("int")?.(String(tree.value));
    case "double":
      return library.get("double")?.(String(tree.value));
    default:
      return undefined;
  }
}

function constantOf(kind: FoldedKind, value: unknown): ConstTree | undefined {
  if (kind === "bool" && typeof value === "boolean") return { op: "const", kind, value };
  if (kind === "string" && typeof value === "string")
    return value.length > maxTextLength ? undefined : { op: "const", kind, value };
  if (kind === "int" && (typeof value === "number" || typeof value === "bigint"))
    return { op: "const", kind, value: String(value) };
  const double = kind === "double" ? doubleValue(value) : undefined;
  return double === undefined ? undefined : { op: "const", kind, value: Object.is(double, -0) ? "-0" : String(double) };
}
