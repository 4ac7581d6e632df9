/**
 * The `cloudevents` format, version 1.0. Read: a message with `ce-…` headers is in binary mode, everything else is an event in JSON
 * (structured mode). Written: structured, one JSON object a line, or binary with headers where the sink has them.
 *
 * Numbers and key order of `data` stay exact: the JSON codec of the engine reads and writes it, and the `cloudevents` package
 * checks the attributes.
 */
import { BadRecord } from "../engine/bad-event.ts";
import type { Message } from "../engine/connector.ts";
import { bytesFromBase64, bytesOf, bytesToBase64 } from "../expr/values/bytes.ts";
import {
  type Attributes,
  attributesChecker,
  attributesOfHeaders,
  headersOfAttributes,
  isJson,
  isStructured,
  isText,
  structuredParts,
} from "./cloudevents-attributes.ts";
import type { Format, FormatContext, RecordDecoder, RecordEncoder } from "./format.ts";
import { noEvent } from "./format.ts";

export const cloudevents: Format = { type: "cloudevents", decoder: cloudeventsDecoder, encoder: cloudeventsEncoder };

interface DecodedEvent {
  readonly attributes: Attributes;
  readonly data: unknown;
}

function cloudeventsDecoder(context: FormatContext): RecordDecoder {
  let last: Attributes | undefined;
  const check = attributesChecker();
  return {
    framing: "lines",
    decode: (text, message) => {
      last = undefined;
      const headers = message?.headers;
      const binary =
        headers !== undefined &&
        !isStructured(headers["content-type"]) &&
        ("ce-id" in headers || "ce-specversion" in headers);
      if (!binary && message === undefined && text.trim() === "") return noEvent;
      const event = binary ? decodeBinary(text, message!, context) : decodeStructured(text, context);
      check(event.attributes);
      last = event.attributes;
      return event.data;
    },
    attributes: () => last,
  };
}

function decodeBinary(text: string, message: Message, context: FormatContext): DecodedEvent {
  const attributes = attributesOfHeaders(message.headers ?? {});
  const contentType = attributes.datacontenttype ?? "application/json";
  if (message.bytes.length === 0) return { attributes, data: null };
  if (isJson(contentType)) return { attributes, data: context.parseJson(text) };
  return { attributes, data: isText(contentType) ? text : bytesOf(message.bytes) };
}

function decodeStructured(text: string, context: FormatContext): DecodedEvent {
  const { attributes, data, base64 } = structuredParts(membersOf(context.parseJson(text)));
  return { attributes, data: base64 === undefined ? data : dataOfBase64(base64) };
}

function membersOf(value: unknown): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) return [...value].map(([key, member]) => [String(key), member]);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new BadRecord("A CloudEvent in JSON is an object.");
}

function dataOfBase64(value: unknown): unknown {
  const bytes = typeof value === "string" ? bytesFromBase64(value) : undefined;
  if (bytes === undefined) throw new BadRecord("The 'data_base64' of the CloudEvent is not base64.");
  return bytes;
}

function cloudeventsEncoder(context: FormatContext): RecordEncoder {
  return context.options.mode === "binary" ? binaryEncoder(context) : structuredEncoder(context);
}

function structuredEncoder(context: FormatContext): RecordEncoder {
  const check = attributesChecker();
  return {
    end: "\n",
    attributes: true,
    encode: (data, given) => {
      const attributes = complete(given, data);
      check(attributes);
      let text = "{";
      for (const [name, value] of Object.entries(attributes))
        text += `${JSON.stringify(name)}:${JSON.stringify(value)},`;
      return data instanceof Uint8Array
        ? `${text}"data_base64":"${bytesToBase64(data)}"}`
        : `${text}"data":${context.toJson(data)}}`;
    },
    headers: () => ({ "content-type": "application/cloudevents+json; charset=utf-8" }),
  };
}

function binaryEncoder(context: FormatContext): RecordEncoder {
  const check = attributesChecker();
  let contentType = "application/json";
  return {
    end: "\n",
    attributes: true,
    encode: (data, given) => {
      if (data instanceof Uint8Array)
        throw new BadRecord("Bytes cannot be written as a CloudEvent in binary mode; in structured mode they can.");
      const attributes = complete(given, data);
      check(attributes);
      contentType = attributes.datacontenttype ?? "application/json";
      return typeof data === "string" && !isJson(contentType) ? data : context.toJson(data);
    },
    /** Of the record encoded last. */
    headers: (attributes) => headersOfAttributes({ specversion: "1.0", ...attributes }, contentType),
  };
}

/** `specversion` first; a content type that no longer fits data which the pipeline has changed is replaced. */
function complete(given: Attributes | undefined, data: unknown): Attributes {
  const attributes: Record<string, string> = { specversion: "1.0", ...given };
  const contentType = attributes.datacontenttype;
  if (data instanceof Uint8Array)
    attributes.datacontenttype =
      contentType === undefined || isJson(contentType) ? "application/octet-stream" : contentType;
  else if (contentType !== undefined && typeof data !== "string" && !isJson(contentType))
    attributes.datacontenttype = "application/json";
  return attributes;
}
