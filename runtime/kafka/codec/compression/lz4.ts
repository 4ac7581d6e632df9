/**
 * LZ4 frames as Kafka's Java clients write and read them.
 * Source: https://github.com/lz4/lz4/tree/dev/doc, lz4_Frame_format.md and lz4_Block_format.md.
 */
import { copyBytes, repeatBytes, viewOf } from "../copy-bytes.ts";
import { damaged, findMatches, MatchField, matchStride, tooLarge } from "./find-matches.ts";

/** Magic, version 1 with independent blocks, blocks of 64 KiB, and the checksum of these two. */
const frameHead = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const blockBytes = 64 * 1024;
/** The highest bit of a block's length: it is not compressed. */
const plainBlock = 0x8000_0000;
const endMarkBytes = 4;

export function compressLz4(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / blockBytes);
  // What does not shrink is found out when it is there: one more byte for each 255 that stay as they are.
  const most = bytes.length + blocks * (4 + 16) + Math.ceil(bytes.length / 255);
  const target = Buffer.allocUnsafeSlow(frameHead.length + most + endMarkBytes);
  target.set(frameHead);
  const source = viewOf(bytes);
  const view = viewOf(target);
  let at = frameHead.length;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const to = Math.min(from + blockBytes, bytes.length);
    const end = compressBlock(source, from, to, view, at + 4);
    const isSmaller = end - at - 4 < to - from;
    if (!isSmaller) copyBytes(source, from, to, view, at + 4);
    target.writeUInt32LE(isSmaller ? end - at - 4 : plainBlock + to - from, at);
    at = isSmaller ? end : at + 4 + to - from;
  }
  target.writeUInt32LE(0, at);
  return target.subarray(0, at + endMarkBytes);
}

/** @throws Error when it is damaged; RangeError when it becomes larger than `maxBytes` */
export function decompressLz4(bytes: Uint8Array, maxBytes: number): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const frame = readHead(source);
  const view = viewOf(source);
  let target: Buffer = Buffer.allocUnsafeSlow(Math.min(maxBytes, frame.contentBytes ?? bytes.length * 4));
  let targetView = viewOf(target);
  let at = 0;
  let next = frame.start;
  for (;;) {
    if (next + 4 > source.length) damaged();
    const head = source.readUInt32LE(next);
    next += 4;
    if (head === 0) break;
    const isPlain = head >= plainBlock;
    const size = isPlain ? head - plainBlock : head;
    if (size > source.length - next || size > frame.blockBytes) damaged();
    const room = isPlain ? size : Math.min(frame.blockBytes, size * 255);
    if (target.length - at < room && target.length < maxBytes) {
      target = grown(target, at, room, maxBytes);
      targetView = viewOf(target);
    }
    const limit = Math.min(target.length, at + room);
    if (isPlain) {
      if (size > limit - at) tooLarge();
      at = copyBytes(view, next, next + size, targetView, at);
    } else at = decompressBlock(view, next, next + size, targetView, at, limit, limit < at + room);
    next += size + (frame.hasBlockChecksums ? 4 : 0);
  }
  if (next + (frame.hasContentChecksum ? 4 : 0) !== source.length) damaged();
  return target.subarray(0, at);
}

interface FrameHead {
  /** Of the first block. */
  readonly start: number;
  /** Of a block, at most. */
  readonly blockBytes: number;
  readonly contentBytes: number | undefined;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
}

/** Checksums are not looked at: that of the batch goes over all of it. */
function readHead(source: Buffer): FrameHead {
  if (source.length < frameHead.length + endMarkBytes || source.readUInt32LE(0) !== 0x184d2204) damaged();
  const flags = source[4]!;
  const blockSize = (source[5]! >>> 4) & 7;
  const hasDictionary = (flags & 1) !== 0;
  if (flags >>> 6 !== 1 || hasDictionary || blockSize < 4) damaged();
  const hasContentSize = (flags & 8) !== 0;
  const start = hasContentSize ? 15 : 7;
  if (source.length < start + endMarkBytes) damaged();
  const stated = hasContentSize ? source.readUInt32LE(6) + source.readUInt32LE(10) * 2 ** 32 : undefined;
  return {
    start,
    blockBytes: 1 << (8 + 2 * blockSize),
    // Nothing grows by more than this.
    contentBytes: stated !== undefined && stated <= source.length * 255 ? stated : undefined,
    hasBlockChecksums: (flags & 16) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
  };
}

function grown(target: Buffer, used: number, more: number, maxBytes: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(used + more, target.length * 2)));
  target.copy(larger, 0, 0, used);
  return larger;
}

/** Gives the place behind what it became. Matches may reach into earlier blocks. */
function decompressBlock(
  source: DataView,
  from: number,
  to: number,
  target: DataView,
  begin: number,
  limit: number,
  isAtMaximum: boolean,
): number {
  let next = from;
  let at = begin;
  const full = (): never => (isAtMaximum ? tooLarge() : damaged());
  while (next < to) {
    const token = source.getUint8(next++);
    let literals = token >>> 4;
    if (literals === 15) {
      let byte = 255;
      while (byte === 255) {
        if (next >= to) damaged();
        byte = source.getUint8(next++);
        literals += byte;
      }
    }
    if (literals > to - next) damaged();
    if (literals > limit - at) full();
    at = copyBytes(source, next, next + literals, target, at);
    next += literals;
    // The last one has no match.
    if (next === to) return at;
    if (next + 2 > to) damaged();
    const distance = source.getUint16(next, true);
    next += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let byte = 255;
      while (byte === 255) {
        if (next >= to) damaged();
        byte = source.getUint8(next++);
        length += byte;
      }
    }
    if (distance === 0 || distance > at) damaged();
    if (length > limit - at) full();
    at = repeatBytes(target, at, distance, length);
  }
  return damaged();
}

/** Gives the place behind it. The last five bytes are literals, and no match starts in the last twelve. */
function compressBlock(bytes: DataView, from: number, to: number, target: DataView, begin: number): number {
  const { count, list } = findMatches(bytes, from, to - 12, to - 5);
  let at = begin;
  let literal = from;
  for (let match = 0; match < count; match++) {
    const start = list[match * matchStride + MatchField.start]!;
    const length = list[match * matchStride + MatchField.length]!;
    const distance = list[match * matchStride + MatchField.distance]!;
    at = writeSequence(bytes, literal, start, length - 4, target, at);
    target.setUint16(at, distance, true);
    at += 2;
    if (length - 4 >= 15) at = writeRest(target, at, length - 4 - 15);
    literal = start + length;
  }
  return writeSequence(bytes, literal, to, 0, target, at);
}

/** The token and the literals. */
function writeSequence(
  bytes: DataView,
  from: number,
  to: number,
  matchLength: number,
  target: DataView,
  at: number,
): number {
  const literals = to - from;
  target.setUint8(at++, (Math.min(literals, 15) << 4) | Math.min(matchLength, 15));
  if (literals >= 15) at = writeRest(target, at, literals - 15);
  return copyBytes(bytes, from, to, target, at);
}

function writeRest(target: DataView, at: number, rest: number): number {
  for (; rest >= 255; rest -= 255) target.setUint8(at++, 255);
  target.setUint8(at++, rest);
  return at;
}
