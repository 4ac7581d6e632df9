/**
 * JSON to values and back. JSON.parse and JSON.stringify do nearly all of it; texts and values that they would not carry
 * exactly go through the exact reader and writer: 64-bit integers, the spelling of doubles, the order of keys.
 */
import { EvaluationError } from "../expr/evaluation-error.ts";
import { readExactJson } from "./exact-json-reader.ts";
import { writeExactJson } from "./exact-json-writer.ts";

/**
 * Finds what JSON.parse loses: an integer-like key; -0; 16 digits or more; a fraction that ends in 0 or begins with six; an
 * exponent. One pass, linear. It also finds some texts that look so inside strings, which costs only time; the digits of times
 * and identifiers do not, as a number is followed by a comma, a bracket or the end.
 */
const lossy =
  /[:,[{][ \t\r\n]*(?:"\d+"[ \t\r\n]*:|(?:-0|-?\d+(?:\d{15}|\.\d*0|\.\d{15,}|(?:\.\d+)?[eE][-+]?\d+)|-?0\.0{6}\d+)[ \t\r\n]*(?:[,\]}]|$))/;

/** Whether JSON.parse might not carry the text exactly. Errs on the side of yes. */
export function needsExactReader(text: string): boolean {
  const first = text.charCodeAt(0);
  // A number that stands alone gets a comma before it: an anchor in the pattern would cost more than all the rest.
  return (
    lossy.test(first === 123 || first === 91 ? text : `,${text}`) ||
    text.includes("__proto__") ||
    text.includes("\\u00")
  );
}

/** @throws SyntaxError exactly when JSON.parse does. */
export function decodeJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return needsExactReader(text) ? readExactJson(text) : value;
}

/** One line. @throws EvaluationError when the value holds something that JSON has not: NaN, an infinity. */
export function encodeJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null || value instanceof Map) return writeExactJson(value);
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (cause instanceof EvaluationError) throw cause;
    return writeExactJson(value);
  }
}
