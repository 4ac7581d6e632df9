/** Questions about expression trees that code generation asks. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";

/** The trees directly below. */
export function childrenOf(tree: ExprTree): readonly ExprTree[] {
  switch (tree.op) {
    case "const":
    case "var":
    case "aggregate":
      return [];
    case "select":
    case "has":
    case "not":
    case "dyn":
      return [tree.of];
    case "index":
      return [tree.of, tree.index];
    case "table":
      return [tree.key];
    case "call":
      return tree.args;
    case "and":
    case "or":
      return [tree.left, tree.right];
    case "if":
      return [tree.test, tree.then, tree.else];
    case "list":
      return tree.items.map((item) => item.value);
    case "record":
      return tree.entries.flatMap((entry) =>
        "spread" in entry ? [entry.spread] : "key" in entry ? [entry.value] : [entry.keyExpr, entry.value],
      );
    case "macro":
      return [tree.over, ...(tree.test ? [tree.test] : []), ...(tree.result ? [tree.result] : [])];
    case "let":
      return [tree.value, tree.body];
  }
}

export function someTree(tree: ExprTree, test: (tree: ExprTree) => boolean): boolean {
  return test(tree) || childrenOf(tree).some((child) => someTree(child, test));
}

/** Reads the variable, as a whole or a part of it. */
export function mentions(tree: ExprTree, variable: string): boolean {
  return someTree(tree, (part) => part.op === "var" && part.name === variable);
}
