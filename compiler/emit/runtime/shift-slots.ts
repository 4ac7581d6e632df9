/** Renumbers the aggregates of an expression tree. */
import type { ExprTree } from "../../contract/expr-tree.ts";

/** A copy of the tree in which slot `i` is `slots[i]`. */
export function shiftSlots(tree: ExprTree, slots: readonly number[]): ExprTree {
  if (slots.every((slot, index) => slot === index)) return tree;
  return mapTree(tree, (node) =>
    node.op === "aggregate" ? { ...node, slot: slots[Number(node.slot)] } : undefined,
  ) as ExprTree;
}

type Plain = Readonly<Record<string, unknown>>;

/** A copy in which every object for which `change` answers is replaced by its answer. */
export function mapTree(value: unknown, change: (node: Plain) => Plain | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => mapTree(one, change));
  if (typeof value !== "object" || value === null) return value;
  const changed = change(value as Plain);
  if (changed !== undefined) return changed;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTree(one, change)]));
}
