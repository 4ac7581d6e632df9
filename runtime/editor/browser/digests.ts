/** Node's `createHash` where there is no Node: SHA-1 and SHA-256, which browsers have only as promises. Source: FIPS 180-4. */
import { Buffer } from "./buffer.ts";

interface Digest {
  readonly state: readonly number[];
  /** Works one block of 64 bytes into the state, in place. */
  block(state: number[], words: Int32Array): void;
}

const encoder = new TextEncoder();

export function createHash(name: "sha1" | "sha256") {
  let bytes: number[] = [];
  const hash = {
    update(part: string | Uint8Array) {
      bytes = bytes.concat(Array.from(typeof part === "string" ? encoder.encode(part) : part));
      return hash;
    },
    digest(encoding?: "hex") {
      const result = digestOf(name === "sha1" ? sha1 : sha256, bytes);
      return encoding === undefined ? result : result.toString(encoding);
    },
  };
  return hash;
}

function digestOf({ state: initial, block }: Digest, bytes: readonly number[]) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = [...initial];
  for (let at = 0; at < padded.length; at += 64) {
    block(
      state,
      Int32Array.from({ length: 16 }, (_, i) => view.getInt32(at + i * 4)),
    );
  }
  const result = Buffer.alloc(state.length * 4);
  const out = new DataView(result.buffer);
  for (const [i, word] of state.entries()) out.setInt32(i * 4, word);
  return result;
}

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const sha1: Digest = {
  state: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  block(state, first) {
    const words = Int32Array.from({ length: 80 }, (_, i) => first[i] ?? 0);
    for (let i = 16; i < 80; i++)
      words[i] = rotateLeft(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
    let [a, b, c, d, e] = state as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotateLeft(a, 5) + mixed + e + constant + words[i]!) | 0;
      [a, b, c, d, e] = [next, a, rotateLeft(b, 30), c, d];
    }
    for (const [i, word] of [a, b, c, d, e].entries()) state[i] = (state[i]! + word) | 0;
  },
};

/** The first 32 bits of the fractional part of a root of each prime. */
const primes = [...Array(312).keys()].slice(2).filter(
  (n) =>
    !Array.from({ length: n }, (_, i) => i)
      .slice(2)
      .some((d) => n % d === 0),
);
const fraction = (root: number): number => ((root % 1) * 0x1_0000_0000) | 0;
const constants = primes.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));

const sha256: Digest = {
  state: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
  block(state, first) {
    const words = Int32Array.from({ length: 64 }, (_, i) => first[i] ?? 0);
    const right = (word: number, by: number): number => rotateLeft(word, 32 - by);
    for (let i = 16; i < 64; i++) {
      const [early, late] = [words[i - 15]!, words[i - 2]!];
      const small = right(early, 7) ^ right(early, 18) ^ (early >>> 3);
      words[i] = words[i - 16]! + small + words[i - 7]! + (right(late, 17) ^ right(late, 19) ^ (late >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const one = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + constants[i]! + words[i]!;
      const two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + word) | 0;
  },
};
