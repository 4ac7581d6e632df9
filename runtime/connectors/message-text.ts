/** A value made by a connector (`generate`, `cron`, `memory`) as the bytes of one message in the node's format. */
import type { OpenContext } from "../engine/connector.ts";

const encoder = new TextEncoder();

/** Text formats take a string as it is; everything else is JSON. */
export function messageBytes(value: unknown, context: OpenContext): Uint8Array {
  if (value instanceof Uint8Array && context.format.type === "bytes") return value;
  const plain = typeof value === "string" && textFormats.has(context.format.type);
  return encoder.encode(plain ? value : context.toJson(value));
}

const textFormats: ReadonlySet<string> = new Set(["lines", "text", "csv", "bytes"]);
