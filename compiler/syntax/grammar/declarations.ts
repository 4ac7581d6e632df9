/** The declarations of a file, their headers and inputs. */
import type { Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type {
  Clause,
  Declaration,
  ErrorExpression,
  Expression,
  FnParameter,
  Input,
  Name,
  NodeKind,
  StringLiteral,
  TypeDefinition,
  TypeExpression,
} from "../ast.ts";
import { beginsDeclaration, declarationWords } from "../brackets.ts";
import {
  Colon,
  Comma,
  EndOfText,
  Equals,
  LeftBrace,
  LeftParenthesis,
  Minus,
  Pipe,
  RightParenthesis,
  StringToken,
  type Token,
  Word,
} from "../tokens.ts";
import { ClauseParser } from "./clauses.ts";
import { closes, edit, isStray, shortened, spanOf } from "./cursor.ts";

const nodeKinds: ReadonlySet<string> = new Set(["source", "step", "window", "chunk", "sink", "table"]);

interface Base {
  readonly keyword: { readonly start: number; readonly end: number };
  readonly doc?: string;
}

export class DeclarationParser extends ClauseParser {
  /** file = declaration* */
  protected readonly declarations = this.RULE("declarations", (): Declaration[] => {
    const found: Declaration[] = [];
    while (!this.atEnd) {
      this.quiet = false;
      const before = this.index;
      const declaration = this.SUBRULE(this.declaration);
      if (declaration !== undefined) found.push(declaration);
      if (this.index === before) this.skipOne();
    }
    return found;
  });

  protected readonly declaration = this.RULE("declaration", (): Declaration | undefined => {
    const token = this.next;
    const word = token.tokenType === Word ? this.keywordOf(token) : undefined;
    if (word === undefined) {
      this.noDeclaration(token);
      return undefined;
    }
    this.take();
    const base: Base =
      token.doc === undefined ? { keyword: spanOf(token) } : { keyword: spanOf(token), doc: token.doc };
    const declaration = this.declared(word, base);
    if (this.quiet && !("braces" in declaration && declaration.braces)) this.skipDeclaration();
    return declaration;
  });

  /** The keyword, or the one that the word is a slip of (reported). */
  private keywordOf(token: Token): string | undefined {
    if (declarationWords.has(token.image)) return token.image;
    const near = nearest(token.image, declarationWords);
    if (near === undefined || !this.headerFollows()) return undefined;
    this.remark(
      "FLOW1015",
      spanOf(token),
      { found: token.image, near },
      { fixes: [edit(`Change to '${near}'`, spanOf(token), near)] },
    );
    return near;
  }

  private headerFollows(): boolean {
    const { afterNext } = this;
    return !afterNext.newline && (afterNext.tokenType === Word || afterNext.tokenType === StringToken);
  }

  private noDeclaration(token: Token): void {
    if (isStray(token)) this.strayClose(token);
    else this.report("FLOW1015", spanOf(token), { found: shortened(token.image), near: undefined });
    this.skipOne();
    while (!this.atEnd && !this.beginsDeclarationHere()) this.skipOne();
  }

  /** Passes over what a mistake left of a declaration: up to a line that begins at the left margin. */
  private skipDeclaration(): void {
    while (!this.atEnd && !this.beginsDeclarationHere() && !(this.next.newline && this.isAtMargin())) this.skipOne();
  }

  private isAtMargin(): boolean {
    const before = this.text[this.next.startOffset - 1];
    return before === undefined || before === "\n" || before === "\r";
  }

  /** A keyword that begins a line or follows a block. */
  private beginsDeclarationHere(): boolean {
    const { next } = this;
    if (next.tokenType !== Word || !declarationWords.has(next.image)) return isStray(next);
    return next.newline ? this.headerFollows() : closes(this.previous);
  }

  private declared(word: string, base: Base): Declaration {
    const { start } = base.keyword;
    if (nodeKinds.has(word)) return this.nodeDeclaration(word as NodeKind, base);
    switch (word) {
      case "pipeline": {
        const name = this.declaredName("a name");
        const { clauses, braces } = this.body("pipeline", true);
        return { kind: "pipeline", ...base, name, clauses, braces, span: this.from(start) };
      }
      case "import": {
        const path = this.quotedText('a path such as `"./common.flow"`');
        return { kind: "import", ...base, path, span: this.from(start) };
      }
      case "param":
        return this.paramDeclaration(base);
      case "type": {
        const name = this.declaredName("a name");
        const definition = this.typeDefinition();
        return { kind: "type", ...base, name, definition, span: this.from(start) };
      }
      case "fn":
        return this.fnDeclaration(base);
      default: {
        const title = this.quotedText("a title in quotes");
        const { clauses, braces } = this.body("test", false);
        return { kind: "test", ...base, title, statements: clauses, braces, span: this.from(start) };
      }
    }
  }

  private declaredName(what: string): Name {
    if (this.isHere(Word)) {
      const token = this.take();
      return token.broken ? { text: "", span: spanOf(token) } : this.withHyphens(token);
    }
    this.missing(what);
    return this.noName();
  }

  /** `paid-orders` is no name, and the checks say so; here it is one word rather than three. */
  private withHyphens(first: Token): Name {
    while (this.next.tokenType === Minus && this.afterNext.tokenType === Word) {
      if (this.next.startOffset !== this.previous.end || this.afterNext.startOffset !== this.next.end) break;
      this.take();
      this.take();
    }
    const span = this.from(first.startOffset);
    return { text: this.text.slice(span.start, span.end), span };
  }

  private quotedText(what: string): StringLiteral | ErrorExpression {
    if (this.isHere(StringToken)) return this.stringOf(this.take());
    this.missing(what);
    return this.hole();
  }

  /** body = "{" clause* "}" */
  private body(place: Place, isOptional: boolean): { clauses: Clause[]; braces: boolean } {
    if (this.next.tokenType !== LeftBrace) {
      if (!isOptional) this.missing("`{`");
      else if (!this.next.newline && this.next.tokenType !== EndOfText && !declarationWords.has(this.next.image))
        this.missing("`{`");
      if (!this.quiet) return { clauses: [], braces: false };
      this.toBrace();
      if (this.next.tokenType !== LeftBrace) return { clauses: [], braces: false };
    }
    const clauses = this.block(place);
    return { clauses, braces: true };
  }

  /** After a mistake in a header: up to its block, which is on the same line. */
  private toBrace(): void {
    while (!this.next.newline && !this.atEnd && this.next.tokenType !== LeftBrace) this.skipOne();
  }

  /** param = "param" name (":" type)? ("=" expression)? */
  private paramDeclaration(base: Base): Declaration {
    const name = this.declaredName("a name");
    const type = this.annotation();
    const value = this.assigned(false);
    const span = this.from(base.keyword.start);
    return { kind: "param", ...base, name, ...(type && { type }), ...(value && { default: value }), span };
  }

  private annotation(): TypeExpression | undefined {
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
  private typeDefinition(): TypeDefinition {
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
  private fnDeclaration(base: Base): Declaration {
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

  /** node = kind name (":" type)? ("from" inputs)? "{" clause* "}" */
  private nodeDeclaration(kind: NodeKind, base: Base): Declaration {
    const name = this.declaredName("a name");
    const type = this.nodeType();
    const inputs = this.isNextOrSlip("from") ? this.inputs() : [];
    const { clauses, braces } = this.body(kind, false);
    return { kind, ...base, name, ...(type && { type }), inputs, clauses, braces, span: this.from(base.keyword.start) };
  }

  private isNext(word: string): boolean {
    return (
      this.next.tokenType === Word &&
      this.next.image === word &&
      !beginsDeclaration(this.tokVector, this.index, this.text)
    );
  }

  /** The word, or a slip of it (reported) that more of the header follows: `form orders`, `wher data.paid`. */
  private isNextOrSlip(word: string): boolean {
    if (this.isNext(word)) return true;
    const { next, afterNext } = this;
    if (!this.isHere(Word) || nearest(next.image, [word]) === undefined || !this.continues(afterNext)) return false;
    if (word !== "otherwise" && afterNext.tokenType !== Word) return false;
    this.remark(
      "FLOW1010",
      spanOf(next),
      { what: `\`${word}\``, found: next.image },
      { fixes: [edit(`Change to '${word}'`, spanOf(next), word)] },
    );
    return true;
  }

  /** A `{` after the colon is the type only if another one follows it; else the type is missing. */
  private nodeType(): TypeExpression | undefined {
    if (!this.isHere(Colon)) return undefined;
    const colon = this.next;
    const brace = this.afterNext;
    const after = brace.tokenType === LeftBrace ? this.tokVector[brace.partner + 1] : undefined;
    const isType =
      after !== undefined && (after.tokenType === LeftBrace || after.tokenType === Pipe || after.image === "from");
    if (brace.tokenType !== LeftBrace || isType) return this.annotation();
    this.take();
    this.report("FLOW1009", spanOf(colon), { what: "a type", after: ":" });
    return { kind: "error", span: this.gap() };
  }

  /** inputs = "from" input ("," input)* */
  private inputs(): Input[] {
    this.take();
    const found = [this.oneInput()];
    for (;;) {
      if (this.next.tokenType === Comma) {
        this.take();
        this.linesAreFree = !beginsDeclaration(this.tokVector, this.index, this.text);
        const isInput = this.isHere(Word);
        this.linesAreFree = false;
        if (isInput || this.next.tokenType !== LeftBrace) found.push(this.oneInput());
      } else if (this.isHere(Word) && !this.quiet && !declarationWords.has(this.next.image)) {
        this.missingComma();
        found.push(this.oneInput());
      } else return found;
    }
  }

  /** input = name ("." name)? ("as" name)? ("where" expression | "otherwise")? */
  private oneInput(): Input {
    const { startOffset } = this.next;
    if (
      this.next.tokenType !== Word ||
      (this.next.newline && this.previous.tokenType !== Comma) ||
      beginsDeclaration(this.tokVector, this.index, this.text)
    ) {
      this.missing("the name of a node");
      return { node: this.noName(), span: this.gap() };
    }
    const node = this.withHyphens(this.take());
    const output = this.output();
    const alias = this.alias();
    const where = this.where();
    const otherwise = this.isNextOrSlip("otherwise") ? spanOf(this.take()) : undefined;
    if (otherwise !== undefined && this.isNext("where")) {
      this.report("FLOW1011", spanOf(this.next), { found: "where", clause: "otherwise" });
      this.where();
    }
    const late = alias ?? this.alias();
    return {
      node,
      ...(output && { output }),
      ...(late && { alias: late }),
      ...(where && { where }),
      ...(otherwise && { otherwise }),
      span: this.from(startOffset),
    };
  }

  private alias(): Name | undefined {
    if (!this.isNext("as")) return undefined;
    this.take();
    return this.declaredName("a name");
  }

  private where(): Expression | undefined {
    if (!this.isNextOrSlip("where")) return undefined;
    this.take();
    return this.SUBRULE2(this.expression, { ARGS: ["an expression"] });
  }
}
