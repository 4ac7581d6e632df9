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
  /** The record as it came: exactly one of the two. Bytes that are not UTF-8 are base64. */
  readonly text?: string;
  readonly base64?: string;
}

/**
 * The same members as the `data` of an `errors` reader, in one order: node, operator, at, reason, position, then `text`, or `base64` for
 * bytes that are not UTF-8. No line end; the text holds none either.
 */
export function encodeDeadLetter(record: DeadLetterRecord): string {
  const { node, operator, at, reason, position, text, base64 } = record;
  // JSON.stringify leaves undefined members out, and escapes line ends and lone surrogates.
  return JSON.stringify({
    node,
    operator,
    at,
    reason,
    position,
    text: base64 === undefined ? (text ?? "") : undefined,
    base64,
  });
}
