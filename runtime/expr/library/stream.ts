/** What streams need and CEL lacks. Pure: the same event always gives the same result, on every machine. */
import { decodeJson, encodeJson } from "../../codec/json.ts";
import { invalidArgument, noSuchOverload } from "../evaluation-error.ts";
import { hashKey } from "../hash-key.ts";
import { isInt } from "../numbers.ts";
import { callText } from "../type-of.ts";
import { utf8Text } from "../values/bytes.ts";
import { type Timestamp, timestampOfMillis } from "../values/timestamp.ts";
import { millisOf } from "./time.ts";

export function timestampMillis(millis: unknown): Timestamp {
  if (!isInt(millis)) throw noSuchOverload(callText("timestampMillis", [millis]));
  return timestampOfMillis(Number(millis));
}

const encoder = new TextEncoder();

/**
 * Not negative, 53 bits, equal for equal values. FNV-1a over the UTF-8 of the value's key, with a final mix; this is a
 * promise to users, who partition by it, and must not change.
 */
export function hash(value: unknown): number {
  const key = hashKey(value);
  const bytes = encoder.encode(typeof key === "number" ? `#${key}` : key);
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x5bd1e995);
    high ^= high >>> 13;
  }
  return (mix(high) % 0x200000) * 0x100000000 + mix(low ^ high);
}

function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The name space of our UUIDs. Fixed for ever: the same parts must always give the same UUID. */
const nameSpace = Buffer.from("6f1f4c0ce0a35d1c9b8c3c4f5b0a7d21", "hex");

/** Name-based, version 5. Source: RFC 9562 section 5.5. */
export function uuid(...parts: readonly unknown[]): string {
  const name = JSON.stringify(parts.map(hashKey));
  // Asked for here, as loading it takes longer than a small run does otherwise.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const digest = createHash("sha1").update(nameSpace).update(name, "utf8").digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function parseJson(source: unknown): unknown {
  const text = source instanceof Uint8Array ? utf8Text(source) : source;
  if (typeof text !== "string") throw noSuchOverload(callText("parseJson", [source]));
  try {
    return decodeJson(text);
  } catch (cause) {
    throw invalidArgument(`parseJson: ${cause instanceof Error ? cause.message : "not JSON"}`);
  }
}

export const stream = {
  unixMillis: millisOf,
  timestampMillis,
  hash,
  uuid,
  parseJson,
  toJson: (value: unknown) => encodeJson(value),
};
