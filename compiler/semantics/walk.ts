/** Walks over an expression and all that is in it. Iterative, so that depth cannot exhaust the stack. */
import type { Expression } from "../syntax/ast.ts";

export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "select":
    case "unary":
    case "parentheses":
      return [e.of];
    case "index":
      return [e.of, e.index];
    case "call":
      return e.receiver ? [e.receiver, ...e.arguments] : e.arguments;
    case "binary":
      return [e.left, e.right];
    case "conditional":
      return [e.test, e.then, e.else];
    case "list":
      return e.items.map((item) => item.value);
    case "record":
      return e.entries.flatMap((entry) => (entry.kind === "computed" ? [entry.key, entry.value] : [entry.value]));
    default:
      return [];
  }
}

export function visitAll(e: Expression, visit: (e: Expression) => void): void {
  const stack = [e];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    visit(at);
    stack.push(...childrenOf(at));
  }
}

/** Names of the functions called without a receiver. */
export function callsIn(e: Expression): readonly string[] {
  const names: string[] = [];
  visitAll(e, (each) => {
    if (each.kind === "call" && !each.receiver) names.push(each.name.text);
  });
  return names;
}
