/** Type expressions: names, literals, lists, maps, records and unions of them. */
import type { TypeExpression, TypeField } from "../ast.ts";
import {
  Colon,
  Comma,
  DoubleToken,
  IntToken,
  LeftBrace,
  LeftBracket,
  Minus,
  Operator,
  Pipe,
  Question,
  QuotedName,
  RightBrace,
  RightBracket,
  StringToken,
  type Token,
  Word,
} from "../tokens.ts";
import { edit, spanOf } from "./cursor.ts";
import { ExpressionParser } from "./expressions.ts";

/** `{string: T}` is a map; a record with one field of such a name puts it in quotes. */
export const mapKeyTypes: ReadonlySet<string> = new Set(["string", "int", "uint", "bool"]);

export class TypeParser extends ExpressionParser {
  /** type = one ("|" one)* */
  protected readonly type = this.RULE("type", (): TypeExpression => {
    if (!this.enter("type")) return { kind: "error", span: this.gap() };
    const first = this.oneType();
    const result = this.next.tokenType === Pipe || this.isDoublePipe() ? this.union(first) : first;
    this.leave();
    return result;
  });

  private union(first: TypeExpression): TypeExpression {
    const members = [first];
    while (this.next.tokenType === Pipe || this.isDoublePipe()) {
      const pipe = this.take();
      if (pipe.tokenType !== Pipe)
        this.remark(
          "FLOW1013",
          spanOf(pipe),
          { wrong: "||", right: "|" },
          { fixes: [edit("Change to `|`", spanOf(pipe), "|")] },
        );
      members.push(this.oneType());
    }
    return { kind: "union", span: this.from(first.span.start), members };
  }

  private isDoublePipe(): boolean {
    return this.next.tokenType === Operator && this.next.image === "||" && !this.next.newline;
  }

  private oneType(): TypeExpression {
    const token = this.next;
    if (this.continues(token)) {
      switch (token.tokenType) {
        case Word:
          return this.wordType(this.take());
        case LeftBracket:
          return this.listType();
        case LeftBrace:
          return this.braceType();
        case StringToken:
        case IntToken:
        case DoubleToken: {
          const literal = this.literalOf(this.take())!;
          return { kind: "literal", span: literal.span, literal };
        }
        case Minus:
          return this.negativeType();
      }
    }
    this.missing("a type");
    return { kind: "error", span: this.gap() };
  }

  private wordType(token: Token): TypeExpression {
    const span = spanOf(token);
    if (token.image === "true" || token.image === "false")
      return { kind: "literal", span, literal: { kind: "bool", span, value: token.image === "true" } };
    if (token.image === "null") return { kind: "literal", span, literal: { kind: "null", span } };
    if (this.next.tokenType === Operator && this.next.image === "<" && !this.next.newline) this.genericType(token);
    return { kind: "name", span, name: this.nameOf(token) };
  }

  /** `map<string, int>`, as other languages write it: reported, and passed over up to its `>`. */
  private genericType(token: Token): void {
    const found = `${token.image}<`;
    this.report(
      "FLOW1010",
      { start: token.startOffset, end: this.next.end },
      { what: "a type such as `{string: int}` or `[int]`", found },
    );
    for (let open = 0; this.continues(this.next); ) {
      if (this.next.image === "<") open++;
      else if (this.next.image === ">") open--;
      this.skipOne();
      if (open === 0) return;
    }
  }

  private negativeType(): TypeExpression {
    const minus = this.take();
    const literal = this.literalOf(this.next);
    if (literal === undefined || (literal.kind !== "int" && literal.kind !== "double") || this.next.newline) {
      this.missing("a number");
      return { kind: "error", span: this.gap() };
    }
    this.take();
    const span = this.from(minus.startOffset);
    const raw = `-${literal.raw}`;
    if (literal.kind === "double")
      return { kind: "literal", span, literal: { kind: "double", span, value: -literal.value, raw } };
    return { kind: "literal", span, literal: { kind: literal.kind, span, value: -literal.value, raw } };
  }

  private listType(): TypeExpression {
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = open.partner !== -1;
    if (this.next.tokenType === RightBracket) this.missing("a type such as `[string]`", "[");
    const element = this.SUBRULE(this.type);
    this.close(open, RightBracket, "`]`");
    this.linesAreFree = wereFree;
    return { kind: "list", span: this.from(open.startOffset), element };
  }

