/** The formatter: one layout for every file. Keeps every comment, never changes the meaning, and leaves its own work as it is. */
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import type { SourceFile } from "./ast.ts";
import { Comments } from "./layout/comments.ts";
import { DeclarationPrinter } from "./layout/declarations.ts";
import { type Doc, hardLine, layOut } from "./layout/doc.ts";
import { parse } from "./parse.ts";
import { lineWidth } from "./print.ts";

export interface Formatted {
  /** Undefined where the text has syntax errors: what is broken is left alone. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function format(source: SourceText): Formatted {
  const { file, diagnostics } = parse(source);
  if (diagnostics.length > 0) return { text: undefined, diagnostics };
  return { text: layOutFile(file, source.text), diagnostics };
}

/** Lines end as most of the file's do. */
function layOutFile(file: SourceFile, text: string): string {
  const comments = new Comments(text, file.comments);
  const printer = new DeclarationPrinter({ comments, keep: true, isGenerated: false });
  const parts = file.declarations.map((declaration, i): Doc => {
    const { trailing, leading, hasBlankBefore } = comments.before(declaration.span.start);
    const separator = i === 0 ? "" : hasBlankBefore ? [hardLine, hardLine] : hardLine;
    return [trailing, separator, leading, printer.declaration(declaration)];
  });
  const rest = comments.before(text.length + 1);
  const blank = rest.hasBlankBefore && parts.length > 0 && !isNothing(rest.leading) ? hardLine : "";
  const end =
    parts.length === 0
      ? [rest.trailing, rest.leading]
      : [rest.trailing, isNothing(rest.leading) ? "" : [hardLine, blank, rest.leading]];
  const laidOut = layOut([parts, end], lineWidth).trim();
  if (laidOut === "") return "";
  const isCrlf = /\r\n/.test(text) && !/[^\r]\n/.test(text);
  return isCrlf ? `${laidOut}\n`.replace(/\r?\n/g, "\r\n") : `${laidOut}\n`;
}

const isNothing = (doc: Doc): boolean => Array.isArray(doc) && doc.length === 0;
