/** The condition of a join taken apart: what must be equal, each side of one input alone, and what else must hold of a pair. */
import type { ExprTree } from "./expr-tree.ts";

export interface JoinKeys {
  /** Values of the first input, and of the second, that are equal in pairs. At least one. */
  readonly first: readonly ExprTree[];
  readonly second: readonly ExprTree[];
  /** Tests of a pair. */
  readonly tests: readonly ExprTree[];
}

/** Undefined when nothing in it says that a value of one input equals a value of the other. */
export function joinKeysOf(on: ExprTree, [first, second]: readonly [string, string]): JoinKeys | undefined {
  const keys: { first: ExprTree[]; second: ExprTree[]; tests: ExprTree[] } = { first: [], second: [], tests: [] };
  for (const part of conjuncts(on)) {
    const [left, right] = part.op === "call" && part.fn === "_==_" ? part.args : [];
    const sides = left && right && [inputOf(left, first, second), inputOf(right, first, second)];
    if (sides?.[0] === first && sides[1] === second) {
      keys.first.push(left!);
      keys.second.push(right!);
    } else if (sides?.[0] === second && sides[1] === first) {
      keys.first.push(right!);
      keys.second.push(left!);
    } else keys.tests.push(part);
  }
  return keys.first.length > 0 ? keys : undefined;
}

function conjuncts(tree: ExprTree): readonly ExprTree[] {
  return tree.op === "and" ? [...conjuncts(tree.left), ...conjuncts(tree.right)] : [tree];
}

/** The one input that it reads; undefined for both and for none. */
function inputOf(tree: ExprTree, first: string, second: string): string | undefined {
  const [readsFirst, readsSecond] = [reads(tree, first), reads(tree, second)];
  if (readsFirst === readsSecond) return undefined;
  return readsFirst ? first : second;
}

/** A tree is plain JSON: a variable is wherever an object says so. Locals have names of their own, never those of inputs. */
function reads(tree: unknown, name: string): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  if ("op" in tree && tree.op === "var") return "name" in tree && tree.name === name;
  return Object.values(tree).some((part) => reads(part, name));
}
