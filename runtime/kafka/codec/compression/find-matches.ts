/** What LZ4 and Snappy have in common: finding bytes that repeat earlier ones. */

/** Places in a match's part of `Matches.list`. */
export const MatchField = { start: 0, length: 1, distance: 2 } as const;
export const matchStride = 3;

export interface Matches {
  readonly count: number;
  /** `matchStride` numbers for each, in order, without overlaps. Overwritten by the next call. */
  readonly list: Int32Array;
}

const hashBits = 14;
const places = new Int32Array(1 << hashBits);
/** At most one match for four bytes of a block of 64 KiB. */
const list = new Int32Array(matchStride * (65_536 / 4));

/**
 * Finds repetitions of at least four bytes within `from` up to `to`, which are 64 KiB at most.
 * @param lastStart matches start before it
 * @param lastEnd and end before or at it
 */
export function findMatches(bytes: DataView, from: number, lastStart: number, lastEnd: number): Matches {
  places.fill(-1);
  let count = 0;
  let misses = 32;
  const limit = Math.min(lastStart, lastEnd - 3);
  for (let at = from; at < limit; ) {
    const word = bytes.getInt32(at);
    const hash = hashOf(word);
    const earlier = places[hash]!;
    places[hash] = at;
    if (earlier < 0 || bytes.getInt32(earlier) !== word) {
      // What does not repeat is gone through ever faster.
      at += misses++ >> 5;
      continue;
    }
    misses = 32;
    let end = at + 4;
    const distance = at - earlier;
    while (end + 4 <= lastEnd && bytes.getInt32(end) === bytes.getInt32(end - distance)) end += 4;
    while (end < lastEnd && bytes.getUint8(end) === bytes.getUint8(end - distance)) end++;
    const slot = count++ * matchStride;
    list[slot + MatchField.start] = at;
    list[slot + MatchField.length] = end - at;
    list[slot + MatchField.distance] = distance;
    at = end;
    // What comes next may repeat the end of this.
    if (end - 2 < limit) places[hashOf(bytes.getInt32(end - 2))] = end - 2;
  }
  return { count, list };
}

const hashOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);

/** For `decompress`, which says whose bytes they are. */
export function damaged(): never {
  throw new Error("The compressed bytes do not follow the format");
}

/** For `decompress`, which says how large it may be. */
export function tooLarge(): never {
  throw new RangeError("The bytes grow beyond what is allowed");
}
