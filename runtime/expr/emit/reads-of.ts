/** Which variables and field paths a tree reads, so that a plan can decode only these. */
import type { ExprTree } from "../../../compiler/contract/expr-tree.ts";

/** `path` is empty when the whole value is needed. */
export interface Read {
  readonly variable: string;
  readonly path: readonly string[];
}

/** All reads of free variables, in the order in which they are met; a path may come more than once. */
export function readsOf(tree: ExprTree): readonly Read[] {
  const reads: Read[] = [];
  collect(tree, new Set(), reads);
  return reads;
}

function collect(tree: ExprTree, bound: ReadonlySet<string>, reads: Read[]): void {
  const path = pathOf(tree);
  if (path !== undefined) {
    if (!bound.has(path.variable)) reads.push(path);
    return;
  }
  for (const [child, names] of children(tree))
    collect(child, names.length === 0 ? bound : new Set([...bound, ...names]), reads);
}

function pathOf(tree: ExprTree): Read | undefined {
  if (tree.op === "var") return { variable: tree.name, path: [] };
  if (tree.op !== "select" && tree.op !== "has") return undefined;
  const of = pathOf(tree.of);
  return of === undefined ? undefined : { variable: of.variable, path: [...of.path, tree.field] };
}

type Child = readonly [tree: ExprTree, bound: readonly string[]];

function children(tree: ExprTree): readonly Child[] {
  const free = (...trees: readonly (ExprTree | undefined)[]): Child[] =>
    trees.flatMap((child) => (child === undefined ? [] : [[child, []] as const]));
  switch (tree.op) {
    case "const":
    case "var":
    case "aggregate":
      return [];
    case "select":
    case "has":
    case "not":
    case "dyn":
      return free(tree.of);
    case "index":
      return free(tree.of, tree.index);
    case "table":
      return free(tree.key);
    case "call":
      return free(...tree.args);
    case "and":
    case "or":
      return free(tree.left, tree.right);
    case "if":
      return free(tree.test, tree.then, tree.else);
    case "list":
      return free(...tree.items.map((item) => item.value));
    case "record":
      return tree.entries.flatMap((entry) => {
        if ("spread" in entry) return free(entry.spread);
        return "keyExpr" in entry ? free(entry.keyExpr, entry.value) : free(entry.value);
      });
    case "macro": {
      const names = tree.index === undefined ? [tree.item] : [tree.item, tree.index];
      return [...free(tree.over), ...free(tree.test, tree.result).map(([child]) => [child, names] as const)];
    }
    case "let":
      return [...free(tree.value), [tree.body, [tree.name]]];
  }
}
