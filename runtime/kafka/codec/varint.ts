/** Whole numbers of varying length as records have them: zigzag, seven bits a byte, the lowest first. */

/** How many bytes `writeVarint` writes; of a 32-bit number. */
export function sizeOfVarint(value: number): number {
  const bits = (value << 1) ^ (value >> 31);
  if (bits >>> 0 < 0x80) return 1;
  if (bits >>> 0 < 0x4000) return 2;
  if (bits >>> 0 < 0x200000) return 3;
  return bits >>> 0 < 0x10000000 ? 4 : 5;
}

/** Writes a 32-bit number; gives the place behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let bits = ((value << 1) ^ (value >> 31)) >>> 0;
  while (bits > 127) {
    bytes[at++] = (bits & 127) | 128;
    bits >>>= 7;
  }
  bytes[at++] = bits;
  return at;
}

/** Whether the bytes from `from` up to `to` are what `writeVarint` writes; of a number up to 2^20, false for any other. */
export function isVarint(bytes: Uint8Array, from: number, to: number, value: number): boolean {
  const bits = (value << 1) ^ (value >> 31);
  if (bits >>> 0 < 0x80) return to - from === 1 && bytes[from] === bits;
  if (bits >>> 0 < 0x4000)
    return to - from === 2 && bytes[from] === ((bits & 127) | 128) && bytes[from + 1] === bits >> 7;
  return (
    bits >>> 0 < 0x20_0000 &&
    to - from === 3 &&
    bytes[from] === ((bits & 127) | 128) &&
    bytes[from + 1] === (((bits >> 7) & 127) | 128) &&
    bytes[from + 2] === bits >> 14
  );
}

/** Whether a number takes the short way. */
const isInt32 = (value: number): boolean => value === (value | 0);

/** How many bytes `writeVarlong` writes; of a safe integer. */
export function sizeOfVarlong(value: number): number {
  if (isInt32(value)) return sizeOfVarint(value);
  let size = 1;
  for (let bits = zigzag(value); bits > 127; bits = Math.floor(bits / 128)) size++;
  return size;
}

/** Writes a safe integer; gives the place behind it. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (isInt32(value)) return writeVarint(bytes, at, value);
  let bits = zigzag(value);
  while (bits > 127) {
    bytes[at++] = (bits % 128) | 128;
    bits = Math.floor(bits / 128);
  }
  bytes[at++] = bits;
  return at;
}

/** Exact up to 2^52; times of records are far below. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
