/** Taking a part of a text away so that nothing is left of it: its line, its comma. */
import type { Span } from "../../source/span.ts";
import type { Edit } from "../types.ts";

/** With its line where it stands alone on it. */
export function lineAway(file: string, text: string, { start, end }: Span): Edit {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end);
  const isAlone = text.slice(lineStart, start).trim() === "" && text.slice(end, lineEnd).trim() === "";
  return isAlone
    ? { file, start: lineStart, end: Math.min(lineEnd + 1, text.length), newText: "" }
    : { file, start: spaceBefore(text, start), end, newText: "" };
}

/** An item of a list, with the comma before or behind it. */
export function itemAway(file: string, text: string, { start, end }: Span): Edit {
  const before = /,\s*$/.exec(text.slice(0, start))?.[0].length;
  if (before !== undefined) return { file, start: start - before, end, newText: "" };
  const behind = /^\s*,\s*/.exec(text.slice(end))?.[0].length;
  return behind === undefined ? lineAway(file, text, { start, end }) : { file, start, end: end + behind, newText: "" };
}

function spaceBefore(text: string, start: number): number {
  let at = start;
  while (at > 0 && (text[at - 1] === " " || text[at - 1] === "\t")) at--;
  return at;
}
