/** The inputs of a node: `from` and the nodes it reads, each with its alias and condition. */
import { clauseRow } from "../../catalog/clauses.ts";
import { connectorRow } from "../../catalog/connectors.ts";
import type { Place } from "../../catalog/rows.ts";
import { nearest } from "../../source/nearest.ts";
import type { Expression, Input, Name } from "../ast.ts";
import { beginsDeclaration, declarationWords } from "../brackets.ts";
import { Comma, LeftBrace, Minus, type Token, Word } from "../tokens.ts";
import { ClauseParser } from "./clauses.ts";
import { edit, spanOf } from "./cursor.ts";

export class InputParser extends ClauseParser {
  /** inputs = "from" input ("," input)* */
  protected inputs(place: Place): Input[] {
    this.take();
    const found = [this.oneInput()];
    for (;;) {
      if (this.next.tokenType === Comma) {
        this.take();
        this.linesAreFree = !beginsDeclaration(this.tokVector, this.index, this.text);
        const isInput = this.isHere(Word);
        this.linesAreFree = false;
        if (isInput || this.next.tokenType !== LeftBrace) found.push(this.oneInput());
      } else if (
        this.isHere(Word) &&
        !this.quiet &&
        !declarationWords.has(this.next.image) &&
        !this.beginsBody(place)
      ) {
        this.missingComma();
        found.push(this.oneInput());
      } else return found;
    }
  }

  /** A clause where an input might stand: then it is the brace before it that is missing, not a comma. */
  private beginsBody(place: Place): boolean {
    const isClause = clauseRow(place, this.next.image) !== undefined || connectorRow(this.next.image) !== undefined;
    return isClause && this.afterNext.tokenType !== LeftBrace && this.afterNext.tokenType !== Comma;
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

  private isNext(word: string): boolean {
    return (
      this.next.tokenType === Word &&
      this.next.image === word &&
      !beginsDeclaration(this.tokVector, this.index, this.text)
    );
  }

  /** The word, or a slip of it (reported) that more of the header follows: `form orders`, `wher data.paid`. */
  protected isNextOrSlip(word: string): boolean {
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

  protected declaredName(what: string): Name {
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
}
