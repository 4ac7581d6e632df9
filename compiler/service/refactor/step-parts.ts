/** A step taken apart: its operators with the text and comments of each, and what else it says. */
import { operatorClauses } from "../../catalog/clauses-operators.ts";
import type { Clause, NodeDeclaration } from "../../syntax/ast.ts";
import type { Place } from "./refactoring.ts";
import { afterLine, bodyOf } from "./selected.ts";

const operatorIds: ReadonlySet<string> = new Set(operatorClauses.map(({ id }) => id));

export const operatorsOf = (step: NodeDeclaration): readonly Clause[] =>
  step.clauses.filter(({ row }) => row !== undefined && operatorIds.has(row));

/** `replicas 3`, say: what is not about single events. */
export const othersOf = (step: NodeDeclaration): readonly Clause[] =>
  step.clauses.filter(({ row }) => row === undefined || !operatorIds.has(row));

/** What stands between the braces, comments too. */
export function bodyText({ analysis, text }: Place, step: NodeDeclaration): string {
  const { start, end } = bodyOf(analysis.tree, text, step);
  return text.slice(start, end);
}

/** Where the body is cut so that the clause and the comments before it begin the second part. */
export function cutBefore({ analysis, text }: Place, step: NodeDeclaration, clause: Clause): number {
  const before = step.clauses[step.clauses.indexOf(clause) - 1];
  return before ? Math.min(afterLine(analysis.tree, text, before.span.end), clause.span.start) : clause.span.start;
}

/** `orders, payments where data.paid`: the inputs as written. */
export function inputsText({ text }: Place, { inputs }: NodeDeclaration): string {
  return text.slice(inputs[0]?.span.start, inputs.at(-1)?.span.end);
}
