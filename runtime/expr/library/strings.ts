/** CEL's string functions: the standard ones and the strings extension. Indexes count code points. */
import { compareStrings, mapSize } from "../equality.ts";
import { EvaluationError, noSuchOverload } from "../evaluation-error.ts";
import { callText, isMap } from "../type-of.ts";
import { indexArgument, listArgument, textArgument } from "./arguments.ts";
import { formatText } from "./format.ts";
import { codePoints, isFlat, lowerAscii, offsetOf, textSize, trimText, upperAscii } from "./text.ts";

export { compareStrings };

export function sizeOf(value: unknown): number {
  if (typeof value === "string") return textSize(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (isMap(value)) return mapSize(value);
  throw noSuchOverload(callText("size", [value]));
}

function badIndex(index: number): Error {
  return new EvaluationError("out-of-range", `index out of range: ${index}`);
}

/** UTF-16 offset of an index from 0 up to the size. @throws EvaluationError beyond */
function checkedOffset(text: string, index: number): number {
  const offset = index < 0 || index > text.length ? -1 : isFlat(text) ? index : offsetOf(text, index);
  if (offset < 0) throw badIndex(index);
  return offset;
}

export function charAt(text: string, index: number): string {
  const offset = checkedOffset(text, index);
  const point = text.codePointAt(offset);
  return point === undefined ? "" : String.fromCodePoint(point);
}

export function substring(text: string, from: number, to?: number): string {
  const start = checkedOffset(text, from);
  if (to === undefined) return text.slice(start);
  const end = checkedOffset(text, to);
  if (to < from) throw new EvaluationError("out-of-range", `invalid substring range. start: ${from}, end: ${to}`);
  return text.slice(start, end);
}

export function indexOf(text: string, part: string, from = 0): number {
  const offset = text.indexOf(part, checkedOffset(text, from));
  return offset < 0 || isFlat(text) ? offset : textSize(text.slice(0, offset));
}

export function lastIndexOf(text: string, part: string, from?: number): number {
  const offset = text.lastIndexOf(part, from === undefined ? text.length : checkedOffset(text, from));
  return offset < 0 || isFlat(text) ? offset : textSize(text.slice(0, offset));
}

/** @param count how many times at most; negative = everywhere */
export function replace(text: string, old: string, by: string, count = -1): string {
  if (count === 0) return text;
  const pieces = old === "" ? ["", ...codePoints(text), ""] : text.split(old);
  if (count < 0 || count >= pieces.length - 1) return old === "" ? joinAround(pieces, by) : pieces.join(by);
  const replaced = pieces.slice(0, count + 1).join(by);
  return `${replaced}${old}${pieces.slice(count + 1).join(old)}`;
}

/** Before each character and at the end. */
function joinAround(pieces: readonly string[], by: string): string {
  return pieces.length === 2 ? by : pieces.join(by);
}

/** @param limit how many pieces at most; negative = all */
export function split(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return [];
  if (limit === 1) return [text];
  const pieces = separator === "" ? Array.from(text) : text.split(separator);
  if (limit < 0 || pieces.length <= limit) return pieces;
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)];
}

export function join(list: readonly unknown[], separator = ""): string {
  for (const item of list) if (typeof item !== "string") throw noSuchOverload(callText("join", [item]));
  return list.join(separator);
}

export function reverseText(text: string): string {
  return isFlat(text) ? text.split("").reverse().join("") : Array.from(text).reverse().join("");
}

const escapes: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the characters that have an escape
  return `"${text.toWellFormed().replace(/[\u0007\b\f\n\r\t\v\\"]/g, (character) => escapes[character] ?? character)}"`;
}

/** A method of a string with string arguments. */
function ofText(name: string, run: (text: string, part: string) => unknown) {
  return (text: unknown, part: unknown) => run(textArgument(name, text), textArgument(name, part));
}
function optionalIndex(name: string, index: unknown): number | undefined {
  return index === undefined ? undefined : indexArgument(name, index);
}

export const strings = {
  size: sizeOf,
  contains: ofText("contains", (text, part) => text.includes(part)),
  startsWith: ofText("startsWith", (text, part) => text.startsWith(part)),
  endsWith: ofText("endsWith", (text, part) => text.endsWith(part)),
  charAt: (text: unknown, index: unknown) => charAt(textArgument("charAt", text), indexArgument("charAt", index)),
  indexOf: (text: unknown, part: unknown, from?: unknown) =>
    indexOf(textArgument("indexOf", text), textArgument("indexOf", part), optionalIndex("indexOf", from)),
  lastIndexOf: (text: unknown, part: unknown, from?: unknown) =>
    lastIndexOf(
      textArgument("lastIndexOf", text),
      textArgument("lastIndexOf", part),
      optionalIndex("lastIndexOf", from),
    ),
  join: (list: unknown, separator?: unknown) =>
    join(listArgument("join", list), separator === undefined ? "" : textArgument("join", separator)),
  lowerAscii: (text: unknown) => lowerAscii(textArgument("lowerAscii", text)),
  upperAscii: (text: unknown) => upperAscii(textArgument("upperAscii", text)),
  replace: (text: unknown, old: unknown, by: unknown, count?: unknown) =>
    replace(
      textArgument("replace", text),
      textArgument("replace", old),
      textArgument("replace", by),
      optionalIndex("replace", count),
    ),
  split: (text: unknown, separator: unknown, limit?: unknown) =>
    split(textArgument("split", text), textArgument("split", separator), optionalIndex("split", limit)),
  substring: (text: unknown, from: unknown, to?: unknown) =>
    substring(textArgument("substring", text), indexArgument("substring", from), optionalIndex("substring", to)),
  trim: (text: unknown) => trimText(textArgument("trim", text)),
  format: (template: unknown, values: unknown) =>
    formatText(textArgument("format", template), listArgument("format", values)),
  "strings.quote": (text: unknown) => quote(textArgument("strings.quote", text)),
};
