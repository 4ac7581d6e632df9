/** The declarations of a file: which one a keyword begins, and where the next one does after a mistake. */
import type { Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { Clause, Declaration, NodeKind, TypeExpression } from "../ast.ts";
import { declarationWords } from "../brackets.ts";
import { Colon, EndOfText, LeftBrace, Pipe, StringToken, type Token, Word } from "../tokens.ts";
import { closes, edit, isStray, shortened, spanOf } from "./cursor.ts";
import { type Base, DefinitionParser } from "./definitions.ts";

const nodeKinds: ReadonlySet<string> = new Set(["source", "step", "window", "chunk", "sink", "table"]);

export class DeclarationParser extends DefinitionParser {
  /** No declaration is begun at this token or behind it. */
  protected stopBefore = Number.POSITIVE_INFINITY;
  /** Of each declaration read: the index of its first token. */
  protected starts: number[] = [];

  /** file = declaration* */
  protected readonly declarations = this.RULE("declarations", (): Declaration[] => {
    const found: Declaration[] = [];
    while (!this.atEnd && this.index < this.stopBefore) {
      this.quiet = false;
      const before = this.index;
      const declaration = this.SUBRULE(this.declaration);
      if (declaration !== undefined) {
        found.push(declaration);
        this.starts.push(before);
      }
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
    if (this.quiet && !("braces" in declaration && declaration.braces)) {
      this.skipDeclaration();
      this.passOverClose();
    }
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

  /** body = "{" clause* "}" */
  private body(place: Place, isOptional: boolean): { clauses: Clause[]; braces: boolean } {
    const hasBrace = this.next.tokenType === LeftBrace;
    if (!hasBrace) {
      if (!isOptional) this.missing("`{`");
      else if (!this.next.newline && this.next.tokenType !== EndOfText && !declarationWords.has(this.next.image))
        this.missing("`{`");
      if (!this.quiet) return { clauses: [], braces: false };
      this.toBrace();
      if (this.next.tokenType !== LeftBrace) return { clauses: [], braces: false };
    }
    const clauses = this.block(place);
    if (!hasBrace) this.passOverClose();
    return { clauses, braces: true };
  }

  /** The partner of the brace that is missing. */
  private passOverClose(): void {
    if (isStray(this.next)) this.skipOne();
  }

  /** After a mistake in a header: up to its block, which is on the same line. */
  private toBrace(): void {
    while (!this.next.newline && !this.atEnd && this.next.tokenType !== LeftBrace) this.skipOne();
  }

  /** node = kind name (":" type)? ("from" inputs)? "{" clause* "}" */
  private nodeDeclaration(kind: NodeKind, base: Base): Declaration {
    const name = this.declaredName("a name");
    const type = this.nodeType();
    const inputs = this.isNextOrSlip("from") ? this.inputs(kind) : [];
    const { clauses, braces } = this.body(kind, false);
    return { kind, ...base, name, ...(type && { type }), inputs, clauses, braces, span: this.from(base.keyword.start) };
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
}
