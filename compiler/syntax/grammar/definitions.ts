/** Definitions without a block: parameters, types and functions. */
import type {
  Declaration,
  ErrorExpression,
  Expression,
  FnParameter,
  StringLiteral,
  TypeDefinition,
  TypeExpression,
} from "../ast.ts";
import { Colon, Comma, Equals, LeftParenthesis, RightParenthesis, StringToken, Word } from "../tokens.ts";
import { edit, spanOf } from "./cursor.ts";
import { InputParser } from "./inputs.ts";

/** What all declarations have. */
export interface Base {
  readonly keyword: { readonly start: number; readonly end: number };
  readonly doc?: string;
}

export class DefinitionParser extends InputParser {
  /** param = "param" name (":" type)? ("=" expression)? */
  protected paramDeclaration(base: Base): Declaration {
    const name = this.declaredName("a name");
    const type = this.annotation();
    const value = this.assigned(false);
    const span = this.from(base.keyword.start);
    return { kind: "param", ...base, name, ...(type && { type }), ...(value && { default: value }), span };
  }

  protected annotation(): TypeExpression | undefined {
    if (!this.isHere(Colon)) return undefined;
    this.take();
    return this.SUBRULE(this.type);
  }

  private assigned(isRequired: boolean): Expression | undefined {
    if (!this.isHere(Equals)) {
      if (isRequired) this.missing("`=` and an expression");
      return isRequired ? this.hole() : undefined;
    }
    this.take();
    return this.SUBRULE(this.expression, { ARGS: ["an expression"] });
  }

  /** definition = type | "from" ("schema" | "sample") "(" string ")" */
  protected typeDefinition(): TypeDefinition {
    const { startOffset } = this.next;
    if (this.isHere(Equals)) {
      const span = spanOf(this.next);
      this.remark(
        "FLOW1010",
        span,
        { what: "the type itself", found: "=" },
        { fixes: [edit("Remove the `=`", { start: span.start, end: span.end }, "")] },
      );
      this.take();
    }
    if (this.isWord("from") && (this.afterNext.image === "schema" || this.afterNext.image === "sample")) {
      this.take();
      const from = this.take().image as "schema" | "sample";
      return { kind: "from", from, path: this.pathInParentheses(), span: this.from(startOffset) };
    }
    if (this.isWord("from")) {
      this.take();
      this.missing('`schema("…")` or `sample("…")`');
      return { kind: "from", from: "schema", path: this.hole(), span: this.from(startOffset) };
    }
    const type = this.SUBRULE1(this.type);
    return { kind: "type", type, span: type.span };
  }

  private pathInParentheses(): StringLiteral | ErrorExpression {
    if (!this.isHere(LeftParenthesis)) {
      this.missing('`("…")`');
      return this.hole();
    }
    const open = this.take();
    const path = this.quotedText('a path such as `"order.schema.json"`');
    this.close(open, RightParenthesis, "`)`");
    return path;
  }

  /** fn = "fn" name "(" parameters ")" (":" type)? "=" expression */
  protected fnDeclaration(base: Base): Declaration {
    const name = this.declaredName("a name");
    const parameters = this.parameters();
    const result = this.quiet ? undefined : this.annotation();
    const body = this.assigned(true) ?? this.hole();
    return {
      kind: "fn",
      ...base,
      name,
      parameters,
      ...(result && { result }),
      body,
      span: this.from(base.keyword.start),
    };
  }

  private parameters(): FnParameter[] {
    if (!this.isHere(LeftParenthesis)) {
      this.missing("`(` and the parameters");
      return [];
    }
    const open = this.take();
    this.linesAreFree = open.partner !== -1;
    const found: FnParameter[] = [];
    while (this.index < open.groupEnd) {
      const { startOffset } = this.next;
      if (!this.isHere(Word)) break;
      const name = this.nameOf(this.take());
      const type = this.annotation();
      found.push({ name, ...(type && { type }), span: this.from(startOffset) });
      if (this.next.tokenType === Comma) this.take();
      else if (open.partner !== -1 && this.isHere(Word) && this.index < open.groupEnd) {
        if (!this.next.newline) this.missingComma();
      } else break;
    }
    this.close(open, RightParenthesis, "a parameter or `)`");
    this.linesAreFree = false;
    return found;
  }

  protected quotedText(what: string): StringLiteral | ErrorExpression {
    if (this.isHere(StringToken)) return this.stringOf(this.take());
    this.missing(what);
    return this.hole();
  }
}
