/** What follows a value: fields, optional fields, methods and indexes. */
import type { Expression } from "../ast.ts";
import { Dot, LeftBracket, LeftParenthesis, Question, QuotedName, RightBracket, type Token, Word } from "../tokens.ts";
import { edit, spanOf } from "./cursor.ts";
import { PrimaryParser } from "./primaries.ts";

export abstract class PostfixParser extends PrimaryParser {
  /** postfix = primary ("." "?"? name arguments? | "[" "?"? expression "]")* */
  protected postfix(what?: string): Expression {
    let of = this.primary(what);
    for (;;) {
      const token = this.next;
      if (token.tokenType === Dot) of = this.select(of);
      else if (token.tokenType === LeftBracket && !token.newline && of.kind !== "error") of = this.indexed(of);
      else if (token.tokenType === Question && this.isSwappedQuestion(token)) of = this.swappedSelect(of);
      else return of;
    }
  }

  private select(of: Expression): Expression {
    this.take();
    let optional = false;
    if (this.next.tokenType === Question && !this.next.newline) {
      this.take();
      optional = true;
    }
    return this.field(of, optional);
  }

  private field(of: Expression, optional: boolean): Expression {
    const ofHeight = this.height;
    const token = this.next;
    if ((token.tokenType !== Word && token.tokenType !== QuotedName) || token.newline) {
      this.missing("a field name", ".");
      return this.grown(
        { kind: "select", span: this.from(of.span.start), of, field: this.noName(), optional },
        ofHeight,
      );
    }
    this.take();
    const name =
      token.tokenType === Word ? this.nameOf(token) : { text: token.image.slice(1, -1), span: spanOf(token) };
    const { next } = this;
    if (next.tokenType === LeftParenthesis && !next.newline && token.tokenType === Word && !optional)
      return this.call(of, name, ofHeight);
    return this.grown(
      { kind: "select", span: { start: of.span.start, end: token.end }, of, field: name, optional },
      ofHeight,
    );
  }

  private isSwappedQuestion(token: Token): boolean {
    const dot = this.afterNext;
    const name = this.tokVector[this.index + 2];
    return (
      !token.newline &&
      dot.tokenType === Dot &&
      dot.startOffset === token.end &&
      token.startOffset === this.previous.end &&
      (name?.tokenType === Word || name?.tokenType === QuotedName)
    );
  }

  private swappedSelect(of: Expression): Expression {
    const question = this.take();
    const dot = this.take();
    const span = { start: question.startOffset, end: dot.end };
    this.remark("FLOW1020", span, {}, { fixes: [edit("Write `.?`", span, ".?")] });
    return this.field(of, true);
  }

  private indexed(of: Expression): Expression {
    const ofHeight = this.height;
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = open.partner !== -1;
    const optional = this.next.tokenType === Question;
    if (optional) this.take();
    const index = this.SUBRULE2(this.expression);
    const height = Math.max(ofHeight, this.height);
    this.close(open, RightBracket, "`]`");
    this.linesAreFree = wereFree;
    return this.grown({ kind: "index", span: this.from(of.span.start), of, index, optional }, height);
  }
}
