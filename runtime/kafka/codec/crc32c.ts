/** CRC-32C, the checksum of a record batch: native where the package for it is installed, else by tables (about 8 times slower). */
import { createRequire } from "node:module";

/** Of `bytes`; `state` is what came out for the bytes before. Unsigned. */
export type Crc32c = (bytes: Uint8Array, state?: number) => number;

const tables = sliceTables();

/** Eight bytes a step. */
export const crc32cByTables: Crc32c = (bytes, state = 0) => {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = ~state;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      t7[low & 255]! ^
      t6[(low >>> 8) & 255]! ^
      t5[(low >>> 16) & 255]! ^
      t4[low >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
};

export const crc32c: Crc32c = nativeCrc32c() ?? crc32cByTables;

function nativeCrc32c(): Crc32c | undefined {
  try {
    const loaded: { readonly crc32c?: Crc32c } = createRequire(import.meta.url)("@node-rs/crc32");
    return loaded.crc32c;
  } catch {
    // It is optional, and not built for every machine.
    return undefined;
  }
}

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

function sliceTables(): Tables {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[byte] = crc;
  }
  const next = (table: Int32Array) => table.map((crc) => first[crc & 255]! ^ (crc >>> 8));
  const second = next(first);
  const third = next(second);
  const fourth = next(third);
  const fifth = next(fourth);
  const sixth = next(fifth);
  const seventh = next(sixth);
  return [first, second, third, fourth, fifth, sixth, seventh, next(seventh)];
}
