/**
 * Hands out a file's comments in order, each to the first place after it where a line may break: that keeps every comment
 * and cannot change what the text means.
 */
import type { Comment } from "../ast.ts";
import { type Doc, hardLine, suffix } from "./doc.ts";

export interface Handed {
  /** Those on the line of what stands before them. */
  readonly trailing: Doc;
  /** Those on lines of their own, each followed by its line break. */
  readonly leading: Doc;
  /** An empty line stood before the first of `leading`, or before the place itself. */
  readonly hasBlankBefore: boolean;
  readonly isEmpty: boolean;
}

const byteOrderMark = "\ufeff";

const nothing: Handed = { trailing: "", leading: "", hasBlankBefore: false, isEmpty: true };

/** Where no comments are kept: for trees without a text. */
export const noComments: Pick<Comments, "before" | "hasNewline" | "braceAfter"> = {
  before: () => nothing,
  hasNewline: () => false,
  braceAfter: () => 0,
};

export class Comments {
  private readonly text: string;
  private readonly comments: readonly Comment[];
  private next = 0;

  constructor(text: string, comments: readonly Comment[]) {
    this.text = text;
    this.comments = comments;
  }

  /**
   * The comments up to `offset` that nobody has taken yet. `keepsBlank`: an empty line between them and `offset` stays;
   * not where an operator moves in between, before which nobody would find it again.
   */
  before(offset: number, keepsBlank = true): Handed {
    const trailing: Doc[] = [];
    const leading: Doc[] = [];
    let first: boolean | undefined;
    for (
      let comment = this.comments[this.next];
      comment !== undefined && comment.span.start < offset;
      comment = this.comments[++this.next]
    ) {
      const isOwnLine = leading.length > 0 || this.beginsLine(comment.span.start);
      const printed = this.print(comment, offset);
      if (!isOwnLine) trailing.push(comment.kind === "line" ? suffix(` ${printed}`) : ` ${printed}`);
      else {
        const blank = this.hasBlankBefore(comment.span.start);
        if (first === undefined) first = blank;
        else if (blank) leading.push(hardLine);
        leading.push(printed, hardLine);
      }
    }
    const atPlace = this.hasBlankBefore(offset);
    if (leading.length > 0 && atPlace && keepsBlank) leading.push(hardLine);
    return { trailing, leading, hasBlankBefore: first ?? atPlace, isEmpty: trailing.length + leading.length === 0 };
  }

  /** There is a line break right after the token that ends at `offset`: spaces, a comma and comments aside. */
  hasNewline(offset: number): boolean {
    for (let at = offset; at < this.text.length; at++) {
      const c = this.text[at];
      if (c === "\n" || c === "\r" || this.text.startsWith("//", at)) return true;
      if (this.text.startsWith("/*", at)) at = this.text.indexOf("*/", at + 2) + 1;
      else if (c !== " " && c !== "\t" && c !== ",") return false;
    }
    return false;
  }

  /** Where the first `{` after `offset` stands, only spaces and comments between. */
  braceAfter(offset: number): number {
    let at = offset;
    while (at < this.text.length && this.text[at] !== "{") {
      if (this.text.startsWith("//", at))
        while (at < this.text.length && this.text[at] !== "\n" && this.text[at] !== "\r") at++;
      else if (this.text.startsWith("/*", at)) at = this.text.indexOf("*/", at + 2) + 2;
      else at++;
    }
    return at;
  }

  private print(comment: Comment, offset: number): string {
    const text = comment.text.trimEnd();
    if (comment.kind === "block") return `/*${comment.text}*/`;
    if (comment.kind === "line") return `//${text}`;
    // A `///` away from what it would describe is no description: one slash less, so that nothing else takes it for its own.
    return this.isRightBefore(comment.span.end, offset) ? `///${text}` : `//${text}`;
  }

  /** Only spaces and comments between. */
  private isRightBefore(from: number, to: number): boolean {
    let at = from;
    for (let i = this.next + 1; i < this.comments.length; i++) {
      const comment = this.comments[i]!;
      if (comment.span.start >= to) break;
      if (this.text.slice(at, comment.span.start).trim() !== "") return false;
      at = comment.span.end;
    }
    return this.text.slice(at, to).trim() === "";
  }

  private beginsLine(offset: number): boolean {
    let at = offset - 1;
    while (at >= 0 && (this.text[at] === " " || this.text[at] === "\t")) at--;
    return at < 0 || this.text[at] === "\n" || this.text[at] === "\r" || (at === 0 && this.text[at] === byteOrderMark);
  }

  /** An empty line stands right before. */
  private hasBlankBefore(offset: number): boolean {
    let breaks = 0;
    for (let at = Math.min(offset, this.text.length) - 1; at >= 0; at--) {
      const c = this.text.charCodeAt(at);
      if (c === 10 || (c === 13 && this.text.charCodeAt(at + 1) !== 10)) breaks++;
      else if (c !== 32 && c !== 9 && c !== 13) break;
      if (breaks === 2) return true;
    }
    return false;
  }
}
