/**
 * How an argument enters the body of an inlined function: written in its place, or bound to a name before. The typed tree
 * and the text of the custom resource follow the same rules, so that both evaluate the same things equally often.
 */
import type { CallExpression, Expression } from "../../syntax/ast.ts";
import { literalKinds } from "../../syntax/expression-kinds.ts";
import { bare } from "./context.ts";

/** Says of a name whether it stands for something simple; names that were written out already all do. */
export type IsSimpleName = (name: string) => boolean;
const always: IsSimpleName = () => true;

/** Cheap and harmless to evaluate again: a literal, a name, a field of a field. */
export function isSimple(e: Expression, isSimpleName: IsSimpleName = always): boolean {
  const plain = bare(e);
  switch (plain.kind) {
    case "ident":
      return isSimpleName(plain.name);
    case "select":
      return isSimple(plain.of, isSimpleName);
    case "unary":
      return plain.operator === "-" && plain.of.kind !== "unary" && isLiteral(plain.of);
    default:
      return isLiteral(plain);
  }
}

const isLiteral = (e: Expression): boolean => literalKinds.has(e.kind);

/** Whether an argument is written in the place of its parameter; otherwise it is bound to a name, once, before the body. */
export const isWrittenInPlace = (
  argument: Expression,
  parameter: string,
  body: Expression,
  isSimpleName?: IsSimpleName,
): boolean => isSimple(argument, isSimpleName) || usesOf(parameter, body) < 2;

/** How often a name is evaluated in an expression: 0, 1, or 2 for more; within a macro it may be any number of times. */
export function usesOf(name: string, e: Expression): number {
  switch (e.kind) {
    case "ident":
      return e.name === name ? 1 : 0;
    case "select":
    case "unary":
    case "parentheses":
      return usesOf(name, e.of);
    case "index":
      return sum([usesOf(name, e.of), usesOf(name, e.index)]);
    case "call":
      return usesInCall(name, e);
    case "binary":
      return sum([usesOf(name, e.left), usesOf(name, e.right)]);
    case "conditional":
      return sum([usesOf(name, e.test), usesOf(name, e.then), usesOf(name, e.else)]);
    case "list":
      return sum(e.items.map((item) => usesOf(name, item.value)));
    case "record":
      return sum(
        e.entries.map((entry) => usesOf(name, entry.value) + (entry.kind === "computed" ? usesOf(name, entry.key) : 0)),
      );
    default:
      return 0;
  }
}

const sum = (uses: readonly number[]): number =>
  Math.min(
    2,
    uses.reduce((all, each) => all + each, 0),
  );

function usesInCall(name: string, e: CallExpression): number {
  const bound = boundVariables(e);
  const receiver = e.receiver ? usesOf(name, e.receiver) : 0;
  if (bound.length === 0) return sum([receiver, ...e.arguments.map((argument) => usesOf(name, argument))]);
  const bodies = e.arguments.slice(bound.length);
  if (isBind(e))
    return sum([
      usesOf(name, bodies[0] ?? e.arguments[0]!),
      bound.includes(name) || !bodies[1] ? 0 : usesOf(name, bodies[1]),
    ]);
  if (bound.includes(name)) return receiver;
  return sum([receiver, ...bodies.map((body) => 2 * usesOf(name, body))]);
}

export const isBind = (e: CallExpression): boolean =>
  e.name.text === "bind" && e.receiver?.kind === "ident" && e.receiver.name === "cel";

const oneVariable: ReadonlySet<string> = new Set([
  "map",
  "filter",
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "sortBy",
  "optMap",
  "optFlatMap",
]);
const twoVariables: ReadonlySet<string> = new Set(["transformList", "transformMap", "transformMapEntry"]);

/** The names that a call binds as a macro: its first one or two arguments. */
export function boundVariables(e: CallExpression): readonly string[] {
  if (!e.receiver) return [];
  const { text } = e.name;
  const two = twoVariables.has(text) || (e.arguments.length === 3 && text !== "map" && oneVariable.has(text));
  const count = two ? 2 : isBind(e) || oneVariable.has(text) ? 1 : 0;
  const names = e.arguments.slice(0, count).map((argument) => (argument.kind === "ident" ? argument.name : undefined));
  return names.every((name) => name !== undefined) ? names : [];
}
