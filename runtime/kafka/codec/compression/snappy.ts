/**
 * Snappy, in the frames of snappy-java that Kafka's Java clients write, and plain as librdkafka writes it.
 * Source: https://github.com/google/snappy/blob/main/format_description.txt; the frames: org.xerial.snappy.SnappyOutputStream.
 */
import { copyBytes, repeatBytes, viewOf } from "../copy-bytes.ts";
import { damaged, findMatches, MatchField, matchStride, tooLarge } from "./find-matches.ts";

/** Magic, then version 1 and the lowest version that can read it. */
const frameHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
const magicBytes = 8;
const blockBytes = 32 * 1024;

export function compressSnappy(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / blockBytes);
  // What does not shrink is found out when it is there: the format's own bound of a block is 32 + n + n / 6.
  const most = bytes.length + Math.ceil(bytes.length / 6) + blocks * (4 + 32);
  const target = Buffer.allocUnsafeSlow(frameHead.length + most);
  target.set(frameHead);
  const source = viewOf(bytes);
  const view = viewOf(target);
  let at = frameHead.length;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const end = compressBlock(source, from, Math.min(from + blockBytes, bytes.length), view, at + 4);
    target.writeUInt32BE(end - at - 4, at);
    at = end;
  }
  return target.subarray(0, at);
}

/** @throws Error when it is damaged; RangeError when it becomes larger than `maxBytes` */
export function decompressSnappy(bytes: Uint8Array, maxBytes: number): Buffer {
  const ranges = isFramed(bytes) ? frames(bytes) : [{ from: 0, to: bytes.length }];
  const sizes = ranges.map(({ from, to }) => sizeOf(bytes, from, to));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) tooLarge();
  const target = Buffer.allocUnsafeSlow(total);
  const source = viewOf(bytes);
  const view = viewOf(target);
  let at = 0;
  for (const [index, { to }] of ranges.entries()) {
    const { size, start } = sizes[index]!;
    decompressBlock(source, start, to, view, at, at + size);
    at += size;
  }
  return target;
}

function isFramed(bytes: Uint8Array): boolean {
  if (bytes.length < frameHead.length) return false;
  for (let at = 0; at < magicBytes; at++) if (bytes[at] !== frameHead[at]) return false;
  return true;
}

/** Each: its length in four bytes, then a block. */
function frames(bytes: Uint8Array): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let at = frameHead.length; at < bytes.length; ) {
    if (at + 4 > bytes.length) damaged();
    const length = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    const from = at + 4;
    if (length > bytes.length - from) damaged();
    found.push({ from, to: from + length });
    at = from + length;
  }
  return found;
}

/** What a block says that it becomes, and where it goes on behind that. */
function sizeOf(bytes: Uint8Array, from: number, to: number): { readonly size: number; readonly start: number } {
  let size = 0;
  for (let at = from, factor = 1; at < to && at < from + 5; at++, factor *= 128) {
    size += (bytes[at]! & 127) * factor;
    if (bytes[at]! > 127) continue;
    // Three bytes give 64 at most.
    if (size > (to - at) * 22) damaged();
    return { size, start: at + 1 };
  }
  return damaged();
}

function decompressBlock(
  bytes: DataView,
  from: number,
  to: number,
  target: DataView,
  begin: number,
  end: number,
): void {
  let at = begin;
  for (let next = from; next < to; ) {
    const tag = bytes.getUint8(next++);
    if ((tag & 3) === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const more = length - 59;
        if (next + more > to) damaged();
        length = 0;
        for (let index = 0; index < more; index++) length += bytes.getUint8(next + index) * 2 ** (8 * index);
        next += more;
      }
      length++;
      if (length > to - next || length > end - at) damaged();
      at = copyBytes(bytes, next, next + length, target, at);
      next += length;
      continue;
    }
    const distanceBytes = (tag & 3) === 3 ? 4 : tag & 3;
    if (next + distanceBytes > to) damaged();
    let length = (tag >>> 2) + 1;
    let distance = bytes.getUint8(next);
    if (distanceBytes === 1) {
      length = ((tag >>> 2) & 7) + 4;
      distance |= (tag >>> 5) << 8;
    } else {
      distance |= bytes.getUint8(next + 1) << 8;
      if (distanceBytes === 4) distance += bytes.getUint8(next + 2) * 0x10000 + bytes.getUint8(next + 3) * 0x1000000;
    }
    next += distanceBytes;
    if (distance === 0 || distance > at - begin || length > end - at) damaged();
    at = repeatBytes(target, at, distance, length);
  }
  if (at !== end) damaged();
}

/** Gives the place behind it. */
function compressBlock(bytes: DataView, from: number, to: number, target: DataView, begin: number): number {
  let at = writeSize(target, begin, to - from);
  const { count, list } = findMatches(bytes, from, to - 3, to);
  let literal = from;
  for (let match = 0; match < count; match++) {
    const start = list[match * matchStride + MatchField.start]!;
    const length = list[match * matchStride + MatchField.length]!;
    at = writeLiteral(bytes, literal, start, target, at);
    at = writeCopy(target, at, list[match * matchStride + MatchField.distance]!, length);
    literal = start + length;
  }
  return writeLiteral(bytes, literal, to, target, at);
}

function writeSize(target: DataView, at: number, size: number): number {
  for (; size > 127; size >>>= 7) target.setUint8(at++, (size & 127) | 128);
  target.setUint8(at++, size);
  return at;
}

function writeLiteral(bytes: DataView, from: number, to: number, target: DataView, at: number): number {
  const length = to - from;
  if (length === 0) return at;
  const last = length - 1;
  if (last < 60) target.setUint8(at++, last << 2);
  else if (last < 256) {
    target.setUint8(at++, 60 << 2);
    target.setUint8(at++, last);
  } else {
    target.setUint8(at++, 61 << 2);
    target.setUint8(at++, last & 255);
    target.setUint8(at++, last >>> 8);
  }
  return copyBytes(bytes, from, to, target, at);
}

/** In pieces of 64 at most, none shorter than 4. */
function writeCopy(target: DataView, at: number, distance: number, length: number): number {
  let left = length;
  while (left > 64) {
    const piece = left < 68 ? 60 : 64;
    at = writePiece(target, at, distance, piece);
    left -= piece;
  }
  return writePiece(target, at, distance, left);
}

function writePiece(target: DataView, at: number, distance: number, length: number): number {
  if (length < 12 && distance < 2048) {
    target.setUint8(at++, 1 | ((length - 4) << 2) | ((distance >>> 8) << 5));
    target.setUint8(at++, distance & 255);
    return at;
  }
  target.setUint8(at++, 2 | ((length - 1) << 2));
  target.setUint8(at++, distance & 255);
  target.setUint8(at++, distance >>> 8);
  return at;
}
