/** How a bad event is kept: one line of JSON, with the original bytes, so that it can be mended and sent again. Knows no connector. */

/** What is known of a bad event when it is kept. */
export interface DeadLetterRecord {
  readonly node: string;
  /** The operator, when a node has several: `set`. */
  readonly operator?: string;
  readonly reason: string;
  /** Of the record at its source: `orders.ndjson:1204`. */
  readonly position: string;
  /** `file:line:column` in the .flow file. */
  readonly at?: string;
  /** The record as it came: exactly one of the two. Bytes that are not UTF-8 are base64; of a record without a value `text` is null. */
  readonly text?: string | null;
  readonly base64?: string;
  /** The record is not as it came: it is what a sink was given, and refused. */
  readonly kept?: "output";
  /** When it was found to be bad, ISO 8601; only a log keeps it. */
  readonly time?: string;
}

/**
 * The same members as the `data` of an `errors` reader, in one order: node, operator, at, reason, position, then `text`, or `base64` for
 * bytes that are not UTF-8. No line end; the text holds none either.
 */
export function encodeDeadLetter(record: DeadLetterRecord): string {
  const { node, operator, at, reason, position, kept, text, base64 } = record;
  // JSON.stringify leaves undefined members out, and escapes line ends and lone surrogates.
  return JSON.stringify({
    node,
    operator,
    at,
    reason,
    position,
    kept,
    text: base64 !== undefined ? undefined : text === undefined ? "" : text,
    base64,
  });
}

/** The same in a log: what is known of the event as headers of a record, whose value is the record as it came. */
export function deadLetterHeaders(record: DeadLetterRecord): readonly (readonly [name: string, value: string])[] {
  const { node, operator, at, reason, position, kept, time } = record;
  const known = { node, operator, at, reason, position, kept, time };
  return Object.entries(known).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${deadLetterPrefix}${name}`, value] as const],
  );
}

/** Of the names of these headers: `flow-reason`. */
export const deadLetterPrefix = "flow-";

/** The record as it came. */
export function deadLetterBytes({ text, base64 }: DeadLetterRecord): Uint8Array {
  return base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
}
