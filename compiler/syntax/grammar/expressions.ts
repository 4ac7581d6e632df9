/**
 * Expressions: CEL's grammar with record literals, by precedence climbing. An expression ends where a token follows that
 * cannot go on with it; operators, `?`, `:` and `.` may begin a continued line.
 */
import type {
  BinaryOperator,
  CallExpression,
  Expression,
  ListExpression,
  Name,
  RecordEntry,
  RecordExpression,
} from "../ast.ts";
import { maxExpressionHeight } from "../limits.ts";
import {
  BytesToken,
  Colon,
  Comma,
  Dot,
  DoubleToken,
  DurationToken,
  Ellipsis,
  Equals,
  IntToken,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  Minus,
  Not,
  Operator,
  Pipe,
  Question,
  QuotedName,
  RightBrace,
  RightBracket,
  RightParenthesis,
  SizeToken,
  StringToken,
  type Token,
  UintToken,
  Word,
} from "../tokens.ts";
import { closes, edit, shortened, spanOf } from "./cursor.ts";
import { LiteralParser } from "./literals.ts";

/** https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax, without the four that are literals or operators. */
export const reservedWords: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

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
  ["===", "=="],
  ["!==", "!="],
  ["<>", "!="],
  ["&", "&&"],
  ["|", "||"],
  ["and", "&&"],
  ["or", "||"],
]);

export class ExpressionParser extends LiteralParser {
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
  private binary(least: number, what?: string): Expression {
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

  /** postfix = primary ("." "?"? name arguments? | "[" "?"? expression "]")* */
  private postfix(what?: string): Expression {
    let of = this.primary(what);
    for (;;) {
      const token = this.next;
      if (token.tokenType === Dot) of = this.select(of);
      else if (token.tokenType === LeftBracket && !token.newline && of.kind !== "error") of = this.indexed(of);
      else if (token.tokenType === Question && this.isSwappedQuestion(token)) of = this.swappedSelect(of);
      else return of;
    }
  }

  /** A constant or call, without operators between: what test data and rates are made of. */
  protected operand(what?: string): Expression {
    return this.unary(what);
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

  /** arguments = "(" (expression ("," expression)* ","?)? ")" */
  private call(receiver: Expression | undefined, name: Name, receiverHeight: number): CallExpression | Expression {
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

  protected missingComma(): void {
    const at = this.gap();
    this.remark(
      "FLOW1012",
      spanOf(this.next),
      { found: shortened(this.next.image) },
      { fixes: [edit("Add a comma", at, ",")] },
    );
  }

  /** primary = literal | name arguments? | list | record | "(" expression ")" */
  private primary(what = "an expression"): Expression {
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
  private grown<E extends Expression>(expression: E, below: number): E | Expression {
    this.height = below + 1;
    if (this.height <= maxExpressionHeight) return expression;
    this.report("FLOW1022", expression.span, { what: "expression", most: maxExpressionHeight });
    this.height = 1;
    return { kind: "error", span: expression.span };
  }
}

/** By token type index. */
const literalTypes: boolean[] = [];
for (const type of [StringToken, BytesToken, IntToken, UintToken, DoubleToken, DurationToken, SizeToken])
  literalTypes[type.tokenTypeIdx!] = true;
const isLiteral = (token: Token): boolean => literalTypes[token.tokenTypeIdx] === true;
