/** Fills one record batch: records go straight into its memory, and the head is written when it is to be sent. Knows nothing of connections or retries. */
import type { Compression } from "../client.ts";
import { BatchFlag, BatchField as Field, writeLong } from "./batch-layout.ts";
import type { BatchWriter } from "./batch-writer.ts";
import { compress, compressionNumber } from "./compression/compression.ts";
import { copyFrom, viewOf } from "./copy-bytes.ts";
import { crc32c } from "./crc32c.ts";
import { isVarint, sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from "./varint.ts";

/** Who sends a batch, and which of its batches it is. */
export interface BatchHead {
  /** −1: not idempotent. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the first record; the next batch to the partition has this plus `count`, after 2^31 − 1 again from 0. */
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly compression: Compression;
}

/** Beyond what else a record has: its length, attributes, the deltas, and three more lengths. */
const mostOverheadBytes = 5 + 1 + 10 + 5 + 5 + 5 + 1;
/** A worker may have a writer for each partition of its output in each of its tasks. */
const leastBytes = 1024;
const keptBytes = 4 * 1024 * 1024;
const noHeaders = Buffer.from([0]);

export class RecordBatchWriter implements BatchWriter {
  count = 0;
  private bytes: Buffer;
  private view: DataView;
  private end: number = Field.records;
  private baseTimestampMs = 0;
  private maxTimestampMs = 0;

  constructor(capacityBytes = leastBytes) {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(capacityBytes, Field.records));
    this.view = viewOf(this.bytes);
  }

  get sizeBytes(): number {
    return this.end;
  }

  add(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers: Uint8Array = noHeaders,
  ): void {
    // As if all text were ASCII; where it is not the record is written again.
    let keyBytes = key === null ? -1 : key.length;
    let valueBytes = value === null ? -1 : value.length;
    const units = (typeof key === "string" ? keyBytes : 0) + (typeof value === "string" ? valueBytes : 0);
    // One unit of UTF-16 becomes three bytes at most.
    this.ensure(Math.max(keyBytes, 0) + Math.max(valueBytes, 0) + units * 2 + headers.length + mostOverheadBytes);
    for (;;) {
      const keyStart = this.writeRecordHead(keyBytes, valueBytes, headers.length, timestampMs);
      const keyWritten = key === null ? -1 : this.write(key, keyStart);
      const valueStart = writeVarint(this.bytes, keyStart + Math.max(keyWritten, 0), valueBytes);
      const valueWritten = value === null ? -1 : this.write(value, valueStart);
      if (keyWritten === keyBytes && valueWritten === valueBytes) {
        const headersStart = valueStart + Math.max(valueWritten, 0);
        copyFrom(headers, 0, headers.length, this.view, headersStart);
        this.added(headersStart + headers.length, timestampMs);
        return;
      }
      keyBytes = keyWritten;
      valueBytes = valueWritten;
    }
  }

  addRange(
    source: Uint8Array,
    keyFrom: number,
    keyTo: number,
    valueFrom: number,
    valueTo: number,
    headersFrom: number,
    headersTo: number,
    timestampMs: number,
  ): void {
    const keyBytes = keyFrom < 0 ? -1 : keyTo - keyFrom;
    const valueBytes = valueFrom < 0 ? -1 : valueTo - valueFrom;
    const hasHeaders = headersFrom >= 0 && headersTo > headersFrom;
    const headersBytes = hasHeaders ? headersTo - headersFrom : 1;
    this.ensure(Math.max(keyBytes, 0) + Math.max(valueBytes, 0) + headersBytes + mostOverheadBytes);
    const { bytes, view } = this;
    let at = this.writeRecordHead(keyBytes, valueBytes, headersBytes, timestampMs);
    // One after the other, as in a batch.
    if (hasHeaders && headersFrom === valueTo && keyBytes >= 0 && isVarint(source, keyTo, valueFrom, valueBytes)) {
      this.added(copyFrom(source, keyFrom, headersTo, view, at), timestampMs);
      return;
    }
    if (keyBytes > 0) at = copyFrom(source, keyFrom, keyTo, view, at);
    at = writeVarint(bytes, at, valueBytes);
    if (valueBytes > 0) at = copyFrom(source, valueFrom, valueTo, view, at);
    if (hasHeaders) at = copyFrom(source, headersFrom, headersTo, view, at);
    else bytes[at++] = 0;
    this.added(at, timestampMs);
  }

  /**
   * The whole batch as it is sent. Without compression a view of the writer's memory: valid until something is added or `reset`. May be called again, with another
   * head too; the same head gives the same bytes.
   */
  finish(head: BatchHead): Buffer {
    const whole = head.compression === "none" ? this.bytes.subarray(0, this.end) : this.compressed(head.compression);
    writeLong(whole, Field.baseOffset, 0);
    whole.writeInt32BE(whole.length - Field.leaderEpoch, Field.length);
    whole.writeInt32BE(-1, Field.leaderEpoch);
    whole[Field.magic] = 2;
    const flags = head.isTransactional ? BatchFlag.transactional : 0;
    whole.writeInt16BE(compressionNumber(head.compression) | flags, Field.attributes);
    whole.writeInt32BE(this.count - 1, Field.lastOffsetDelta);
    writeLong(whole, Field.baseTimestamp, this.baseTimestampMs);
    writeLong(whole, Field.maxTimestamp, this.maxTimestampMs);
    whole.writeBigInt64BE(head.producerId, Field.producerId);
    whole.writeInt16BE(head.producerEpoch, Field.producerEpoch);
    whole.writeInt32BE(head.baseSequence, Field.baseSequence);
    whole.writeInt32BE(this.count, Field.count);
    whole.writeUInt32BE(crc32c(whole.subarray(Field.attributes)), Field.crc);
    return whole;
  }

  /** Its memory as it is now, the head not yet written, and what the deltas of the records are from. */
  get records(): { readonly bytes: Buffer; readonly baseTimestampMs: number } {
    return { bytes: this.bytes.subarray(0, this.end), baseTimestampMs: this.baseTimestampMs };
  }

  reset(): void {
    this.count = 0;
    this.end = Field.records;
    // One large record is no reason to keep so much.
    if (this.bytes.length <= keptBytes) return;
    this.bytes = Buffer.allocUnsafeSlow(leastBytes);
    this.view = viewOf(this.bytes);
  }

  private compressed(compression: Compression): Buffer {
    const records = compress(compression, this.bytes.subarray(Field.records, this.end));
    const whole = Buffer.allocUnsafeSlow(Field.records + records.length);
    whole.set(records, Field.records);
    return whole;
  }

  private ensure(moreBytes: number): void {
    if (this.end + moreBytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.end + moreBytes, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** Up to where the key's bytes go; nothing counts before `added`. */
  private writeRecordHead(keyBytes: number, valueBytes: number, headersBytes: number, timestampMs: number): number {
    if (!Number.isSafeInteger(timestampMs)) throw new RangeError("the timestamp of a record is a whole number");
    const delta = this.count === 0 ? 0 : timestampMs - this.baseTimestampMs;
    const { bytes, count } = this;
    const size =
      1 +
      sizeOfVarlong(delta) +
      sizeOfVarint(count) +
      sizeOfVarint(keyBytes) +
      Math.max(keyBytes, 0) +
      sizeOfVarint(valueBytes) +
      Math.max(valueBytes, 0) +
      headersBytes;
    let at = writeVarint(bytes, this.end, size);
    bytes[at++] = 0;
    at = writeVarlong(bytes, at, delta);
    at = writeVarint(bytes, at, count);
    return writeVarint(bytes, at, keyBytes);
  }

  /** Gives how many bytes it wrote. */
  private write(content: string | Uint8Array, at: number): number {
    if (typeof content === "string") return writeText(this.bytes, content, at);
    // Each is another: a view to copy by would cost more.
    this.bytes.set(content, at);
    return content.length;
  }

  private added(end: number, timestampMs: number): void {
    if (this.count === 0) {
      this.baseTimestampMs = timestampMs;
      this.maxTimestampMs = timestampMs;
    } else if (timestampMs > this.maxTimestampMs) this.maxTimestampMs = timestampMs;
    this.end = end;
    this.count++;
  }
}

/** Short texts by hand: that is faster than the way into native code. */
function writeText(bytes: Buffer, text: string, at: number): number {
  if (text.length > 24) return bytes.write(text, at);
  for (let unit = 0; unit < text.length; unit++) {
    const code = text.charCodeAt(unit);
    if (code > 127) return bytes.write(text, at);
    bytes[at + unit] = code;
  }
  return text.length;
}
