/** Whether evaluating a tree can throw. Errs on the side of yes. */
import type { CallTree, ExprTree } from "../../../compiler/contract/expr-tree.ts";

const scalarKinds: ReadonlySet<string> = new Set(["null", "bool", "int", "double", "string", "timestamp", "duration"]);
/** Functions that cannot fail on arguments of known kinds. */
const safeFunctions: ReadonlySet<string> = new Set([
  "contains",
  "startsWith",
  "endsWith",
  "size",
  "lowerAscii",
  "upperAscii",
  "trim",
  "hasValue",
  "unixMillis",
]);
const comparisons: ReadonlySet<string> = new Set(["_<_", "_<=_", "_>_", "_>=_"]);

export function mayFail(tree: ExprTree): boolean {
  switch (tree.op) {
    case "const":
    case "var":
    case "aggregate":
      return false;
    case "has":
      return tree.of.kind === "any" || mayFail(tree.of);
    case "not":
    case "dyn":
      return tree.of.kind === "any" && tree.op === "not" ? true : mayFail(tree.of);
    case "and":
    case "or":
      return tree.left.kind === "any" || tree.right.kind === "any" || mayFail(tree.left) || mayFail(tree.right);
    case "if":
      return tree.test.kind === "any" || mayFail(tree.test) || mayFail(tree.then) || mayFail(tree.else);
    case "call":
      return callMayFail(tree);
    default:
      return true;
  }
}

function callMayFail(tree: CallTree): boolean {
  if (tree.args.some(mayFail)) return true;
  if (tree.fn === "_==_" || tree.fn === "_!=_") return false;
  if (comparisons.has(tree.fn))
    return !tree.args.every((arg) => arg.kind === tree.args[0]?.kind && scalarKinds.has(arg.kind));
  return !safeFunctions.has(tree.fn) || tree.args.some((arg) => arg.kind === "any");
}
