/** The one parser: its rules stand in `grammar/`, in a chain from tokens up to declarations. */
import type { Declaration, Expression, TypeExpression } from "./ast.ts";
import { shortened, spanOf } from "./grammar/cursor.ts";
import { DeclarationParser } from "./grammar/declarations.ts";
import type { SyntaxReport } from "./problems.ts";
import type { Token } from "./tokens.ts";

class FlowParser extends DeclarationParser {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readFile(tokens: Token[], text: string, report: SyntaxReport): Declaration[] {
    return this.readDeclarations(tokens, text, report).declarations;
  }

  /** @param stopBefore index of a token at which the last declaration should have ended; `end` is where it did. */
  readDeclarations(
    tokens: Token[],
    text: string,
    report: SyntaxReport,
    stopBefore = Number.POSITIVE_INFINITY,
  ): { readonly declarations: Declaration[]; readonly starts: readonly number[]; readonly end: number } {
    this.start(tokens, text, report);
    this.stopBefore = stopBefore;
    this.starts = [];
    return { declarations: this.declarations(), starts: this.starts, end: this.index };
  }

  readExpression(tokens: Token[], text: string, report: SyntaxReport): Expression {
    this.start(tokens, text, report);
    this.linesAreFree = true;
    const found = this.expression("an expression");
    this.expectEnd();
    return found;
  }

  readType(tokens: Token[], text: string, report: SyntaxReport): TypeExpression {
    this.start(tokens, text, report);
    this.linesAreFree = true;
    const found = this.type();
    this.expectEnd();
    return found;
  }

  private expectEnd(): void {
    if (!this.atEnd)
      this.report("FLOW1010", spanOf(this.next), { what: "the end or an operator", found: shortened(this.next.image) });
    this.goTo(this.tokVector.length);
  }
}

let parser: FlowParser | undefined;

/** Made at first use: a command that parses nothing pays nothing. */
export function flowParser(): FlowParser {
  parser ??= new FlowParser();
  return parser;
}
