/**
 * What every part of the grammar stands on: Chevrotain's parser with our tokens, our messages and our way of recovering.
 *
 * Which alternative to take depends on lines, on indentation and on the catalogue, none of which a table of k tokens can
 * know; so the rules look at the next token themselves. Chevrotain keeps the tokens, the rules and their stack, and its
 * recovery stands behind ours. A rule never leaves by an exception: what is missing becomes a hole in the tree.
 *
 * One mistake, one message: after a report the parser is `quiet` until the next clause, entry or declaration begins.
 */
import { EmbeddedActionsParser, type TokenType } from "chevrotain";
import type { Code, CodeParameters } from "../../source/codes/codes.ts";
import type { Extras, Fix } from "../../source/diagnostic.ts";
import type { Span } from "../../source/span.ts";
import type { ErrorExpression, Name } from "../ast.ts";
import { maxDiagnosticsPerFile, maxNesting } from "../limits.ts";
import type { SyntaxReport } from "../problems.ts";
import { EndOfText, RightBrace, RightBracket, RightParenthesis, Token, tokenTypes, Word } from "../tokens.ts";

const noToken = new Token(EndOfText, "", 0, true, undefined);
const silent: SyntaxReport = () => {};

export class Cursor extends EmbeddedActionsParser {
  /** Chevrotain's own fields, which its declarations leave out. `currIdx` is the index of the token taken last. */
  declare protected tokVector: Token[];
  declare protected currIdx: number;

  protected text = "";
  private sink: SyntaxReport = silent;
  private reported = 0;
  /** Index of the end of the text; behind it Chevrotain keeps tokens of its own. */
  private lastIndex = 0;
  /** A mistake has been reported and nothing since has begun anew. */
  protected quiet = false;
  /** Where a value was missing at the end of a line, and nothing has been taken since: the index of the next token. */
  protected brokenOffAt = -1;
  /** Inside ( ) or [ ]: line breaks do not matter. */
  protected linesAreFree = false;
  protected depth = 0;
  /** Height of the expression read last. */
  protected height = 0;

  constructor() {
    super(Object.fromEntries(tokenTypes.map((type) => [type.name, type])), {
      recoveryEnabled: true,
      skipValidations: true,
      maxLookahead: 1,
    });
  }

  /** Makes the parser ready for a text. */
  protected start(tokens: Token[], text: string, report: SyntaxReport): void {
    this.input = tokens;
    this.text = text;
    this.sink = report;
    this.reported = 0;
    this.lastIndex = tokens.length - 1;
    this.quiet = false;
    this.brokenOffAt = -1;
    this.linesAreFree = false;
    this.depth = 0;
    this.height = 0;
  }

  // Tokens

  protected get next(): Token {
    return this.tokVector[this.currIdx + 1] ?? noToken;
  }

  protected get afterNext(): Token {
    return this.tokVector[this.currIdx + 2] ?? noToken;
  }

  protected get previous(): Token {
    return this.tokVector[this.currIdx] ?? noToken;
  }

  /** Index of the next token. */
  protected get index(): number {
    return this.currIdx + 1;
  }

  protected get atEnd(): boolean {
    return this.next.tokenType === EndOfText;
  }

  /** Takes the next token, whatever it is; the end of the text is never taken. */
  protected take(): Token {
    const token = this.next;
    if (token.tokenType !== EndOfText) this.currIdx++;
    return token;
  }

  /** Goes on at the token with this index. */
  protected goTo(index: number): void {
    if (index > this.index) this.currIdx = Math.min(index, this.lastIndex) - 1;
  }

  /** The next token is of this type, on this line. */
  protected isHere(type: TokenType): boolean {
    const { next } = this;
    return next.tokenType === type && this.continues(next);
  }

  protected isWord(text: string): boolean {
    const { next } = this;
    return next.tokenType === Word && next.image === text && this.continues(next);
  }

  /** The token goes on with what stands before it: it is on the same line, or lines do not matter here. */
  protected continues(token: Token): boolean {
    return (!token.newline || this.linesAreFree) && token.tokenType !== EndOfText;
  }

  // Spans and names

  protected from(start: number): Span {
    return { start, end: Math.max(start, this.previous.end) };
  }

  /** An empty span right after the token taken last. */
  protected gap(): Span {
    const { end } = this.previous;
    return { start: end, end };
  }

  protected nameOf(token: Token): Name {
    return { text: token.image, span: spanOf(token) };
  }

  protected noName(): Name {
    return { text: "", span: this.gap() };
  }

  protected hole(): ErrorExpression {
    this.height = 1;
    return { kind: "error", span: this.gap() };
  }

  // Messages

