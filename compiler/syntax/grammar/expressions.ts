/**
 * Expressions: CEL's grammar with record literals, by precedence climbing. An expression ends where a token follows that
 * cannot go on with it; operators, `?`, `:` and `.` may begin a continued line.
 * Fields, calls and what they stand on come earlier in the chain.
 */
import type { BinaryOperator, Expression } from "../ast.ts";
import { Colon, Equals, Minus, Not, Operator, Pipe, Question, StringToken, type Token, Word } from "../tokens.ts";
import { edit, spanOf } from "./cursor.ts";
import { PostfixParser } from "./postfix.ts";

const precedenceOf = new Map<string, number>([
  ["||", 1],
  ["&&", 2],
  ["==", 3],
  ["!=", 3],
  ["<", 3],
  ["<=", 3],
  [">", 3],
  [">=", 3],
  ["in", 3],
  ["+", 4],
  ["-", 4],
  ["*", 5],
  ["/", 5],
  ["%", 5],
]);

/** What people write from habit → what it is here. */
const habits = new Map<string, BinaryOperator>([
  ["=", "=="],
  ["=~", "=="],
  ["===", "=="],
  ["!==", "!="],
  ["<>", "!="],
  ["&", "&&"],
  ["|", "||"],
  ["and", "&&"],
  ["or", "||"],
]);

export class ExpressionParser extends PostfixParser {
  /** expression = binary ("?" expression ":" expression)? */
  protected readonly expression = this.RULE("expression", (what?: string): Expression => {
    if (!this.enter("expression")) return this.hole();
    const test = this.binary(1, what);
    const result = this.next.tokenType === Question && this.asksHere() ? this.conditional(test) : test;
    this.leave();
    return result;
  });

  private conditional(test: Expression): Expression {
    const testHeight = this.height;
    this.take();
    const then = this.SUBRULE(this.expression);
    const thenHeight = this.height;
    if (this.next.tokenType === Colon) this.take();
    else this.missing("`:` and the other value");
    const other = this.quiet && !this.startsExpression(this.next) ? this.hole() : this.SUBRULE1(this.expression);
    return this.grown(
      { kind: "conditional", span: this.from(test.span.start), test, then, else: other },
      Math.max(testHeight, thenHeight, this.height),
    );
  }

  /** In a record, a line that begins with `?key:` is an optional entry and no question. */
  private asksHere(): boolean {
    if (!this.next.newline || this.linesAreFree) return true;
    const key = this.afterNext;
    const colon = this.tokVector[this.index + 2];
    return !(
      (key.tokenType === Word || key.tokenType === StringToken) &&
      colon?.tokenType === Colon &&
      colon.startOffset === key.end
    );
  }

  /** binary = unary (operator unary)*, operators of at least precedence `least`, all left-associative */
  protected binary(least: number, what?: string): Expression {
    let left = this.unary(what);
    for (;;) {
      const operator = this.operatorHere();
      if (operator === undefined) return left;
      const precedence = precedenceOf.get(operator)!;
      if (precedence < least) return left;
      const leftHeight = this.height;
      const token = this.take();
      if (token.image !== operator) this.mend(token, operator);
      const right = this.binary(precedence + 1);
      left = this.grown(
        {
          kind: "binary",
          span: { start: left.span.start, end: right.span.end },
          operator,
          operatorSpan: spanOf(token),
          left,
          right,
        },
        Math.max(leftHeight, this.height),
      );
    }
  }

  private operatorHere(): BinaryOperator | undefined {
    const token = this.next;
    switch (token.tokenType) {
      case Operator:
        return precedenceOf.has(token.image) ? (token.image as BinaryOperator) : habits.get(token.image);
      case Minus:
        return "-";
      case Word:
        if (token.image === "in") return "in";
        return (token.image === "and" || token.image === "or") && this.continues(token) && this.operandFollows()
          ? habits.get(token.image)
          : undefined;
      case Equals:
      case Pipe:
        return this.continues(token) ? habits.get(token.image) : undefined;
      default:
        return undefined;
    }
  }

  private operandFollows(): boolean {
    return this.continues(this.afterNext) && this.startsExpression(this.afterNext);
  }

  private mend(token: Token, right: string): void {
    if (token.image === "=~") {
      this.remark("FLOW1013", spanOf(token), { wrong: "=~", right: ".matches(…)" });
      return;
    }
    this.remark(
      "FLOW1013",
      spanOf(token),
      { wrong: token.image, right },
      { fixes: [edit(`Change to \`${right}\``, spanOf(token), right)] },
    );
  }

  /** unary = ("!" | "-")* postfix */
  private unary(what?: string): Expression {
    const token = this.next;
    if (token.tokenType !== Not && token.tokenType !== Minus && !(token.tokenType === Word && token.image === "not"))
      return this.postfix(what);
    if (!this.continues(token)) return this.postfix(what);
    if (token.tokenType === Word) {
      if (this.afterNext.tokenType !== Word || !this.continues(this.afterNext) || this.afterNext.image === "in")
        return this.postfix(what);
      this.mend(token, "!");
    }
    this.take();
    if (!this.enter("expression")) return this.hole();
    const of = this.unary();
    this.leave();
    return this.grown(
      {
        kind: "unary",
        span: { start: token.startOffset, end: of.span.end },
        operator: token.tokenType === Minus ? "-" : "!",
        of,
      },
      this.height,
    );
  }

  /** A constant or call, without operators between: what test data and rates are made of. */
  protected operand(what?: string): Expression {
    return this.unary(what);
  }
}
