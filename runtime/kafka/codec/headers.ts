/** Headers of a record as they stand in it: their number, then name and value of each. */
import { KafkaError } from "../kafka-error.ts";
import { sizeOfVarint, writeVarint } from "./varint.ts";

/** In order; a name may come more than once. */
export type RecordHeader = readonly [name: string, value: Uint8Array | null];

/** As `BatchWriter.add` wants them. Texts are written as UTF-8. */
export function encodeHeaders(headers: Iterable<readonly [name: string, value: string | Uint8Array | null]>): Buffer {
  const parts = Array.from(headers, ([name, value]) => ({
    name: Buffer.from(name),
    value: typeof value === "string" ? Buffer.from(value) : value,
  }));
  let size = sizeOfVarint(parts.length);
  for (const { name, value } of parts)
    size += sizeOfVarint(name.length) + name.length + sizeOfVarint(value?.length ?? -1) + (value?.length ?? 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = writeVarint(bytes, 0, parts.length);
  for (const { name, value } of parts) {
    at = writeVarint(bytes, at, name.length);
    bytes.set(name, at);
    at = writeVarint(bytes, at + name.length, value?.length ?? -1);
    if (value === null) continue;
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

/**
 * Of a record's range `headersStart` up to `headersEnd`. The values are views.
 * @throws KafkaError "corrupt"
 */
export function decodeHeaders(bytes: Uint8Array, from: number, to: number): RecordHeader[] {
  const headers: RecordHeader[] = [];
  walkHeaders(bytes, from, to, (nameStart, nameEnd, valueStart, valueEnd) => {
    headers.push([
      textOf(bytes, nameStart, nameEnd),
      valueStart < 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset + valueStart, valueEnd - valueStart),
    ]);
  });
  return headers;
}

/**
 * The value of the last header of that name; undefined where there is none, null where it has no value.
 * @param name ASCII
 * @throws KafkaError "corrupt"
 */
export function findHeader(bytes: Uint8Array, from: number, to: number, name: string): Uint8Array | null | undefined {
  let found: Uint8Array | null | undefined;
  walkHeaders(bytes, from, to, (nameStart, nameEnd, valueStart, valueEnd) => {
    if (!isText(bytes, nameStart, nameEnd, name)) return;
    found = valueStart < 0 ? null : bytes.subarray(valueStart, valueEnd);
  });
  return found;
}

/** Gives the ranges of each; a start of −1 is null. */
export function walkHeaders(
  bytes: Uint8Array,
  from: number,
  to: number,
  each: (nameStart: number, nameEnd: number, valueStart: number, valueEnd: number) => void,
): void {
  if (from < 0 || from >= to) return;
  const reader = new RangeReader(bytes, from, Math.min(to, bytes.length));
  const count = reader.varint();
  // Each has at least the two lengths.
  if (count < 0 || count * 2 > to - from) throw damaged();
  for (let header = 0; header < count; header++) {
    const nameStart = reader.range(reader.varint());
    const nameEnd = reader.at;
    if (nameStart < 0) throw damaged();
    const valueStart = reader.range(reader.varint());
    each(nameStart, nameEnd, valueStart, reader.at);
  }
  if (reader.at !== to) throw damaged();
}

class RangeReader {
  at: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw damaged();
      const byte = this.bytes[this.at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
    throw damaged();
  }

  /** Where the bytes of that length start, −1 for null. They are behind it then. */
  range(length: number): number {
    if (length < 0) return -1;
    const start = this.at;
    if (length > this.end - start) throw damaged();
    this.at = start + length;
    return start;
  }
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");

function isText(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text.charCodeAt(at)) return false;
  return true;
}

const damaged = (): KafkaError =>
  new KafkaError("corrupt", "The headers of a record are damaged: their lengths do not fit the record");
