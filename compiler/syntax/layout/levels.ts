/** How strongly an expression binds, so that parentheses can be as few as needed. */
import type { Expression } from "../ast.ts";

export const precedence: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};
export const conditionalLevel = 0;
export const unaryLevel = 6;
export const postfixLevel = 7;
export const primaryLevel = 8;

export function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case "conditional":
      return conditionalLevel;
    case "binary":
      return precedence[expression.operator]!;
    case "unary":
      return unaryLevel;
    case "int":
    case "double":
      // A made-up literal may be negative.
      return expression.value < 0 ? unaryLevel : primaryLevel;
    case "duration":
      return expression.nanos < 0n ? unaryLevel : primaryLevel;
    default:
      return primaryLevel;
  }
}
