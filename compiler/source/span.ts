/** Places in a text: UTF-16 offsets, 0-based, half-open. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** 0-based line and UTF-16 character, as the Language Server Protocol counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A span in a named file: `file` is the path as the host knows it. */
export interface Location extends Span {
  readonly file: string;
}

/** The smallest span that holds both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
