/** The type of `key` in a join: of what its condition says is equal, a list of them where there are several. */
import type { ExprTree } from "../../contract/expr-tree.ts";
import { joinKeysOf } from "../../contract/join-keys.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { Expression } from "../../syntax/ast.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Declared } from "../program.ts";
import { anyType, isAssignable, join, listOf, unknownType } from "../types.ts";

/** Undefined where nothing is joined. */
export function typeOfJoinKey(node: NodeEntry, declared: Declared): ValueType | undefined {
  const on = clauseOf(node, "join")?.values.get("on");
  if (on?.kind !== "expr") return undefined;
  const [first, second] = node.inputs.flatMap((input) => input.alias ?? []);
  if (first === undefined || second === undefined) return unknownType;
  const keys = joinKeysOf(on.value.tree, [first, second])?.first ?? [];
  const isKey = (tree: ExprTree): boolean => joinKeysOf(tree, [first, second]) !== undefined;
  const trees = treesOf(on.value.tree);
  const parts = partsOf(on.value.syntax);
  // A function of the file may stand for several conditions at once.
  const types =
    trees.length === parts.length
      ? parts.flatMap((part, index) => (isKey(trees[index]!) ? [typeOfSides(part, declared)] : []))
      : keys.map(() => anyType);
  if (types.length === 0) return unknownType;
  if (types.length === 1) return types[0]!;
  return listOf(types.reduce((all, type) => join(all, type, declared.types), unknownType));
}

/** A key is the value of the side that came first, so it has a type only where both have the same. */
function typeOfSides(part: Expression, { program, types }: Declared): ValueType {
  if (part.kind !== "binary" || part.operator !== "==") return anyType;
  const left = program.typed.latest(part.left);
  const right = program.typed.latest(part.right);
  if (left === undefined || right === undefined || left.kind !== right.kind) return anyType;
  return isAssignable(left, right, types) && isAssignable(right, left, types) ? left : anyType;
}

const treesOf = (tree: ExprTree): readonly ExprTree[] =>
  tree.op === "and" ? [...treesOf(tree.left), ...treesOf(tree.right)] : [tree];

function partsOf(e: Expression): readonly Expression[] {
  if (e.kind === "parentheses") return partsOf(e.of);
  return e.kind === "binary" && e.operator === "&&" ? [...partsOf(e.left), ...partsOf(e.right)] : [e];
}
