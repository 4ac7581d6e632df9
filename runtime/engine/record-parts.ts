/** What goes into a record of a log beside its value: key, headers and partition, of the present event and of what the sink's options say. Called by generated code. */
import { EvaluationError } from "../expr/evaluation-error.ts";
import type { Current } from "./current.ts";
import { encodeHeaders, type HeaderEntry } from "./record-headers.ts";
import { attributePrefix, bytesOfHeaders, bytesOfKey, HeldRecord, headerCount, headersOf } from "./record-view.ts";
import type { Attributes } from "./stage-services.ts";

/** What the present event brings: what the pipeline or its sender says is its partition key, else the key of its record. null: none. */
export function ownKey({ attributes, records, record }: Current, set: Attributes): string | Uint8Array | null {
  const said = set?.partitionkey ?? attributes?.partitionkey;
  if (said !== undefined) return said;
  return records === undefined ? null : bytesOfKey(records, record);
}

/** The value of a `key` option. */
export function keyOf(value: unknown, toJson: (value: unknown) => string): string | Uint8Array | null {
  if (value === null || value === undefined || typeof value === "string" || value instanceof Uint8Array)
    return value ?? null;
  return toJson(value);
}

/** The value of a `partition` option. */
export function partitionOf(value: unknown): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new EvaluationError("invalid-argument", "a partition is an int, 0 or more");
}

/** Those that the present event came with; without those of its envelope, as that is not written again. */
export function ownHeaders({ attributes, records, record }: Current): Uint8Array | undefined {
  if (records === undefined || headerCount(records, record) === 0) return undefined;
  if (attributes === undefined) return bytesOfHeaders(records, record);
  return encodeHeaders([...headersOf(records, record)].filter(isNoEnvelope));
}

/**
 * The same and more; of a name that comes twice the last is written.
 * @param given of the format, named as in HTTP: `ce-id`
 * @param more the value of a `headers` option
 */
export function moreHeaders(
  { attributes, records, record }: Current,
  given: Readonly<Record<string, string>> | undefined,
  more: unknown,
): Uint8Array | undefined {
  const headers = new Map<string, HeaderEntry[1]>();
  if (records !== undefined)
    for (const entry of headersOf(records, record))
      if ((attributes === undefined && given === undefined) || isNoEnvelope(entry)) headers.set(entry[0], entry[1]);
  for (const [name, value] of Object.entries(given ?? {}))
    if (name.startsWith("ce-")) headers.set(attributePrefix + name.slice(3), decodeURIComponent(value));
    else headers.set(name, value);
  for (const [name, value] of entriesOf(more)) headers.set(name, value);
  return encodeHeaders([...headers]);
}

const isNoEnvelope = ([name]: readonly [string, unknown]): boolean =>
  !name.startsWith(attributePrefix) && name.toLowerCase() !== "content-type";

function* entriesOf(more: unknown): Iterable<readonly [string, string]> {
  if (typeof more !== "object" || more === null) return;
  for (const [name, value] of more instanceof Map ? more : Object.entries(more)) {
    if (typeof value === "string") yield [String(name), value];
    else if (value !== null && value !== undefined)
      throw new EvaluationError("no-such-overload", `the header '${String(name)}' is no string`);
  }
}

/** The present event is a record of a log with all that it came with. */
export function isWhole({ records, original }: Current): boolean {
  return records !== undefined && original === undefined && !(records instanceof HeldRecord);
}
