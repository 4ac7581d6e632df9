/** CEL's encoders extension. */
import { invalidArgument, noSuchOverload } from "../evaluation-error.ts";
import { callText } from "../type-of.ts";
import { bytesFromBase64, bytesToBase64, utf8 } from "../values/bytes.ts";
import { textArgument } from "./arguments.ts";

function encode(value: unknown): string {
  if (value instanceof Uint8Array) return bytesToBase64(value);
  if (typeof value === "string") return bytesToBase64(utf8(value));
  throw noSuchOverload(callText("base64.encode", [value]));
}

function decode(text: unknown): unknown {
  const bytes = bytesFromBase64(textArgument("base64.decode", text));
  if (bytes === undefined) throw invalidArgument("base64.decode: not base64");
  return bytes;
}

export const encoders = { "base64.encode": encode, "base64.decode": decode };