  protected report<C extends Code>(code: C, span: Span, parameters: CodeParameters<C>, extras?: Extras): void {
    this.remark(code, span, parameters, extras);
    this.quiet = true;
  }

  /** For a mistake that does not confuse what follows: the parser goes on as if all were well. */
  protected remark<C extends Code>(code: C, span: Span, parameters: CodeParameters<C>, extras?: Extras): void {
    if (this.quiet || this.RECORDING_PHASE) return;
    this.sink(code, span, parameters, extras);
    // Where so much is wrong, the rest is not read: it would take long and show nothing.
    if (++this.reported > maxDiagnosticsPerFile * 2) this.goTo(this.tokVector.length);
  }

  /** `what` should come next and does not. `after`: how to call what stands before it. */
  protected missing(what: string, after = this.previous.image): void {
    const { next, previous } = this;
    if (isStray(next) && this.continues(next)) this.strayClose(next);
    else if (!this.continues(next) || next.tokenType === EndOfText || closes(next)) {
      if (previous.broken) this.quiet = true;
      this.brokenOffAt = this.index;
      this.report("FLOW1009", this.index === 0 ? { start: 0, end: 0 } : spanOf(previous), {
        what,
        after: shortened(after),
      });
    } else this.report("FLOW1010", spanOf(next), { what, found: shortened(next.image) });
  }

  /** The line above lacks a value (reported), and what stands here is most likely that value. */
  protected get isBrokenOff(): boolean {
    return this.brokenOffAt === this.index && this.next.newline && !closes(this.next);
  }

  protected strayClose(token: Token): void {
    this.report(
      "FLOW1008",
      spanOf(token),
      { close: token.image },
      { fixes: [edit(`Remove the \`${token.image}\``, spanOf(token), "")] },
    );
  }

  // Brackets

  /** Ends the group that `open` began. What is left in it is reported and passed over. */
  protected close(open: Token, close: TokenType, what: string): void {
    if (open.partner === -1) {
      this.unclosed(open, close);
      this.goTo(Math.min(open.groupEnd, this.index));
      return;
    }
    if (this.index !== open.partner) {
      this.missing(what);
      this.goTo(open.partner);
    }
    this.take();
  }

  private unclosed(open: Token, close: TokenType): void {
    const image = closingImage(close);
    const at = this.gap();
    if (this.previous.broken || this.quiet) return;
    this.report(
      "FLOW1007",
      spanOf(open),
      { open: open.image, close: image },
      {
        related: [{ at: { file: "", ...at }, message: `\`${image}\` seems to be missing here.` }],
        fixes: [edit(`Add \`${image}\``, at, close === RightBrace ? this.closingBrace(open) : image)],
      },
    );
    if (close === RightBrace) this.quiet = false;
  }

  /** On a line of its own where the brace's contents have lines of their own. */
  private closingBrace(open: Token): string {
    const isMultiLine = /^[ \t]*(?:[\r\n]|\/\/)/.test(this.text.slice(open.end, open.end + 200));
    return isMultiLine ? `\n${indentation(this.text, open.startOffset)}}` : " }";
  }

  /** Goes on at the next line, bracketed groups counting as one token, but not beyond `end`. */
  protected skipLine(end: number): void {
    while (this.index < end && !this.next.newline) this.skipOne();
  }

  /** Passes over a token, or over the whole group that it opens. */
  protected skipOne(): void {
    const token = this.take();
    if (token.partner > this.currIdx) this.goTo(token.partner + 1);
  }

  /** Goes one level down; false, and reported, when that is too deep. Then what is there is passed over. */
  protected enter(what: string): boolean {
    if (this.depth < maxNesting) {
      this.depth++;
      return true;
    }
    this.report("FLOW1022", spanOf(this.next), { what, most: maxNesting });
    if (this.continues(this.next) && !closes(this.next)) this.skipOne();
    return false;
  }

  protected leave(): void {
    this.depth--;
  }
}

export const spanOf = (token: Token): Span => ({ start: token.startOffset, end: token.end });

/** A fix of one edit in the file that is being parsed. */
export function edit(title: string, span: Span, newText: string): Fix {
  return { title, edits: [{ file: "", start: span.start, end: span.end, newText }] };
}

export function closes(token: Token): boolean {
  const type = token.tokenType;
  return type === RightBrace || type === RightParenthesis || type === RightBracket;
}

/** A closing bracket that closes nothing. */
export const isStray = (token: Token): boolean => token.partner === -1 && closes(token);

/** A token's text for a message. */
export const shortened = (image: string): string =>
  (image.length > 40 ? `${image.slice(0, 39)}…` : image).replace(/\s+/g, " ");

const closingImage = (close: TokenType): string => (close === RightBrace ? "}" : close === RightBracket ? "]" : ")");

function indentation(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}
