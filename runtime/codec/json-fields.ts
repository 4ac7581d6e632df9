/**
 * Reads some fields of a JSON object and passes over the rest, which takes a fraction of the time of decoding it all. The whole text is checked
 * all the same. Whatever is out of the ordinary (no JSON, an escape in a field that is wanted, a number that a JavaScript number would not
 * carry exactly) gives undefined: the caller then decodes it the usual way, which also finds the words for what is wrong.
 */
import type { Fields } from "../engine/source-fields.ts";
import { literal, type StageCode } from "../engine/stage-code.ts";
import { ownText } from "../expr/own-text.ts";

/** Writes the reader; returns the name of a function of a text and the place of the record in it. */
export function emitFieldReader(code: StageCode, fields: Fields): string {
  const writer = new FieldWriter(code);
  const root = writer.object(fields);
  const name = code.name("fields");
  const at = writer.position;
  const space = code.bind(afterSpace);
  code.line(
    `function ${name}(text, from, to) {`,
    `let i = ${space}(text, from, to);`,
    "if (text.charCodeAt(i) !== 123) return undefined;",
    `const data = ${root}(text, i + 1, to);`,
    `return data !== undefined && ${space}(text, ${at}, to) === to ? data : undefined;`,
    "}",
  );
  return name;
}

class FieldWriter {
  /** A variable of the generated code: where the last value ended. */
  readonly position: string;
  private readonly code: StageCode;

  constructor(code: StageCode) {
    this.code = code;
    this.position = code.name("position");
    code.line(`let ${this.position} = 0;`);
  }

  /** Writes the function that reads an object behind its brace. */
  object(fields: Fields): string {
    const { code, position: at } = this;
    const inner = new Map(
      [...fields].flatMap(([key, of]) => (typeof of === "string" ? [] : [[key, this.object(of)] as const])),
    );
    const name = code.name("object");
    const keys = [...fields.keys()];
    const values = keys.map((_, n) => `v${n}`);
    const space = code.bind(afterSpace);
    code.line(
      `function ${name}(text, i, to) {`,
      `let ${values.map((value) => `${value} = undefined`).join(", ")};`,
      "let c = text.charCodeAt(i);",
      `if (c <= 32) { i = ${space}(text, i, to); c = text.charCodeAt(i); }`,
      "if (c === 125) i++;",
      "else for (;;) {",
      "if (c !== 34) return undefined;",
      "const start = ++i;",
      "while ((c = text.charCodeAt(i)) !== 34) { if (c < 32 || c === 92 || i >= to) return undefined; i++; }",
      "const length = i++ - start;",
      `if ((c = text.charCodeAt(i)) <= 32) { i = ${space}(text, i, to); c = text.charCodeAt(i); }`,
      "if (c !== 58) return undefined;",
      "c = text.charCodeAt(++i);",
      `if (c <= 32) { i = ${space}(text, i, to); c = text.charCodeAt(i); }`,
    );
    keys.forEach((key, n) => {
      code.line(`${n === 0 ? "" : "else "}if (${isKey(key)}) {`, `if (v${n} !== undefined) return undefined;`);
      this.value(`v${n}`, inner.get(key), fields.get(key) === "passing");
      code.line("}");
    });
    code.line(
      `else { i = ${code.bind(afterValue)}(text, i, to, 0); if (i < 0) return undefined; }`,
      "c = text.charCodeAt(i);",
      `if (c <= 32) { i = ${space}(text, i, to); c = text.charCodeAt(i); }`,
      "i++;",
      "if (c === 125) break;",
      "if (c !== 44) return undefined;",
      "c = text.charCodeAt(i);",
      `if (c <= 32) { i = ${space}(text, i, to); c = text.charCodeAt(i); }`,
      "}",
      "if (i > to) return undefined;",
      `${at} = i;`,
      `if (${values.map((value) => `${value} !== undefined`).join(" && ")}) return { ${keys.map((key, n) => `${literal(key)}: v${n}`).join(", ")} };`,
      "const data = {};",
      ...keys.map((key, n) => `if (v${n} !== undefined) data[${literal(key)}] = v${n};`),
      "return data;",
      "}",
    );
    return name;
  }

  /** Reads the value at `i`, which begins with `c`, and sets `i` behind it. */
  private value(into: string, object: string | undefined, isPassing: boolean): void {
    const { code, position: at } = this;
    if (object !== undefined) {
      code.line("if (c !== 123) return undefined;", `${into} = ${object}(text, i + 1, to);`);
      code.line(`if (${into} === undefined) return undefined;`, `i = ${at};`);
      return;
    }
    code.line(
      "if (c === 34) {",
      "const begin = ++i;",
      "while ((c = text.charCodeAt(i)) !== 34) { if (c < 32 || c === 92 || c > 126 || i >= to) return undefined; i++; }",
      isPassing ? `${into} = text.slice(begin, i++);` : `${into} = ${code.bind(ownText)}(text.slice(begin, i++));`,
      "} else if (c === 45 || (c >= 48 && c <= 57)) {",
      "const begin = i;",
      "if (c === 45) c = text.charCodeAt(++i);",
      "let n = c - 48;",
      "if (n >= 0 && n <= 9) i++;",
      "else return undefined;",
      "if (n === 0) { if (begin !== i - 1) return undefined; }",
      "else while ((c = text.charCodeAt(i) - 48) >= 0 && c <= 9) { n = n * 10 + c; i++; }",
      "if (i - begin > 15) return undefined;",
      "c = text.charCodeAt(i);",
      "if (c === 46 || c === 101 || c === 69 || (c >= 48 && c <= 57)) {",
      `${into} = ${code.bind(decimal)}(text, begin, i, to);`,
      `if (${into} === undefined) return undefined;`,
      `i = ${code.bind(afterNumber)}(text, begin, to);`,
      `} else ${into} = text.charCodeAt(begin) === 45 ? -n : n;`,
      `} else if (c === 116 && text.startsWith("true", i)) { ${into} = true; i += 4; }`,
      `else if (c === 102 && text.startsWith("false", i)) { ${into} = false; i += 5; }`,
      `else if (c === 110 && text.startsWith("null", i)) { ${into} = null; i += 4; }`,
      "else return undefined;",
    );
  }
}

