/** One text with its path, and the way between offsets and lines. Line ends: LF, CRLF and lone CR, as LSP has them. */
import type { Position, Range, Span } from "./span.ts";

export interface SourceText {
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line, ascending; the first is 0. */
  readonly lineStarts: readonly number[];
}

export function sourceText(path: string, text: string): SourceText {
  const lineStarts = [0];
  if (!text.includes("\r")) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lineStarts.push(i + 1);
    return { path, text, lineStarts };
  }
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) lineStarts.push(i + 1);
  }
  return { path, text, lineStarts };
}

/** Offsets outside the text are clamped. */
export function positionAt(source: SourceText, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - source.lineStarts[low]! };
}

/** Positions outside the text are clamped to it. */
export function offsetAt(source: SourceText, position: Position): number {
  const start = source.lineStarts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : source.text.length;
  const next = source.lineStarts[position.line + 1] ?? source.text.length + 1;
  return Math.max(start, Math.min(start + position.character, next - 1));
}

export function rangeOf(source: SourceText, span: Span): Range {
  return { start: positionAt(source, span.start), end: positionAt(source, span.end) };
}

/** `file:line:column`, both from 1, as compilers print it. */
export function placeOf(source: SourceText, offset: number): string {
  const { line, character } = positionAt(source, offset);
  return `${source.path}:${line + 1}:${character + 1}`;
}
