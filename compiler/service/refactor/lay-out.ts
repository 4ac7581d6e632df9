/** Edits of a refactoring as the formatter would have them: what they touch is laid out, the rest of the file stays. */
import { sourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import { format } from "../../syntax/format.ts";
import { parse } from "../../syntax/parse.ts";
import { lineEdits } from "../formatting.ts";
import type { Edit } from "../types.ts";

/** Edits of one text, in any order; they do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let [done, at] = ["", 0];
  for (const { start, end, newText } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    done += text.slice(at, start) + newText;
    at = end;
  }
  return done + text.slice(at);
}

export function laidOut(file: string, text: string, raw: readonly Edit[]): readonly Edit[] {
  const lineEnd = /\r\n/.test(text) ? "\r\n" : "\n";
  const edits = raw.map((edit) => ({ ...edit, newText: edit.newText.replace(/\r?\n/g, lineEnd) }));
  const changed = applyEdits(text, edits);
  const wasFormatted = format(sourceText(file, text)).text === text;
  const formatted = format(sourceText(file, changed)).text;
  if (formatted === undefined) return edits;
  return lineEdits(file, text, wasFormatted ? formatted : partlyFormatted(file, changed, formatted, touched(edits)));
}

/** Where the new texts stand after all edits. */
function touched(edits: readonly Edit[]): readonly Span[] {
  let shift = 0;
  return edits
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, newText }) => {
      const [head, tail] = [newText.length - newText.trimStart().length, newText.trimEnd().length];
      const span = { start: start + shift + head, end: start + shift + Math.max(head, tail) };
      shift += newText.length - (end - start);
      return span;
    });
}

/** Only the declarations that were touched are laid out. */
function partlyFormatted(file: string, text: string, formatted: string, spans: readonly Span[]): string {
  const meets = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
  const declarations = parse(sourceText(file, text)).file.declarations.filter(({ span }) =>
    spans.some((one) => meets(one, span)),
  );
  return applyEdits(
    text,
    lineEdits(file, text, formatted).filter((edit) => declarations.some(({ span }) => meets(edit, span))),
  );
}