function isKey(key: string): string {
  const places = [...key].map(
    (char, n) => `text.charCodeAt(start${n === 0 ? "" : ` + ${n}`}) === ${char.charCodeAt(0)}`,
  );
  return [`length === ${key.length}`, ...places].join(" && ");
}

/** A number with a fraction, where a JavaScript number has its digits: no exponent, no zero at the end, few digits. Decided as find-lossy.ts does. */
function decimal(text: string, from: number, dot: number, to: number): number | undefined {
  if (text.charCodeAt(dot) !== 46) return undefined;
  const end = afterNumber(text, from, to);
  if (end < 0 || end - from > 15 || text.charCodeAt(end - 1) === 48) return undefined;
  const digits = text.slice(from, end);
  return /[eE]/.test(digits) || /^-?0\.0{6}/.test(digits) ? undefined : Number(digits);
}

function afterSpace(text: string, from: number, to: number): number {
  let i = from;
  for (; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 9 && c !== 13 && c !== 10) break;
  }
  return i;
}

const maxDepth = 200;

/** Passes over a value and checks it. -1: it is no JSON, or too deep to be checked here. */
function afterValue(text: string, from: number, to: number, depth: number): number {
  const c = text.charCodeAt(from);
  if (c === 34) return afterString(text, from + 1, to);
  if (c === 123) return depth > maxDepth ? -1 : afterItems(text, from + 1, to, depth, true);
  if (c === 91) return depth > maxDepth ? -1 : afterItems(text, from + 1, to, depth, false);
  if (c === 116) return text.startsWith("true", from) ? from + 4 : -1;
  if (c === 102) return text.startsWith("false", from) ? from + 5 : -1;
  if (c === 110) return text.startsWith("null", from) ? from + 4 : -1;
  return afterNumber(text, from, to);
}

function afterString(text: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) return i + 1;
    if (c < 32) return -1;
    if (c !== 92) continue;
    const escaped = text.charCodeAt(++i);
    if (escaped === 117) {
      for (const end = i + 4; i < end; ) if (!isHex(text.charCodeAt(++i))) return -1;
    } else if (!isEscape(escaped)) return -1;
  }
  return -1;
}

const isHex = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);

/** `"\/bfnrt` */
const isEscape = (c: number): boolean =>
  c === 34 || c === 92 || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116;

/** The items of an object or a list behind its bracket. */
function afterItems(text: string, from: number, to: number, depth: number, isObject: boolean): number {
  const close = isObject ? 125 : 93;
  let i = afterSpace(text, from, to);
  if (text.charCodeAt(i) === close) return i + 1;
  while (i < to) {
    if (isObject) {
      if (text.charCodeAt(i) !== 34) return -1;
      i = afterString(text, i + 1, to);
      if (i < 0) return -1;
      i = afterSpace(text, i, to);
      if (text.charCodeAt(i) !== 58) return -1;
      i = afterSpace(text, i + 1, to);
    }
    i = afterValue(text, i, to, depth + 1);
    if (i < 0) return -1;
    i = afterSpace(text, i, to);
    const c = text.charCodeAt(i);
    if (c === close) return i + 1;
    if (c !== 44) return -1;
    i = afterSpace(text, i + 1, to);
  }
  return -1;
}

/** RFC 8259: `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?`; -1 when there is none. */
function afterNumber(text: string, from: number, to: number): number {
  let i = from;
  if (text.charCodeAt(i) === 45) i++;
  const first = text.charCodeAt(i);
  if (!(first >= 48 && first <= 57)) return -1;
  i = first === 48 ? i + 1 : afterDigits(text, i, to);
  if (text.charCodeAt(i) === 46) {
    const digits = afterDigits(text, i + 1, to);
    if (digits === i + 1) return -1;
    i = digits;
  }
  const e = text.charCodeAt(i);
  if (e !== 101 && e !== 69) return i;
  const sign = text.charCodeAt(i + 1);
  const digits = sign === 43 || sign === 45 ? i + 2 : i + 1;
  const end = afterDigits(text, digits, to);
  return end === digits ? -1 : end;
}

function afterDigits(text: string, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const c = text.charCodeAt(i);
    if (!(c >= 48 && c <= 57)) break;
    i++;
  }
  return i;
}
