/** Positions as the client counts them, offsets as the compiler does. Offsets are UTF-16; which unit positions have is agreed at the start. */
import type { Position, Range } from "vscode-languageserver-protocol";
import { offsetAt, positionAt, type SourceText } from "../compiler/source/source-text.ts";
import type { Span } from "../compiler/source/span.ts";

export const encodings = ["utf-16", "utf-8", "utf-32"] as const;
export type Encoding = (typeof encodings)[number];

/** The client's first choice that is known here; clients that say nothing count in UTF-16. */
export function chooseEncoding(offered: readonly string[] | undefined): Encoding {
  return (
    encodings.find((name) => name === (offered ?? []).find((one) => encodings.some((known) => known === one))) ??
    "utf-16"
  );
}

export interface Positions {
  /** Positions outside the text are clamped to it. */
  offset(source: SourceText, position: Position): number;
  position(source: SourceText, offset: number): Position;
  span(source: SourceText, range: Range): Span;
  range(source: SourceText, span: Span): Range;
}

export function positionsIn(encoding: Encoding): Positions {
  const offset = encoding === "utf-16" ? offsetAt : offsetIn(unitsOf[encoding]);
  const position = encoding === "utf-16" ? positionAt : positionIn(unitsOf[encoding]);
  return {
    offset,
    position,
    span: (source, { start, end }) => {
      const [a, b] = [offset(source, start), offset(source, end)];
      return { start: Math.min(a, b), end: Math.max(a, b) };
    },
    range: (source, { start, end }) => ({ start: position(source, start), end: position(source, end) }),
  };
}

/** How many units one character has. */
const unitsOf: Readonly<Record<Exclude<Encoding, "utf-16">, (character: number) => number>> = {
  "utf-8": (c) => (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4),
  "utf-32": () => 1,
};

type Units = (character: number) => number;

const offsetIn =
  (units: Units) =>
  (source: SourceText, position: Position): number => {
    const start = offsetAt(source, { line: position.line, character: 0 });
    const end = offsetAt(source, { line: position.line, character: source.text.length });
    let at = start;
    for (let left = position.character; at < end; ) {
      const character = source.text.codePointAt(at) ?? 0;
      left -= units(character);
      if (left < 0) break;
      at += character > 0xffff ? 2 : 1;
    }
    return position.line < 0 ? 0 : at;
  };

const positionIn =
  (units: Units) =>
  (source: SourceText, offset: number): Position => {
    const { line, character } = positionAt(source, offset);
    const start = source.lineStarts[line] ?? 0;
    let counted = 0;
    for (let at = start; at < start + character; ) {
      const point = source.text.codePointAt(at) ?? 0;
      counted += units(point);
      at += point > 0xffff ? 2 : 1;
    }
    return { line, character: counted };
  };
