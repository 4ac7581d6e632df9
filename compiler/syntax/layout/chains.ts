/** Chains of fields, methods and indexes → documents. */
import type { CallExpression, Expression, SelectExpression } from "../ast.ts";
import { lineAfter, withoutParentheses } from "./brackets.ts";
import { CollectionPrinter } from "./collections.ts";
import { type Doc, group, hardLine, indent, line, softLine } from "./doc.ts";
import { postfixLevel } from "./levels.ts";
import { canBeBackquoted, isBareField, quoted } from "./literals.ts";

export abstract class ChainPrinter extends CollectionPrinter {
  /** `a.b.c(d).e(f)[g]`: breaks before the methods when there are several. */
  protected chain(expression: SelectExpression | CallExpression | Expression): Doc {
    const links: Expression[] = [];
    let head: Expression = expression;
    for (;;) {
      const of: Expression | undefined =
        head.kind === "select" || head.kind === "index" ? head.of : head.kind === "call" ? head.receiver : undefined;
      if (of === undefined) break;
      links.unshift(head);
      head = this.style.keep ? of : withoutParentheses(of);
    }
    const first = head.kind === "call" ? [head.name.text, this.call(head)] : this.print(head, postfixLevel);
    const calls = links.filter((link) => link.kind === "call").length;
    const parts = links.map((link) => this.link(link, calls > 1));
    return calls > 1 ? group([first, indent(parts)]) : [first, ...parts];
  }

  private link(link: Expression, mayBreak: boolean): Doc {
    if (link.kind === "call") {
      const { trailing, leading, isEmpty } = this.before(link.name.span.start);
      const call = [`.${link.name.text}`, this.call(link)];
      return isEmpty ? [mayBreak ? softLine : "", call] : [trailing, mayBreak ? softLine : hardLine, leading, call];
    }
    if (link.kind === "select") {
      const field = link.field.text;
      const dot = link.optional ? ".?" : ".";
      if (isBareField(field) || field === "") return `${dot}${field}`;
      return canBeBackquoted(field) ? `${dot}\`${field}\`` : `[${link.optional ? "?" : ""}${quoted(field)}]`;
    }
    if (link.kind === "index") return this.enclosed("[", link.optional ? "?" : "", link.index, link.span.end - 1, "]");
    return "";
  }

  private call(call: CallExpression): Doc {
    const args = call.arguments;
    const end = call.span.end - 1;
    const [only] = args;
    if (only === undefined) return this.emptyGroup("(", ")", end);
    if (args.length === 1 && (only.kind === "record" || only.kind === "list")) {
      const { trailing, leading, isEmpty } = this.before(only.span.start);
      if (isEmpty) {
        const printed = this.print(only);
        return ["(", printed, this.closing(end, ""), ")"];
      }
      return group([
        "(",
        trailing,
        indent([lineAfter(trailing), leading, this.print(only)]),
        this.closing(end, softLine),
        ")",
      ]);
    }
    const printed = args.map((argument, i) => {
      const { trailing, leading } = this.before(argument.span.start);
      return [
        trailing,
        i === 0 ? lineAfter(trailing) : line,
        leading,
        this.print(argument),
        i === args.length - 1 ? "" : ",",
      ];
    });
    return group(["(", indent(printed), this.closing(end, softLine), ")"]);
  }
}
