/** What the parts of an expression have in common: where one may begin, how high it has become, and the rules that come later in the chain. */
import type { ParserMethod } from "chevrotain";
import type { Expression } from "../ast.ts";
import { maxExpressionHeight } from "../limits.ts";
import {
  BytesToken,
  DoubleToken,
  DurationToken,
  IntToken,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Minus,
  Not,
  SizeToken,
  StringToken,
  type Token,
  UintToken,
  Word,
} from "../tokens.ts";
import { edit, shortened, spanOf } from "./cursor.ts";
import { LiteralParser } from "./literals.ts";

export abstract class ExpressionPartParser extends LiteralParser {
  protected abstract readonly expression: ParserMethod<[what?: string], Expression>;

  /** An expression of operators that bind at least so much; without `?:`. */
  protected abstract binary(least: number, what?: string): Expression;

  protected startsExpression(token: Token): boolean {
    switch (token.tokenType) {
      case Word:
      case LeftBrace:
      case LeftBracket:
      case LeftParenthesis:
      case Not:
      case Minus:
        return true;
      default:
        return isLiteral(token);
    }
  }

  /** Notes how high the tree has become; one too high is cut off, and reported. */
  protected grown<E extends Expression>(expression: E, below: number): E | Expression {
    this.height = below + 1;
    if (this.height <= maxExpressionHeight) return expression;
    this.report("FLOW1022", expression.span, { what: "expression", most: maxExpressionHeight });
    this.height = 1;
    return { kind: "error", span: expression.span };
  }

  protected missingComma(): void {
    const at = this.gap();
    this.remark(
      "FLOW1012",
      spanOf(this.next),
      { found: shortened(this.next.image) },
      { fixes: [edit("Add a comma", at, ",")] },
    );
  }
}

/** By token type index. */
const literalTypes: boolean[] = [];
for (const type of [StringToken, BytesToken, IntToken, UintToken, DoubleToken, DurationToken, SizeToken])
  literalTypes[type.tokenTypeIdx!] = true;
const isLiteral = (token: Token): boolean => literalTypes[token.tokenTypeIdx] === true;
