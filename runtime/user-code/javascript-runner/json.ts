/**
 * JSON that keeps what JavaScript would change without a word: integers beyond 2^53 are BigInt in and out, bytes are base64, and what has no JSON
 * (NaN, a Map, a function) is an error instead of `null` or `{}`.
 */

/** ES2026; Node has it since 22. */
interface ExactJson {
  parse(
    text: string,
    reviver?: (key: string, value: unknown, context: { readonly source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
}

/** Taken before the user's module can replace them. */
const { stringify } = JSON;
const { parse, rawJSON } = JSON as typeof JSON & ExactJson;

/** Only a text with so many digits in a row can hold an integer that a number cannot. */
const manyDigits = /\d{16}/;
const integer = /^-?\d+$/;

export function readJson(text: string): unknown {
  return manyDigits.test(text) ? parse(text, exactIntegers) : parse(text);
}

function exactIntegers(_key: string, value: unknown, context: { readonly source: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && integer.test(context.source)
    ? BigInt(context.source)
    : value;
}

/** @throws TypeError for what has no JSON */
export function writeJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new TypeError(`${nameOf(value)} is no data`);
  // What is lost leaves one of these; most texts have neither.
  if (text.includes("null") || text.includes("{}")) stringify(value, refuseLoss);
  return text;
}

function refuseLoss(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${value}${at(key)} has no JSON`);
  if ((value === undefined && Array.isArray(this)) || typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`${nameOf(value)}${at(key)} has no JSON`);
  if (typeof value === "object" && value !== null && !isPlain(value))
    throw new TypeError(`${nameOf(value)}${at(key)} has no JSON`);
  return value;
}

/** A class of the user's own with fields is fine; a Map, a Set or a Promise would be `{}`. */
function isPlain(value: object): boolean {
  if (Array.isArray(value) || Object.keys(value).length > 0) return true;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === "Object" || "rawJSON" in value || tag === "Error";
}

const at = (key: string): string => (key === "" ? "" : ` at '${key}'`);

function nameOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "value"}`;
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

/** Once, before the user's module is loaded. */
export function teachJson(): void {
  define(BigInt.prototype, function (this: bigint) {
    return rawJSON(String(this));
  });
  const base64 = function (this: Uint8Array): string {
    return toBase64(this);
  };
  define(Uint8Array.prototype, base64);
  define(Buffer.prototype, base64);
}

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

const define = (prototype: object, value: unknown): void =>
  void Object.defineProperty(prototype, "toJSON", { value, configurable: true, writable: true });
