/** Copies short ranges of bytes eight at a time: below some hundred bytes that is faster than the way into native code. */

/** From here on native code is faster. */
const longBytes = 320;

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Copies `from` up to `to` to another place, which must not overlap. @returns the place behind it */
export function copyBytes(source: DataView, from: number, to: number, target: DataView, at: number): number {
  const length = to - from;
  const end = at + length;
  if (length >= longBytes)
    new Uint8Array(target.buffer, target.byteOffset + at, length).set(
      new Uint8Array(source.buffer, source.byteOffset + from, length),
    );
  else if (length >= 8) {
    const shift = from - at;
    for (const last = end - 8; at < last; at += 8) target.setBigUint64(at, source.getBigUint64(at + shift));
    // The last eight may have been copied in part.
    target.setBigUint64(end - 8, source.getBigUint64(to - 8));
  } else for (; from < to; from++) target.setUint8(at++, source.getUint8(from));
  return end;
}

/** Repeats the `length` bytes that stand `distance` before `at`; they may reach into themselves. @returns the place behind it */
export function repeatBytes(bytes: DataView, at: number, distance: number, length: number): number {
  const end = at + length;
  if (distance >= 8 && length >= 8) {
    for (const last = end - 8; at < last; at += 8) bytes.setBigUint64(at, bytes.getBigUint64(at - distance));
    bytes.setBigUint64(end - 8, bytes.getBigUint64(end - 8 - distance));
  } else for (; at < end; at++) bytes.setUint8(at, bytes.getUint8(at - distance));
  return end;
}

/** What is larger is not kept until the next one comes. */
const keptBytes = 16 * 1024 * 1024;
let lastSource: Uint8Array = new Uint8Array();
let lastView = viewOf(lastSource);

/** The same, of a source of which many ranges are copied one after the other. */
export function copyFrom(source: Uint8Array, from: number, to: number, target: DataView, at: number): number {
  if (source !== lastSource) {
    if (source.length > keptBytes) return copyBytes(viewOf(source), from, to, target, at);
    lastSource = source;
    lastView = viewOf(source);
  }
  return copyBytes(lastView, from, to, target, at);
}
