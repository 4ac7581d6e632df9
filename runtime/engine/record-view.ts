/** One record of a block, as those who want more of it than its value see it. Everything is made when it is asked for. */
import { type Message, type RecordBlock, RecordField, recordStride } from "./connector.ts";
import { keyText } from "./key-texts.ts";
import { readHeaders } from "./record-headers.ts";

/** `topic/partition/offset`. */
export function positionOfRecord(block: RecordBlock, record: number): string {
  return `${block.topic}/${block.partition}/${offsetOfRecord(block, record)}`;
}

export function offsetOfRecord({ baseOffset, index }: RecordBlock, record: number): number {
  return baseOffset + index[record * recordStride + RecordField.offsetDelta]!;
}

/** A record without a value: it says that what was told under its key is gone. */
export function isNullValue({ index }: RecordBlock, record: number): boolean {
  return index[record * recordStride + RecordField.valueStart]! < 0;
}

/** Undefined where there are none. A view: copy what is to be held. */
export function bytesOfValue(block: RecordBlock, record: number): Buffer | undefined {
  const at = record * recordStride;
  const from = block.index[at + RecordField.valueStart]!;
  const to = block.index[at + RecordField.valueEnd]!;
  return from < 0 || from === to ? undefined : block.bytes.subarray(from, to);
}

/** null: it has none. A view. */
export function bytesOfKey(block: RecordBlock, record: number): Buffer | null {
  const at = record * recordStride;
  const from = block.index[at + RecordField.keyStart]!;
  return from < 0 ? null : block.bytes.subarray(from, block.index[at + RecordField.keyEnd]!);
}

/** Undefined: it has none. What is not UTF-8 in it is replaced. */
export function textOfKey(block: RecordBlock, record: number): string | undefined {
  const at = record * recordStride;
  const from = block.index[at + RecordField.keyStart]!;
  return from < 0 ? undefined : keyText(block.bytes, from, block.index[at + RecordField.keyEnd]!);
}

export function headerCount(block: RecordBlock, record: number): number {
  return block.index[record * recordStride + RecordField.headerCount]!;
}

/** Encoded, from their count on; undefined: it has none. A view. */
export function bytesOfHeaders(block: RecordBlock, record: number): Buffer | undefined {
  if (headerCount(block, record) === 0) return undefined;
  const at = record * recordStride;
  return block.bytes.subarray(block.index[at + RecordField.headersStart]!, block.index[at + RecordField.headersEnd]!);
}

export function headersOf(block: RecordBlock, record: number): ReadonlyMap<string, Uint8Array | null> {
  const bytes = bytesOfHeaders(block, record);
  return bytes === undefined ? new Map() : readHeaders(bytes);
}

/** As a format sees the messages of other transports: header names as HTTP has them, `ce-id` for `ce_id`. */
export function messageOfRecord(block: RecordBlock, record: number): Message {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of headersOf(block, record)) {
    if (value === null) continue;
    const lower = name.toLowerCase();
    const isAttribute = lower.startsWith(attributePrefix);
    const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString("utf8");
    // In a log they are not percent-encoded, as they are in HTTP.
    headers[isAttribute ? `ce-${lower.slice(attributePrefix.length)}` : lower] = isAttribute
      ? text.replaceAll("%", "%25")
      : text;
  }
  return {
    bytes: bytesOfValue(block, record) ?? noBytes,
    position: positionOfRecord(block, record),
    headers,
  };
}

/** Of the headers that hold a CloudEvent's attributes. Source: CloudEvents, Kafka protocol binding 1.0.2, 3.2.3. */
export const attributePrefix = "ce_";

const noBytes = new Uint8Array();

/** What is left of a record that an event waits with: all but its value. */
export class HeldRecord implements RecordBlock {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly count = 1;
  readonly index: Int32Array;
  readonly baseOffset: number;
  readonly timestamps: Float64Array;
  readonly nextOffset: number;

  /** @param bytes the key, then the headers */
  constructor(place: SavedPlace, bytes: Buffer, keyLength: number, headers: number, isNull: boolean) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.baseOffset = place.offset;
    this.nextOffset = place.offset + 1;
    this.timestamps = Float64Array.of(place.timestampMs);
    this.bytes = bytes;
    const headersStart = Math.max(0, keyLength);
    const value = isNull ? -1 : 0;
    this.index = Int32Array.of(keyLength < 0 ? -1 : 0, keyLength, value, value, headersStart, bytes.length, headers, 0);
  }
}

interface SavedPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
}

/** A copy that holds on to nothing of the block. */
export function holdRecord(block: RecordBlock, record: number): HeldRecord {
  if (block instanceof HeldRecord) return block;
  const key = bytesOfKey(block, record);
  const headers = bytesOfHeaders(block, record) ?? noBytes;
  const place = {
    topic: block.topic,
    partition: block.partition,
    offset: offsetOfRecord(block, record),
    timestampMs: block.timestamps[record]!,
  };
  const bytes = Buffer.concat([key ?? noBytes, headers]);
  return new HeldRecord(place, bytes, key?.length ?? -1, headerCount(block, record), isNullValue(block, record));
}

/** A plain value. */
export function savedRecord({ topic, partition, baseOffset, timestamps, bytes, index }: RecordBlock): unknown {
  const keyLength = index[RecordField.keyStart]! < 0 ? -1 : index[RecordField.keyEnd]!;
  const isNull = index[RecordField.valueStart]! < 0;
  return [topic, partition, baseOffset, timestamps[0], bytes, keyLength, index[RecordField.headerCount], isNull];
}

export function restoredRecord(saved: unknown): HeldRecord | undefined {
  if (!Array.isArray(saved)) return undefined;
  const [topic, partition, offset, timestampMs, bytes, keyLength, headers, isNull] = saved as readonly unknown[];
  if (!(bytes instanceof Uint8Array)) return undefined;
  const place = {
    topic: String(topic),
    partition: Number(partition),
    offset: Number(offset),
    timestampMs: Number(timestampMs),
  };
  return new HeldRecord(place, Buffer.from(bytes), Number(keyLength), Number(headers), isNull === true);
}
