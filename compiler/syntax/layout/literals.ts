/** Literals and names as text: as written where that is one way of several, else the plainest. */
import type { Literal } from "../ast.ts";
import { nanosByUnit } from "../numbers.ts";

export function printLiteral(literal: Literal, isOneLine: boolean): string {
  switch (literal.kind) {
    case "string":
      return printString(literal.value, literal.raw, isOneLine);
    case "bytes":
      return literal.raw === "" || (isOneLine && /[\r\n]/.test(literal.raw))
        ? `b"${[...literal.value].map(byteEscape).join("")}"`
        : literal.raw;
    case "int":
      return literal.raw === "" ? String(literal.value) : literal.raw;
    case "uint":
      return literal.raw === "" ? `${literal.value}u` : literal.raw.replace(/U$/, "u");
    case "double":
      return literal.raw === "" ? printDouble(literal.value) : literal.raw;
    case "bool":
      return String(literal.value);
    case "null":
      return "null";
    case "duration":
      return literal.raw === "" ? printDuration(literal.nanos) : literal.raw;
    case "size":
      return literal.raw === "" ? printSize(literal.bytes) : literal.raw;
  }
}

function printString(value: string, raw: string, isOneLine: boolean): string {
  if (raw === "" || (isOneLine && /[\r\n]/.test(raw))) return quoted(value);
  if (/^'(?!'')[^"\\]*'$/.test(raw)) return `"${raw.slice(1, -1)}"`;
  return raw;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** A string literal of one line. Half a surrogate pair, which CEL cannot write, becomes U+FFFD. */
export function quoted(value: string): string {
  const body = value
    .toWellFormed()
    .replace(/["\\\n\r\t\b\f]/g, (character) => escapes[character]!)
    .replace(
      /[\p{Cc}\u2028\u2029\ufeff]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return `"${body}"`;
}

function byteEscape(byte: number): string {
  if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
}

function printDouble(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text.replace("e+", "e");
}

/** `5400000000000` → `1h30m`; a negative one has no literal and is printed with its sign. */
export function printDuration(nanos: bigint): string {
  if (nanos === 0n) return "0s";
  let left = nanos < 0n ? -nanos : nanos;
  let text = nanos < 0n ? "-" : "";
  for (const [unit, per] of nanosByUnit) {
    if (left >= per) text += `${left / per}${unit}`;
    left %= per;
  }
  return text;
}

function printSize(bytes: number): string {
  for (const [unit, per] of [
    ["TiB", 2 ** 40],
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (bytes >= per && bytes % per === 0) return `${bytes / per}${unit}`;
  }
  return `${bytes}B`;
}

const bareName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Words that are values when they stand before a colon. */
const valueWords: ReadonlySet<string> = new Set(["true", "false", "null"]);

export const printKey = (text: string): string => (bareName.test(text) && !valueWords.has(text) ? text : quoted(text));

/** A field after a dot; one that is no word stands in backquotes, as in CEL, or in an index where it cannot. */
export const isBareField = (text: string): boolean => bareName.test(text);

export const canBeBackquoted = (text: string): boolean => text !== "" && !/[`\r\n]/.test(text);
