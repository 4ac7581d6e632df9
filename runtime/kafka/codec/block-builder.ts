/** Makes the index of a block from the records of batches that stand in its bytes. The innermost loop of reading. */
import { type RecordBlock, RecordField, recordStride } from "../../engine/connector.ts";

export interface BatchOfRecords {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestampMs: number;
  /** Of all records, where the broker's time counts. */
  readonly appendedMs: number | undefined;
  /** Records before it are left out. */
  readonly fromOffset: number;
}

const numberBytes = Int32Array.BYTES_PER_ELEMENT;

export class BlockBuilder {
  private count = 0;
  private readonly topic: string;
  private readonly partition: number;
  private readonly bytes: Buffer;
  private readonly baseOffset: number;
  private readonly timestamps: Float64Array;
  private readonly index: Int32Array;

  /** @param capacity records at most; checked against the bytes before */
  constructor(topic: string, partition: number, bytes: Buffer, baseOffset: number, capacity: number) {
    this.topic = topic;
    this.partition = partition;
    this.bytes = bytes;
    this.baseOffset = baseOffset;
    const memory = new ArrayBuffer(capacity * (Float64Array.BYTES_PER_ELEMENT + recordStride * numberBytes));
    this.timestamps = new Float64Array(memory, 0, capacity);
    this.index = new Int32Array(memory, capacity * Float64Array.BYTES_PER_ELEMENT, capacity * recordStride);
  }

  /**
   * Adds the `count` records that stand at `from` up to `to`. Numbers are read in place, five times over: everything that is fetched goes through this loop.
   * @returns what is wrong with them, as the end of "the topic has …"
   */
  addBatch(from: number, to: number, count: number, batch: BatchOfRecords): string | undefined {
    const { bytes, index, timestamps } = this;
    const { lastOffsetDelta, baseTimestampMs, appendedMs, fromOffset } = batch;
    const shift = batch.baseOffset - this.baseOffset;
    const leastDelta = fromOffset - batch.baseOffset;
    let lastDelta = -1;
    let entry = this.count;
    let at = from;
    let byte = 0;
    let value = 0;
    for (let record = 0; record < count; record++) {
      byte = bytes[at++]!;
      value = byte & 127;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 28) return broken(record);
        byte = bytes[at++]!;
        value |= (byte & 127) << bit;
      }
      const length = (value >>> 1) ^ -(value & 1);
      const end = at + length;
      if (length < 6 || end > to) return broken(record);
      // Attributes: nothing is in use.
      at++;
      // The time's delta has up to 64 bits.
      byte = bytes[at++]!;
      value = byte & 127;
      let high = 0;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 63) return broken(record);
        byte = bytes[at++]!;
        if (bit < 28) value |= (byte & 127) << bit;
        else high += (byte & 127) * 2 ** (bit - 28);
      }
      const timeDelta = high === 0 ? (value >>> 1) ^ -(value & 1) : longDelta(value, high);
      byte = bytes[at++]!;
      value = byte & 127;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 28) return broken(record);
        byte = bytes[at++]!;
        value |= (byte & 127) << bit;
      }
      const offsetDelta = (value >>> 1) ^ -(value & 1);
      if (offsetDelta <= lastDelta || offsetDelta > lastOffsetDelta) return `record ${record} of a batch out of order`;
      lastDelta = offsetDelta;
      const place = entry * recordStride;
      byte = bytes[at++]!;
      value = byte & 127;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 28) return broken(record);
        byte = bytes[at++]!;
        value |= (byte & 127) << bit;
      }
      const keyBytes = (value >>> 1) ^ -(value & 1);
      if (keyBytes > end - at) return broken(record);
      index[place + RecordField.keyStart] = keyBytes < 0 ? -1 : at;
      if (keyBytes > 0) at += keyBytes;
      index[place + RecordField.keyEnd] = keyBytes < 0 ? -1 : at;
      byte = bytes[at++]!;
      value = byte & 127;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 28) return broken(record);
        byte = bytes[at++]!;
        value |= (byte & 127) << bit;
      }
      const valueBytes = (value >>> 1) ^ -(value & 1);
      if (valueBytes > end - at) return broken(record);
      index[place + RecordField.valueStart] = valueBytes < 0 ? -1 : at;
      if (valueBytes > 0) at += valueBytes;
      index[place + RecordField.valueEnd] = valueBytes < 0 ? -1 : at;
      index[place + RecordField.headersStart] = at;
      index[place + RecordField.headersEnd] = end;
      byte = bytes[at++]!;
      value = byte & 127;
      for (let bit = 7; byte > 127; bit += 7) {
        if (bit > 28) return broken(record);
        byte = bytes[at++]!;
        value |= (byte & 127) << bit;
      }
      const headers = (value >>> 1) ^ -(value & 1);
      // A header has at least two lengths.
      if (headers < 0 || headers * 2 > end - at || (headers === 0 && at !== end)) return broken(record);
      index[place + RecordField.headerCount] = headers;
      index[place + RecordField.offsetDelta] = offsetDelta + shift;
      timestamps[entry] = appendedMs ?? baseTimestampMs + timeDelta;
      at = end;
      if (offsetDelta >= leastDelta) entry++;
    }
    if (at !== to) return "a batch with more bytes than its records have";
    this.count = entry;
    return undefined;
  }

  /** Undefined where nothing was left of the batches. */
  build(nextOffset: number): RecordBlock | undefined {
    const { topic, partition, bytes, baseOffset, count } = this;
    if (count === 0) return undefined;
    return {
      topic,
      partition,
      bytes,
      count,
      index: this.index.subarray(0, count * recordStride),
      baseOffset,
      timestamps: this.timestamps.subarray(0, count),
      nextOffset,
    };
  }
}

const broken = (record: number): string => `a batch whose record ${record} does not fit into it`;

/** Zigzag of more than 28 bits. */
function longDelta(low: number, high: number): number {
  const bits = high * 0x1000_0000 + low;
  return low & 1 ? -(bits + 1) / 2 : bits / 2;
}
