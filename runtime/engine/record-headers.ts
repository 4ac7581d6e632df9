/** Headers of a record of a log, as they stand in it: their count, then length and bytes of each name and value; lengths are zigzag numbers of varying length, −1 is null. */

export type HeaderEntry = readonly [name: string, value: string | Uint8Array | null];

/** Undefined where there are none. */
export function encodeHeaders(headers: readonly HeaderEntry[]): Uint8Array | undefined {
  if (headers.length === 0) return undefined;
  let size = maxNumberBytes;
  for (const [name, value] of headers) size += 2 * maxNumberBytes + 3 * name.length + sizeOf(value);
  const bytes = Buffer.allocUnsafe(size);
  let at = writeNumber(bytes, 0, headers.length);
  for (const [name, value] of headers) {
    at = writeBytes(bytes, at, name);
    at = value === null ? writeNumber(bytes, at, -1) : writeBytes(bytes, at, value);
  }
  return bytes.subarray(0, at);
}

/** The last of each name. Values are views. What is damaged ends it. */
export function readHeaders(bytes: Buffer): ReadonlyMap<string, Uint8Array | null> {
  const headers = new Map<string, Uint8Array | null>();
  const reader = new Reader(bytes);
  for (let left = reader.number(); left > 0 && reader.at < bytes.length; left--) {
    const name = reader.range();
    const value = reader.range();
    if (name === null) break;
    const text = name.toString("utf8");
    // A name that comes again takes the last place.
    headers.delete(text);
    headers.set(text, value);
  }
  return headers;
}

const maxNumberBytes = 5;

const sizeOf = (value: HeaderEntry[1]): number =>
  value === null ? 0 : typeof value === "string" ? 3 * value.length : value.length;

function writeBytes(bytes: Buffer, at: number, content: string | Uint8Array): number {
  if (typeof content !== "string") {
    const from = writeNumber(bytes, at, content.length);
    bytes.set(content, from);
    return from + content.length;
  }
  const length = Buffer.byteLength(content);
  const from = writeNumber(bytes, at, length);
  return from + bytes.write(content, from, length, "utf8");
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  let bits = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = at;
  for (; bits > 127; bits >>>= 7) bytes[next++] = (bits & 127) | 128;
  bytes[next++] = bits;
  return next;
}

class Reader {
  at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  number(): number {
    let bits = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      bits |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    return (bits >>> 1) ^ -(bits & 1);
  }

  range(): Buffer | null {
    const length = this.number();
    if (length < 0) return null;
    const from = this.at;
    this.at = Math.min(this.bytes.length, from + length);
    return this.bytes.subarray(from, this.at);
  }
}
