/** A unit as an HTTP request: one event in binary or structured mode, a chunk as one batch. Source: CloudEvents HTTP protocol binding 1.0.2. */
import { headersOfAttributes, percentEncoded } from "../codec/cloudevents-attributes.ts";
import type { HttpRequest } from "./http-client.ts";
import type { SentChunk, SentEvent, Unit } from "./user-code.ts";

export type EventMode = "binary" | "structured";

export function requestOf(unit: Unit, mode: EventMode): HttpRequest {
  if (unit.chunk !== undefined) return chunkRequest(unit.chunk, unit.events);
  const event = unit.events[0]!;
  return mode === "binary" ? binaryRequest(event) : structuredRequest(event);
}

function binaryRequest(event: SentEvent): HttpRequest {
  const attributes = event.attributes();
  const data = event.data();
  const usual = typeof data === "string" ? "application/json" : "application/octet-stream";
  const headers = headersOfAttributes(attributes, attributes.datacontenttype ?? usual);
  return { method: "POST", headers, body: typeof data === "string" ? Buffer.from(data) : data };
}

function structuredRequest(event: SentEvent): HttpRequest {
  const headers = { "content-type": "application/cloudevents+json; charset=utf-8" };
  return { method: "POST", headers, body: Buffer.from(event.json) };
}

function chunkRequest(chunk: SentChunk, events: readonly SentEvent[]): HttpRequest {
  const headers: Record<string, string> = {
    "content-type": "application/cloudevents-batch+json; charset=utf-8",
    "flow-chunk-id": percentEncoded(chunk.id),
  };
  if (chunk.key !== undefined) headers["flow-chunk-key"] = percentEncoded(chunk.key);
  const { window } = chunk;
  if (window !== undefined) headers["flow-chunk-window"] = percentEncoded(`${window.start}/${window.end}`);
  return { method: "POST", headers, body: Buffer.from(batchText(events)) };
}

function batchText(events: readonly SentEvent[]): string {
  let text = "[";
  for (const [index, event] of events.entries()) text += index === 0 ? event.json : `,${event.json}`;
  return `${text}]`;
}
