/**
 * The `cloudevents` format, version 1.0. Read: a message with `ce-…` headers is in binary mode, everything else is an event in JSON
 * (structured mode). Written: structured, one JSON object a line, or binary with headers where the sink has them.
 *
 * Data that nobody touched is written as its text came. Else the JSON codec of the engine reads and writes it, so that numbers and
 * key order stay exact. The `cloudevents` package checks the attributes.
 */
import { BadRecord } from "../engine/bad-event.ts";
import type { Message } from "../engine/connector.ts";
import { bytesFromBase64, bytesOf, bytesToBase64 } from "../expr/values/bytes.ts";
import { bareNames } from "./bare-attributes.ts";
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
import { memberText } from "./json-slices.ts";

export const cloudevents: Format = { type: "cloudevents", decoder: cloudeventsDecoder, encoder: cloudeventsEncoder };

interface DecodedEvent {
  readonly attributes: Attributes;
  readonly data: unknown;
  /** Whether, and where, the data stands as JSON text. */
  readonly json: "member" | "record" | "absent" | "none";
}

function cloudeventsDecoder(context: FormatContext): RecordDecoder {
  let last: Attributes | undefined;
  let lastText = "";
  let lastJson: DecodedEvent["json"] = "none";
  let isWhole = false;
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
      const event = binary ? decodeBinary(text, message!, context) : decodeStructured(utf8Of(text, message), context);
      check(event.attributes);
      last = event.attributes;
      lastText = text;
      lastJson = event.json;
      isWhole = !binary;
      return event.data;
    },
    attributes: () => last,
    dataText: () => {
      if (lastJson === "none") return undefined;
      return lastJson === "absent" ? "" : lastJson === "record" ? lastText.trim() : memberText(lastText, "data");
    },
    isWhole: () => isWhole,
  };
}

function decodeBinary(text: string, message: Message, context: FormatContext): DecodedEvent {
  const attributes = attributesOfHeaders(message.headers ?? {});
  const contentType = attributes.datacontenttype ?? "application/json";
  if (message.bytes.length === 0) return { attributes, data: null, json: "absent" };
  if (isJson(contentType)) return { attributes, data: context.parseJson(utf8Of(text, message)), json: "record" };
  return { attributes, data: isText(contentType) ? utf8Of(text, message) : bytesOf(message.bytes), json: "none" };
}

/** The engine gives bytes that are not UTF-8 as "". */
function utf8Of(text: string, message: Message | undefined): string {
  if (text === "" && message !== undefined && message.bytes.length > 0) throw new BadRecord("not valid UTF-8");
  return text;
}

function decodeStructured(text: string, context: FormatContext): DecodedEvent {
  const { attributes, data, base64 } = structuredParts(membersOf(context.parseJson(text)));
  if (base64 !== undefined) return { attributes, data: dataOfBase64(base64), json: "none" };
  return { attributes, data: data ?? null, json: data === undefined ? "absent" : "member" };
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
    takesWhole: true,
    encode: (data, given, dataText) => {
      const attributes = complete(given, data);
      check(attributes);
      const bare = bareNames(given);
      let text = "{";
      for (const [name, value] of Object.entries(attributes))
        text += `${JSON.stringify(name)}:${bare?.has(name) ? value : JSON.stringify(value)},`;
      if (data instanceof Uint8Array) return `${text}"data_base64":"${bytesToBase64(data)}"}`;
      return dataText === "" ? `${text.slice(0, -1)}}` : `${text}"data":${dataText ?? context.toJson(data)}}`;
    },
    headers: () => ({ "content-type": "application/cloudevents+json; charset=utf-8" }),
  };
}

function binaryEncoder(context: FormatContext): RecordEncoder {
  const check = attributesChecker();
  let contentType = "application/json";
  const contentOf = (data: unknown, given: Attributes | undefined) => {
    const attributes = complete(given, data);
    check(attributes);
    contentType = attributes.datacontenttype ?? "application/json";
  };
  return {
    end: "\n",
    attributes: true,
    encode: (data, given, dataText) => {
      contentOf(data, given);
      return typeof data === "string" && !isJson(contentType) ? data : (dataText ?? context.toJson(data));
    },
    encodeBytes: (data, given) => {
      contentOf(data, given);
      return data;
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
