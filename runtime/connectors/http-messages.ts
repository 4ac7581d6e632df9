/**
 * The messages in the body of one request. A body that cannot be taken apart is refused as a whole (400) and is no event: its
 * sender has it and is told why. What only the pipeline can judge (the declared type) goes to its dead letter.
 */

import {
  attributesOfHeaders,
  checkAttributes,
  isBatch,
  isStructured,
  mediaType,
  structuredParts,
} from "../codec/cloudevents-attributes.ts";
import { csvFraming } from "../codec/csv-record.ts";
import { arrayItems, objectMembers } from "../codec/json-slices.ts";
import type { Message, OpenContext } from "../engine/connector.ts";
import { messageOf } from "../engine/runtime-error.ts";

/** Answered to the sender. */
export class RequestRefused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface RequestBody {
  readonly bytes: Uint8Array;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unique; several messages of one request get `/0`, `/1`, … behind it. */
  readonly id: string;
  readonly timeMs: number;
}

/** @throws RequestRefused */
export function messagesOf(body: RequestBody, format: OpenContext["format"]): readonly Message[] {
  const contentType = body.headers["content-type"];
  const parts = isBatch(contentType)
    ? batchParts(textOf(body), format)
    : isStructured(contentType)
      ? [structuredPart(textOf(body), format)]
      : isBinaryEvent(body.headers)
        ? plainParts(body, format).map((part) => ({ ...part, ...checkedAttributes(body.headers, format) }))
        : plainParts(body, format);
  const { id, timeMs } = body;
  return parts.map((part, i) => ({ ...part, timeMs, position: parts.length > 1 ? `${id}/${i}` : id }));
}

type Part = Pick<Message, "bytes" | "headers" | "attributes">;

const encoder = new TextEncoder();
const structuredHeaders = { "content-type": "application/cloudevents+json" };
const jsonLinesTypes: ReadonlySet<string> = new Set([
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
  "application/x-jsonlines",
]);

function isBinaryEvent(headers: Readonly<Record<string, string>>): boolean {
  return "ce-specversion" in headers || "ce-id" in headers;
}

function checkedAttributes(
  headers: Readonly<Record<string, string>>,
  format: OpenContext["format"],
): Part | Record<never, never> {
  const attributes = attributesOfHeaders(headers);
  refuseUnlessValid(() => checkAttributes(attributes));
  return format.type === "cloudevents" ? {} : { attributes };
}

function batchParts(text: string, format: OpenContext["format"]): readonly Part[] {
  if (!Array.isArray(parsed(text))) throw new RequestRefused(400, "A batch of CloudEvents is a JSON array.");
  return arrayItems(text).map((item) => structuredPart(item, format));
}

/** For the format `json`, `data` is taken out as it is spelled. */
function structuredPart(text: string, format: OpenContext["format"]): Part {
  const event = parsed(text);
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw new RequestRefused(400, "A CloudEvent in JSON is an object.");
  const { attributes, base64 } = refuseUnlessValid(() => {
    const parts = structuredParts(Object.entries(event));
    checkAttributes(parts.attributes);
    return parts;
  });
  if (format.type === "cloudevents") return { bytes: encoder.encode(text), headers: structuredHeaders };
  if (format.type !== "json" || base64 !== undefined) {
    throw new RequestRefused(
      415,
      `The source reads '${format.type}'; to take such CloudEvents, its format must be 'cloudevents'.`,
    );
  }
  return { bytes: encoder.encode(objectMembers(text).get("data") ?? "null"), attributes };
}

function plainParts(body: RequestBody, format: OpenContext["format"]): readonly Part[] {
  const headers = kept(body.headers);
  switch (format.type) {
    case "cloudevents":
      if (!isBinaryEvent(body.headers))
        throw new RequestRefused(
          400,
          "The request is no CloudEvent: it has neither 'ce-' headers nor the content type 'application/cloudevents+json'.",
        );
      return [{ bytes: body.bytes, headers }];
    case "json": {
      if (jsonLinesTypes.has(mediaType(body.headers["content-type"]))) return jsonLines(textOf(body), headers);
      parsed(textOf(body));
      return [{ bytes: body.bytes, headers }];
    }
    case "lines":
      textOf(body);
      return cut(body.bytes, (bytes, from) => bytes.indexOf(0x0a, from), headers);
    case "csv": {
      textOf(body);
      const framing = csvFraming(String(format.options.separator ?? ","));
      return cut(body.bytes, (bytes, from) => framing(bytes, from, bytes.length), headers);
    }
    case "text":
      return [{ bytes: encoder.encode(textOf(body)), headers }];
    case "bytes":
      return [{ bytes: body.bytes, headers }];
  }
}

/** All lines or none: a request is answered as a whole. */
function jsonLines(text: string, headers: Readonly<Record<string, string>>): readonly Part[] {
  const parts: Part[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    parsed(line, `Line ${index + 1} of the body`);
    parts.push({ bytes: encoder.encode(line), headers });
  }
  return parts;
}

function cut(
  bytes: Uint8Array,
  endOf: (bytes: Uint8Array, from: number) => number,
  headers: Readonly<Record<string, string>>,
): readonly Part[] {
  const parts: Part[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = endOf(bytes, from);
    const end = found < 0 ? bytes.length : found;
    parts.push({ bytes: bytes.slice(from, end > from && bytes[end - 1] === 0x0d ? end - 1 : end), headers });
    from = end + 1;
  }
  return parts;
}

/** What an event may take along: nothing that signs anybody in. */
function kept(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("ce-") || keptNames.has(name)));
}

const keptNames: ReadonlySet<string> = new Set(["content-type", "traceparent", "tracestate"]);
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

function textOf(body: RequestBody): string {
  try {
    return strictDecoder.decode(body.bytes);
  } catch {
    throw new RequestRefused(400, "The body is not UTF-8.");
  }
}

function parsed(text: string, what = "The body"): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw new RequestRefused(400, `${what} is not JSON: ${messageOf(error)}.`);
  }
}

function refuseUnlessValid<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new RequestRefused(400, messageOf(error));
  }
}
