/**
 * Where things stand in a record batch of version 2. All numbers are big-endian.
 * Source: https://kafka.apache.org/documentation/#recordbatch
 */
export const BatchField = {
  baseOffset: 0,
  /** Of all that follows it. */
  length: 8,
  leaderEpoch: 12,
  /** The version; in the two older formats too. */
  magic: 16,
  /** Over all that follows it. */
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

/** Bits of the attributes, above the three of the compression. */
export const BatchFlag = {
  /** Times are the broker's: `maxTimestamp` is that of every record. */
  logAppendTime: 8,
  transactional: 16,
  /** Its one record is a marker: a transaction was committed or aborted. */
  control: 32,
} as const;

/** Length, attributes, two deltas, key, value and header count with nothing in them. */
export const leastRecordBytes = 7;

/** A 64-bit number that is in fact far below 2^53. */
export function readLong(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

export function writeLong(bytes: Buffer, at: number, value: number): void {
  bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}
