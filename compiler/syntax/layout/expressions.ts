/** Expressions → documents to be laid out. Parentheses as few as needed; kept as written where `keep` says so. */
import type { BinaryExpression, ConditionalExpression, Expression } from "../ast.ts";
import { withoutParentheses } from "./brackets.ts";
import { ChainPrinter } from "./chains.ts";
import { type Doc, group, indent, line, softLine } from "./doc.ts";
import { conditionalLevel, levelOf, precedence, unaryLevel } from "./levels.ts";
import { printLiteral } from "./literals.ts";

export class ExpressionPrinter extends ChainPrinter {
  /** `least`: an expression that binds less is put in parentheses. */
  override print(expression: Expression, least = conditionalLevel): Doc {
    const bare = this.style.keep ? expression : withoutParentheses(expression);
    const doc = this.bare(bare);
    return levelOf(bare) < least ? group(["(", indent([softLine, doc]), softLine, ")"]) : doc;
  }

  private bare(expression: Expression): Doc {
    switch (expression.kind) {
      case "ident":
        return expression.name;
      case "select":
      case "call":
      case "index":
        return this.chain(expression);
      case "unary":
        return [expression.operator, this.print(expression.of, unaryLevel)];
      case "binary":
        return this.binary(expression);
      case "conditional":
        return this.conditional(expression);
      case "list":
        return this.list(expression);
      case "record":
        return this.record(expression);
      case "parentheses":
        return this.enclosed("(", "", expression.of, expression.span.end - 1, ")");
      case "error":
        return "";
      default:
        return printLiteral(expression, !this.style.keep);
    }
  }

  private binary(expression: BinaryExpression): Doc {
    const level = precedence[expression.operator]!;
    const links: BinaryExpression[] = [];
    let first: Expression = expression;
    while (first.kind === "binary" && precedence[first.operator] === level) {
      links.unshift(first);
      const left: Expression = this.style.keep ? first.left : withoutParentheses(first.left);
      first = left;
    }
    const head = this.print(first, level);
    const rest = links.map((link) => {
      const { trailing, leading } = this.before(startOf(link.right), false);
      return [trailing, line, leading, link.operator, " ", this.print(link.right, level + 1)];
    });
    return group([head, indent(rest)]);
  }

  private conditional(expression: ConditionalExpression): Doc {
    const test = this.print(expression.test, conditionalLevel + 1);
    const beforeThen = this.before(startOf(expression.then), false);
    const then = this.print(
      expression.then,
      this.style.keep && !this.style.isGenerated ? conditionalLevel : conditionalLevel + 1,
    );
    const beforeElse = this.before(startOf(expression.else), false);
    const other = this.print(expression.else);
    return group([
      test,
      indent([
        beforeThen.trailing,
        line,
        beforeThen.leading,
        "? ",
        then,
        beforeElse.trailing,
        line,
        beforeElse.leading,
        ": ",
        other,
      ]),
    ]);
  }
}

/** Where the first token of the expression stands. */
const startOf = (expression: Expression): number => expression.span.start;
