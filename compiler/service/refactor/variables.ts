/** What an expression reads from outside itself: `data.total`, `key`, the variable of a macro around it. */

import { boundVariables, isBind } from "../../semantics/expressions/inlining-rules.ts";
import { expressionVariables } from "../../semantics/reserved.ts";
import type { CallExpression, Expression, FnDeclaration } from "../../syntax/ast.ts";
import { type Part, partsOf } from "../syntax-path.ts";
import { isExpression, isNode } from "./selected.ts";

/** One value that is read, by the longest way that all its readers share: `data.address`. */
export interface FreeValue {
  /** The variable, then fields. */
  readonly path: readonly string[];
  readonly uses: readonly Expression[];
}

/** Names that are values where the expression stands. */
export function variablesAround(around: readonly Part[]): ReadonlySet<string> {
  const names = new Set(expressionVariables);
  for (const part of around) {
    if (isNode(part)) for (const { alias } of part.inputs) if (alias) names.add(alias.text);
    if (isNode(part) && part.kind === "source") names.add("i");
    if (isFn(part)) for (const { name } of part.parameters) names.add(name.text);
    if (isCall(part)) for (const name of boundVariables(part)) names.add(name);
  }
  return names;
}

const isFn = (part: Part): part is FnDeclaration => part.kind === "fn" && "parameters" in part;
export const isCall = (part: Part): part is CallExpression => part.kind === "call" && "arguments" in part;

/** Every select of a value and each of the values before it, by their paths. */
type Use = readonly { readonly path: readonly string[]; readonly e: Expression }[];

export function freeValues(e: Expression, variables: ReadonlySet<string>): readonly FreeValue[] {
  const uses: Use[] = [];
  collect(e, variables, new Set(), uses);
  const longest = new Map<string, readonly string[]>();
  for (const use of uses) longest.set(keyOf(use.at(-1)!.path), use.at(-1)!.path);
  const shortest = [...longest.values()].filter(
    (path) => ![...longest.values()].some((other) => other.length < path.length && isPrefix(other, path)),
  );
  return shortest.map((path) => ({
    path,
    uses: uses.flatMap((use) => use.filter((one) => keyOf(one.path) === keyOf(path)).map((one) => one.e)),
  }));
}

const keyOf = (path: readonly string[]): string => JSON.stringify(path);
const isPrefix = (a: readonly string[], b: readonly string[]): boolean => a.every((name, i) => name === b[i]);

function collect(e: Part, variables: ReadonlySet<string>, bound: ReadonlySet<string>, into: Use[]): void {
  const use = isExpression(e) ? useOf(e, variables, bound) : undefined;
  if (use) {
    into.push(use);
    return;
  }
  if (isCall(e)) collectCall(e, variables, bound, into);
  else for (const part of partsOf(e)) collect(part, variables, bound, into);
}

function useOf(e: Expression, variables: ReadonlySet<string>, bound: ReadonlySet<string>): Use | undefined {
  if (e.kind === "ident") return variables.has(e.name) && !bound.has(e.name) ? [{ path: [e.name], e }] : undefined;
  if (e.kind !== "select" || e.optional) return undefined;
  const before = useOf(e.of, variables, bound);
  return before && [...before, { path: [...before.at(-1)!.path, e.field.text], e }];
}

function collectCall(e: CallExpression, variables: ReadonlySet<string>, bound: ReadonlySet<string>, into: Use[]): void {
  const names = boundVariables(e);
  if (e.receiver) collect(e.receiver, variables, bound, into);
  const inside = new Set([...bound, ...names]);
  e.arguments.forEach((argument, i) => {
    if (i < names.length) return;
    const scope = isBind(e) && i === 1 ? bound : inside;
    // `has(data.a)` asks for a field: the value is what has it.
    const asked = e.name.text === "has" && !e.receiver && argument.kind === "select" ? argument.of : argument;
    collect(asked, variables, scope, into);
  });
}
