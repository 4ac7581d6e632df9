/** Where a scan stands in its text, and what it has found so far. */
import type { TokenType } from "chevrotain";
import type { Comment } from "../ast.ts";
import type { SyntaxReport } from "../problems.ts";
import { Token } from "../tokens.ts";

export class TokenWriter {
  readonly text: string;
  private readonly report: SyntaxReport;
  protected readonly tokens: Token[] = [];
  protected readonly comments: Comment[] = [];
  protected at: number;
  protected newline = true;
  protected doc: string | undefined;
  /** Brackets opened on this line and not closed on it. */
  protected openOnLine = 0;

  constructor(text: string, report: SyntaxReport, start: number) {
    this.text = text;
    this.at = start;
    this.report = report;
  }

  protected push(type: TokenType, image: string, start: number): Token {
    const token = new Token(type, image, start, this.newline, this.doc);
    this.tokens.push(token);
    this.newline = false;
    this.doc = undefined;
    return token;
  }

  /** A token whose image ends at `end`. */
  protected cut(type: TokenType, start: number, end: number): Token {
    this.at = end;
    return this.push(type, this.text.substring(start, end), start);
  }

  /** Where a match of the sticky pattern at `from` ends, or `from`. */
  protected endOf(from: number, pattern: RegExp): number {
    pattern.lastIndex = from;
    pattern.test(this.text);
    return Math.max(from, pattern.lastIndex);
  }

  protected readonly say: SyntaxReport = (code, span, parameters, extras) =>
    this.report(code, span, parameters, extras);
}
