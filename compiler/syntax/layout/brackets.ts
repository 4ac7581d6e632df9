/** What is printed in brackets, with the comments that stand there; and how the printers further on in the chain are reached. */
import type { Expression } from "../ast.ts";
import type { Comments, Handed } from "./comments.ts";
import { type Doc, group, hardLine, indent, line, softLine } from "./doc.ts";

export interface Style {
  readonly comments: Pick<Comments, "before" | "hasNewline" | "braceAfter">;
  /** Keep parentheses as written and strings of several lines; else the canonical form of one line. */
  readonly keep: boolean;
  /** The tree has no text: its `doc`s are printed from the tree, and spans mean nothing. */
  readonly isGenerated: boolean;
}

export abstract class BracketPrinter {
  readonly style: Style;

  constructor(style: Style) {
    this.style = style;
  }

  /** `least`: an expression that binds less is put in parentheses. */
  abstract print(expression: Expression, least?: number): Doc;

  /** One expression in brackets, with the comments that stand there. */
  protected enclosed(open: string, mark: string, of: Expression, end: number, close: string): Doc {
    const { trailing, leading } = this.before(of.span.start);
    return group([
      open,
      trailing,
      indent([lineAfter(trailing), leading, mark, this.print(of)]),
      this.closing(end, softLine),
      close,
    ]);
  }

  protected before(offset: number, keepsBlank = true): Handed {
    return this.style.comments.before(offset, keepsBlank);
  }

  /** The break before a closing bracket, with the comments that stand there. */
  protected closing(offset: number, between: Doc): Doc {
    const handed = this.before(offset);
    return handed.isEmpty ? between : [dangling(handed), hardLine];
  }

  protected emptyGroup(open: string, close: string, end: number): Doc {
    const handed = this.before(end);
    return handed.isEmpty ? `${open}${close}` : group([open, dangling(handed), hardLine, close]);
  }

  protected docOf(node: { readonly doc?: string } | object): Doc {
    const doc = "doc" in node ? (node as { readonly doc?: string }).doc : undefined;
    if (doc === undefined || !this.style.isGenerated || !this.style.keep) return "";
    return doc.split("\n").map((text) => [`/// ${text}`.trimEnd(), hardLine]);
  }
}

export function withoutParentheses(expression: Expression): Expression {
  let bare = expression;
  while (bare.kind === "parentheses") bare = bare.of;
  return bare;
}

/** The break after an opening bracket and the comments on its line. */
export const lineAfter = (trailing: Doc): Doc => (isNothing(trailing) ? softLine : line);

export const isNothing = (doc: Doc): boolean => doc === "" || (Array.isArray(doc) && doc.length === 0);

/** Comments with nothing after them but a closing bracket, which the caller puts on the next line. */
export function dangling({ trailing, leading }: Handed): Doc {
  if (!Array.isArray(leading) || leading.length === 0) return trailing;
  let end = leading.length;
  while (leading[end - 1] === hardLine) end--;
  return [trailing, indent([hardLine, leading.slice(0, end)])];
}
