/** Record literals: named, computed and spread entries, one a line or with commas between. */
import type { Expression, RecordEntry, RecordExpression } from "../ast.ts";
import {
  Colon,
  Comma,
  Dot,
  Ellipsis,
  Equals,
  LeftBracket,
  LeftParenthesis,
  Minus,
  Operator,
  Question,
  QuotedName,
  RightBrace,
  StringToken,
  type Token,
  Word,
} from "../tokens.ts";
import { closes, edit, spanOf } from "./cursor.ts";
import { ExpressionPartParser } from "./expression-parts.ts";

export abstract class RecordParser extends ExpressionPartParser {
  /** record = "{" (entry ","?)* "}"; the comma may lack at a new line */
  protected readonly record = this.RULE("record", (): RecordExpression => {
    const open = this.take();
    const wereFree = this.linesAreFree;
    const wasQuiet = this.quiet;
    this.linesAreFree = false;
    const entries: RecordEntry[] = [];
    let height = 0;
    let failed = wasQuiet;
    while (this.index < open.groupEnd && (open.partner !== -1 || this.startsEntry())) {
      this.quiet = wasQuiet;
      const before = this.index;
      if (this.isBrokenOff && !this.startsEntry()) {
        this.skipOne();
        this.skipLine(open.groupEnd);
        continue;
      }
      if (this.next.tokenType === Comma) this.missing("an entry");
      else entries.push(this.entry());
      if (this.height > height) height = this.height;
      this.separate(open.groupEnd, before);
      failed ||= this.quiet;
    }
    this.quiet = failed;
    this.close(open, RightBrace, "`}`");
    this.linesAreFree = wereFree;
    this.height = height + 1;
    return { kind: "record", span: this.from(open.startOffset), entries };
  });

  /** Goes on to the next entry: over a comma, or at a new line; whatever else is there is a mistake. */
  private separate(end: number, before: number): void {
    if (this.index < end && this.next.tokenType !== Comma && !this.next.newline) {
      if (this.startsEntry() && this.index > before) {
        this.missingComma();
        return;
      }
      if (!this.quiet && !closes(this.next)) this.missing("`,` or `}`");
      else if (closes(this.next) && this.next.partner === -1) this.strayClose(this.next);
      while (this.index < end && this.next.tokenType !== Comma && !this.next.newline) this.skipOne();
    }
    if (this.index < end && this.next.tokenType === Comma) this.take();
    else if (this.index === before && this.index < end) this.skipOne();
  }

  private startsEntry(): boolean {
    const { next, afterNext } = this;
    if (next.tokenType === Ellipsis) return true;
    return (
      (next.tokenType === Word || next.tokenType === StringToken) && afterNext.tokenType === Colon && !afterNext.newline
    );
  }

  /** entry = "..." expression | "?"? (name | string | expression) ":" expression */
  private entry(): RecordEntry {
    const first = this.next;
    const { doc } = first;
    if (first.tokenType === Ellipsis) {
      this.take();
      const value = this.SUBRULE6(this.expression);
      return { kind: "spread", span: this.from(first.startOffset), value };
    }
    const optional = first.tokenType === Question;
    if (optional) this.take();
    const key = this.next;
    if (this.isKey(key)) {
      this.take();
      const name =
        key.tokenType === StringToken
          ? { text: this.stringOf(key).value, span: spanOf(key) }
          : key.tokenType === QuotedName
            ? { text: key.image.slice(1, -1), span: spanOf(key) }
            : this.nameOf(key);
      const value = this.value(name.text);
      const entry = {
        kind: "field",
        span: this.from(first.startOffset),
        key: name,
        quoted: key.tokenType !== Word,
        optional,
        value,
      } as const;
      return doc === undefined ? entry : { ...entry, doc };
    }
    const wasNewline = this.linesAreFree;
    this.linesAreFree = true;
    const computed = this.startsExpression(key) ? this.binary(1) : this.noKey();
    this.linesAreFree = wasNewline;
    const value = this.value("the key");
    return { kind: "computed", span: this.from(first.startOffset), key: computed, optional, value };
  }

  /** A word or string that is the whole key. `true:` and `null:` are values, as in CEL. */
  private isKey(key: Token): boolean {
    if (key.tokenType === QuotedName) return true;
    if (key.tokenType !== Word && key.tokenType !== StringToken) return false;
    const after = this.tokVector[this.index + 1];
    if (
      key.tokenType === Word &&
      (key.image === "true" || key.image === "false" || key.image === "null") &&
      after?.tokenType === Colon
    )
      return false;
    if (after === undefined || after.newline || after.tokenType === Colon) return true;
    return !(
      after.tokenType === Dot ||
      after.tokenType === Operator ||
      after.tokenType === Minus ||
      after.tokenType === LeftParenthesis ||
      after.tokenType === LeftBracket
    );
  }

  private noKey(): Expression {
    this.missing("a name");
    return this.hole();
  }

  /** ":" expression, both on the key's line */
  private value(key: string): Expression {
    this.height = 1;
    if (this.next.tokenType !== Colon || this.next.newline) {
      if (this.next.tokenType === Equals && !this.next.newline) {
        const span = spanOf(this.take());
        this.remark("FLOW1013", span, { wrong: "=", right: ":" }, { fixes: [edit("Change to `:`", span, ":")] });
        return this.SUBRULE7(this.expression, { ARGS: ["a value"] });
      }
      this.missing("`:` and a value", key);
      return this.hole();
    }
    this.take();
    if (!this.next.newline && this.startsExpression(this.next))
      return this.SUBRULE8(this.expression, { ARGS: ["a value"] });
    this.missing("a value", `${key}:`);
    return this.hole();
  }
}