  private braceType(): TypeExpression {
    const open = this.take();
    const wereFree = this.linesAreFree;
    this.linesAreFree = false;
    const result = this.isMap(open) ? this.mapType(open) : this.recordType(open);
    this.linesAreFree = wereFree;
    return result;
  }

  /** `{` name `:` type `}` with a name that is a type of keys. */
  private isMap(open: Token): boolean {
    const { next, afterNext } = this;
    if (next.tokenType !== Word || !mapKeyTypes.has(next.image) || afterNext.tokenType !== Colon) return false;
    let at = this.index + 2;
    const end = open.partner === -1 ? open.groupEnd : open.partner;
    for (; at < end; at++) {
      const token = this.tokVector[at]!;
      if (token.partner > at) at = token.partner;
      else if (token.tokenType === Colon || (token.tokenType === Comma && at + 1 < end)) return false;
    }
    return true;
  }

  private mapType(open: Token): TypeExpression {
    const name = this.nameOf(this.take());
    this.take();
    const value = this.SUBRULE1(this.type);
    if (this.next.tokenType === Comma) this.take();
    this.close(open, RightBrace, "`}`");
    return { kind: "map", span: this.from(open.startOffset), key: { kind: "name", span: name.span, name }, value };
  }

  private recordType(open: Token): TypeExpression {
    const fields: TypeField[] = [];
    const wasQuiet = this.quiet;
    let failed = wasQuiet;
    while (this.index < open.groupEnd && (open.partner !== -1 || this.startsField())) {
      this.quiet = wasQuiet;
      const before = this.index;
      if (this.isFieldName(this.next)) fields.push(this.typeField());
      else this.missing("a field name");
      this.separateFields(open.groupEnd, before);
      failed ||= this.quiet;
    }
    this.quiet = failed;
    this.close(open, RightBrace, "`}`");
    return { kind: "record", span: this.from(open.startOffset), fields };
  }

  private isFieldName(token: Token): boolean {
    return token.tokenType === Word || token.tokenType === StringToken || token.tokenType === QuotedName;
  }

  private startsField(): boolean {
    return this.isFieldName(this.next) && (this.afterNext.tokenType === Colon || this.afterNext.tokenType === Question);
  }

  private separateFields(end: number, before: number): void {
    const { next } = this;
    if (this.index < end && next.tokenType !== Comma && !next.newline) {
      if (this.startsField() && this.index > before && !this.quiet) {
        this.missingComma();
        return;
      }
      this.missing("`,` or `}`");
      while (this.index < end && this.next.tokenType !== Comma && !this.next.newline) this.skipOne();
    }
    if (this.index < end && this.next.tokenType === Comma) this.take();
    else if (this.index === before && this.index < end) this.skipOne();
  }

  /** field = (name | string) "?"? ":" type */
  private typeField(): TypeField {
    const token = this.take();
    const name =
      token.tokenType === StringToken
        ? { text: this.stringOf(token).value, span: spanOf(token) }
        : token.tokenType === QuotedName
          ? { text: token.image.slice(1, -1), span: spanOf(token) }
          : this.nameOf(token);
    const optional = this.next.tokenType === Question && !this.next.newline;
    if (optional) this.take();
    const type = this.fieldType(name.text);
    this.questionAfterType(name.span.end);
    const field = { name, optional, type, span: this.from(token.startOffset) };
    return token.doc === undefined ? field : { ...field, doc: token.doc };
  }

  /** `note: string?`, as other languages write an optional field. */
  private questionAfterType(nameEnd: number): void {
    if (this.next.tokenType !== Question || this.next.newline) return;
    const span = spanOf(this.next);
    const { edits } = edit("", span, "");
    const before = edit("Put the `?` behind the name", { start: nameEnd, end: nameEnd }, "?");
    const what = "`,` or `}` (an optional field is written `note?: string`)";
    const isThere = this.text[nameEnd] === "?";
    const fix = isThere ? { title: "Remove this `?`", edits } : { ...before, edits: [...before.edits, ...edits] };
    this.remark("FLOW1010", span, { what, found: "?" }, { fixes: [fix] });
    this.take();
  }

  private fieldType(name: string): TypeExpression {
    if (this.next.tokenType !== Colon || this.next.newline) {
      this.missing("`:` and a type", name);
      return { kind: "error", span: this.gap() };
    }
    this.take();
    if (!this.next.newline) return this.SUBRULE2(this.type);
    this.missing("a type", `${name}:`);
    return { kind: "error", span: this.gap() };
  }
}
