/** `list(x)`: all values, in the order of arrival. A group holds at most `maxListLength`; what comes after is a bad event, not lost. */
import { EvaluationError } from "../../expr/evaluation-error.ts";
import { type Aggregate, kept } from "./aggregate.ts";

export const maxListLength = 1_000_000;

export function tooLong(): never {
  throw new EvaluationError("limit", `a group keeps at most ${maxListLength} values`);
}

export const list: Aggregate = {
  init: () => ({ values: "[]" }),
  prepare: (e) => `if (${e.field("values")}.length >= ${maxListLength}) ${e.bind(tooLong)}();`,
  commit: (e) => `${e.field("values")}.push(${kept(e, 0)});`,
  merge: (e, from) => `for (const value of ${e.field("values", from)}) ${e.field("values")}.push(value);`,
  // A copy: the result of a pane does not change when the group goes on.
  result: (e) => `${e.field("values")}.slice()`,
};
