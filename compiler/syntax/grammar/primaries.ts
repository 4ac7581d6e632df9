/** What operators stand between: literals, names, calls, lists, records and parentheses. */
import type { CallExpression, Expression, ListExpression, Name } from "../ast.ts";
import {
  Comma,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Question,
  RightBracket,
  RightParenthesis,
  type Token,
  Word,
} from "../tokens.ts";
import { spanOf } from "./cursor.ts";
import { RecordParser } from "./records.ts";

/** https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax, without the four that are literals or operators. */
const reservedWords: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

export abstract class PrimaryParser extends RecordParser {
  /** primary = literal | name arguments? | list | record | "(" expression ")" */
  protected primary(what = "an expression"): Expression {
    const token = this.next;
    if (!this.continues(token)) {
      this.missing(what);
      return this.hole();
    }
    this.height = 1;
    switch (token.tokenType) {
      case Word:
        return this.named(this.take());
      case LeftBrace:
        return this.SUBRULE(this.record);
      case LeftBracket:
        return this.list();
      case LeftParenthesis:
        return this.parentheses();
    }
    const literal = this.literalOf(token);
    if (literal !== undefined) {
      this.take();
      return literal;
    }
    this.missing(what);
    return this.hole();
  }

  private named(token: Token): Expression {
    const name = token.image;
    const span = spanOf(token);
    if (this.next.tokenType === LeftParenthesis && !this.next.newline)
      return this.call(undefined, { text: name, span }, 0);
    if (name === "true" || name === "false") return { kind: "bool", span, value: name === "true" };
    if (name === "null") return { kind: "null", span };
    if (reservedWords.has(name) || name === "in") {
      this.report("FLOW1019", span, { name });
      return { kind: "error", span };
    }
    if (token.broken) return { kind: "error", span };
    return { kind: "ident", span, name };
  }

  private parentheses(): Expression {
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = open.partner !== -1;
    const of = this.SUBRULE4(this.expression);
    const { height } = this;
    this.close(open, RightParenthesis, "`)`");
    this.linesAreFree = wereFree;
    return this.grown({ kind: "parentheses", span: this.from(open.startOffset), of }, height);
  }

  /** list = "[" ("?"? expression ","?)* "]"; the comma may lack at a new line and around records */
  private list(): Expression {
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = open.partner !== -1;
    const items: { value: Expression; optional: boolean; span: { start: number; end: number } }[] = [];
    let height = 0;
    while (this.index < open.groupEnd) {
      const { startOffset } = this.next;
      const optional = this.next.tokenType === Question;
      if (optional) this.take();
      const value = this.SUBRULE5(this.expression, { ARGS: ["an item"] });
      items.push({ value, optional, span: this.from(startOffset) });
      if (this.height > height) height = this.height;
      const { next } = this;
      if (next.tokenType === Comma) this.take();
      else if (this.index >= open.groupEnd || !(this.startsExpression(next) || next.tokenType === Question)) break;
      else if (!next.newline && next.tokenType !== LeftBrace && value.kind !== "record") this.missingComma();
    }
    this.close(open, RightBracket, "`,` or `]`");
    this.linesAreFree = wereFree;
    const list: ListExpression = { kind: "list", span: this.from(open.startOffset), items };
    return this.grown(list, height);
  }

  /** arguments = "(" (expression ("," expression)* ","?)? ")" */
  protected call(receiver: Expression | undefined, name: Name, receiverHeight: number): CallExpression | Expression {
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = open.partner !== -1;
    const values: Expression[] = [];
    let height = receiverHeight;
    while (this.index < open.groupEnd) {
      values.push(this.SUBRULE3(this.expression));
      if (this.height > height) height = this.height;
      if (this.next.tokenType === Comma) this.take();
      else if (this.index < open.groupEnd && this.startsExpression(this.next) && !this.quiet && open.partner !== -1)
        this.missingComma();
      else break;
    }
    this.close(open, RightParenthesis, "`,` or `)`");
    this.linesAreFree = wereFree;
    const span = this.from(receiver?.span.start ?? name.span.start);
    const call: CallExpression =
      receiver === undefined
        ? { kind: "call", span, name, arguments: values }
        : { kind: "call", span, receiver, name, arguments: values };
    return this.grown(call, height);
  }
}
