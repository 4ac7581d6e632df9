/** What is in the one request by which a chunk is sent: its events as the server's bulk interface takes them, in order. */

import type { FormatPlan } from "../../compiler/contract/runtime-config.ts";
import { percentEncoded } from "../codec/cloudevents-attributes.ts";
import type { Chunk } from "../engine/chunk.ts";
import type { OutputMessage } from "../engine/connector.ts";

/** Of formats whose records can be told apart in one body. */
const contentTypes: Partial<Record<FormatPlan["type"], string>> = {
  json: "application/json",
  cloudevents: "application/cloudevents-batch+json",
  lines: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/** Servers take headers of some KiB; of a longer id the end is sent, which is what tells chunks apart. */
const longestId = 4096;

/** CloudEvents in binary mode have headers of their own, so they go one by one. */
export const hasChunkRequest = ({ type, options }: FormatPlan): boolean =>
  contentTypes[type] !== undefined && !(type === "cloudevents" && options.mode === "binary");

/** A JSON array, or lines that each have their end. */
export function chunkRequest(
  chunk: Chunk,
  messages: readonly OutputMessage[],
  format: FormatPlan["type"],
): Pick<OutputMessage, "bytes" | "headers"> {
  const isArray = format === "json" || format === "cloudevents";
  const parts = messages.flatMap(({ bytes }, index) =>
    isArray ? [index === 0 ? arrayStart : comma, bytes] : [bytes, lineEnd],
  );
  return {
    bytes: Buffer.concat(isArray ? [...parts, arrayEnd] : parts),
    headers: {
      "content-type": contentTypes[format] ?? "application/json",
      "flow-chunk-id": percentEncoded(chunk.id).slice(-longestId),
    },
  };
}

const arrayStart = Buffer.from("[");
const comma = Buffer.from(",");
const arrayEnd = Buffer.from("]");
const lineEnd = Buffer.from("\n");
