/** From a place in the value of a string to the place in its literal: escapes are longer than what they stand for. */
import { decodeString } from "../../syntax/escapes.ts";

const opening = /^[rR]?("""|'''|"|')/;

/** Undefined where the text is no string literal: a param, the field of a resource. */
export function offsetInLiteral(literal: string, offset: number): number | undefined {
  const start = opening.exec(literal)?.[0];
  if (start === undefined) return undefined;
  // The value of a part of the literal is a part of the value, so the shortest part that has so much of it ends there.
  let low = start.length;
  let high = literal.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueLength(literal, start, middle) > offset) high = middle;
    else low = middle + 1;
  }
  return Math.max(start.length, low - 1);
}

const quote = (start: string): string => start.replace(/^[rR]/, "");

/** Of the literal cut at `end`; half an escape counts as nothing. */
function valueLength(literal: string, start: string, end: number): number {
  return decodeString(`${literal.slice(0, end)}${quote(start)}`).value.length;
}
