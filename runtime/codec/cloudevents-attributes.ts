/** CloudEvent attributes: what makes them valid, and how HTTP carries them. All values are text, as the engine keeps them. */
import { CloudEvent, ValidationError } from "cloudevents";
import { BadRecord } from "../engine/bad-event.ts";
import { markBare } from "./bare-attributes.ts";

export type Attributes = Readonly<Record<string, string>>;

const required = ["id", "source", "type"] as const;

/**
 * The `cloudevents` package validates; what it forgives is checked first: it makes up a missing id and takes any version.
 * @throws BadRecord
 */
export function checkAttributes(attributes: Attributes): void {
  if (attributes.specversion !== "1.0") {
    const found = attributes.specversion;
    throw new BadRecord(
      found === undefined
        ? "The CloudEvent has no 'specversion'."
        : `The CloudEvent is of version '${found}'; only 1.0 is read.`,
    );
  }
  for (const name of required) {
    if (!attributes[name]) throw new BadRecord(`The CloudEvent has no '${name}'.`);
  }
  try {
    new CloudEvent<undefined>({ ...attributes }, true);
  } catch (error) {
    throw new BadRecord(`The CloudEvent is not valid: ${reasonOf(error)}.`);
  }
}

/**
 * `checkAttributes` for a stream of events: where an event differs from the last good one only in its id, its subject or a plain
 * time, nothing is left that could be wrong.
 */
export function attributesChecker(): (attributes: Attributes) => void {
  let good: Attributes = {};
  return (attributes) => {
    if (isLike(good, attributes)) return;
    checkAttributes(attributes);
    good = attributes;
  };
}

function isLike(good: Attributes, attributes: Attributes): boolean {
  let count = 0;
  for (const name in attributes) {
    count++;
    const value = attributes[name]!;
    if (value === good[name]) continue;
    if (good[name] === undefined || value === "") return false;
    if (name !== "id" && name !== "subject" && !(name === "time" && plainTime.test(value))) return false;
  }
  // As many as in the good one, all of them in it too: so none is missing.
  return count > 0 && count === Object.keys(good).length;
}

/** Valid whatever the month. */
const plainTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** `'time' must match format "date-time"`, not the package's dump of its schema errors. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof ValidationError ? error.errors?.[0] : undefined;
  if (typeof first === "object" && first !== null && "instancePath" in first && "message" in first) {
    return `'${String(first.instancePath).slice(1)}' ${String(first.message)}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? message).trim();
}

export interface StructuredParts {
  readonly attributes: Attributes;
  /** Undefined when there is none. */
  readonly data: unknown;
  /** `data_base64`, undefined when there is none. */
  readonly base64: unknown;
}

/** The members of an event in JSON, told apart. An attribute that is null counts as absent. */
export function structuredParts(members: Iterable<readonly [string, unknown]>): StructuredParts {
  const attributes: Record<string, string> = Object.create(null);
  let data: unknown;
  const bare = new Set<string>();
  let base64: unknown;
  for (const [name, value] of members) {
    if (name === "data") data = value;
    else if (value === null || value === undefined) continue;
    else if (name === "data_base64") base64 = value;
    else {
      attributes[name] = attributeText(name, value);
      if (typeof value !== "string") bare.add(name);
    }
  }
  if (bare.size > 0) markBare(attributes, bare);
  return { attributes, data, base64 };
}

/** The types of CloudEvents in JSON: string, boolean, integer. */
function attributeText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint" || Number.isInteger(value)) return String(value);
  throw new BadRecord(`The attribute '${name}' of the CloudEvent is neither a string, an integer nor a boolean.`);
}

/** `ce-…` headers of the binary mode to attributes; `content-type` is `datacontenttype`. Names are in lower case already. */
export function attributesOfHeaders(headers: Readonly<Record<string, string>>): Attributes {
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith("ce-")) attributes[name.slice(3)] = percentDecoded(value);
  }
  const contentType = headers["content-type"];
  if (contentType !== undefined) attributes.datacontenttype = contentType;
  return attributes;
}

export function headersOfAttributes(attributes: Attributes, contentType: string): Record<string, string> {
  const headers: Record<string, string> = { "content-type": contentType };
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== "datacontenttype") headers[`ce-${name}`] = percentEncoded(value);
  }
  return headers;
}

/** Source: CloudEvents HTTP protocol binding 1.0.2, 3.1.3.2: space, quote, percent and all that is not printable ASCII. */
export function percentEncoded(value: string): string {
  return value.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent);
}

/** Sequences that are no UTF-8 stay as they are. */
function percentDecoded(value: string): string {
  const plain =
    value.startsWith('"') && value.endsWith('"') && value.length > 1
      ? value.slice(1, -1).replace(/\\(.)/g, "$1")
      : value;
  return plain.replace(/(%[0-9a-f]{2})+/gi, (sequence) => {
    try {
      return decodeURIComponent(sequence);
    } catch {
      return sequence;
    }
  });
}

export function isStructured(contentType: string | undefined): boolean {
  return mediaType(contentType) === "application/cloudevents+json";
}

export function isBatch(contentType: string | undefined): boolean {
  return mediaType(contentType) === "application/cloudevents-batch+json";
}

export function isJson(contentType: string): boolean {
  const type = mediaType(contentType);
  return type === "application/json" || type === "text/json" || type.endsWith("+json");
}

export function isText(contentType: string): boolean {
  return (
    mediaType(contentType).startsWith("text/") ||
    mediaType(contentType).endsWith("+xml") ||
    mediaType(contentType) === "application/xml"
  );
}

/** Without parameters, in lower case. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";")[0]!.trim().toLowerCase();
}
