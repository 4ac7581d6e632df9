/** Compression of batches: round trips, other implementations, and bytes made to hurt. */
import zlib from "node:zlib";
import { compressionsAlgorithms } from "@platformatic/kafka";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compression } from "../../client.ts";
import { KafkaError } from "../../kafka-error.ts";
import { compress, decompress } from "./compression.ts";

const compressions: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];
const own: readonly ("snappy" | "lz4")[] = ["snappy", "lz4"];

/** Bytes that repeat themselves at all distances, and some that do not. */
const bytes = fc
  .array(
    fc.oneof(
      fc.record({ part: fc.uint8Array({ minLength: 1, maxLength: 90 }), times: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ part: fc.uint8Array({ maxLength: 400 }), times: fc.constant(1) }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts.flatMap(({ part, times }) => Array.from({ length: times }, () => part))));

describe.each(compressions)("%s", (compression) => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(decompress(compression, compress(compression, given)).equals(given)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("gives back what does not shrink, of any length", () => {
    const noise = Buffer.alloc(200_000);
    for (let at = 0, state = 1; at < noise.length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      noise[at] = state >>> 24;
    }
    for (const length of [0, 1, 12, 13, 255, 256, 32_768, 32_769, 65_536, 65_537, 200_000]) {
      const given = noise.subarray(0, length);
      expect(decompress(compression, compress(compression, given)).equals(given)).toBe(true);
    }
  });

  it("never fails in any other way than with an error of Kafka, whatever the bytes", () => {
    const damaged = fc
      .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([given, changes, cut]) => {
        const packed = Buffer.from(compress(compression, given));
        for (const [at, byte] of changes) if (packed.length > 0) packed[at % packed.length] = byte;
        return packed.subarray(0, packed.length - (cut % 3 === 0 ? cut % (packed.length + 1) : 0));
      });
    const anything = fc.oneof(damaged, fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(anything, (given) => {
        try {
          expect(decompress(compression, given, 1_000_000).length).toBeLessThanOrEqual(1_000_000);
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(compressions.slice(1))("%s", (compression) => {
  it("that becomes larger than allowed is refused, without the memory for it", () => {
    const packed = compress(compression, Buffer.alloc(20_000_000));
    expect(() => decompress(compression, packed, 10_000)).toThrow(`compressed with ${compression} grow beyond 10000`);
    expect(decompress(compression, packed, 20_000_000)).toHaveLength(20_000_000);
  });
});

describe.each(own)("our own %s", (compression) => {
  it("and that of others read each other", () => {
    const other = compressionsAlgorithms[compression];
    fc.assert(
      fc.property(
        bytes.filter(({ length }) => length > 0),
        (given) => {
          const written = Buffer.from(compress(compression, given));
          expect(Buffer.from(other.decompressSync(written)).equals(given)).toBe(true);
          expect(decompress(compression, Buffer.from(other.compressSync(given))).equals(given)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("makes text smaller", () => {
    const text = Buffer.from(Array.from({ length: 500 }, (_, n) => JSON.stringify({ order: n, country: "DE" })).join());
    expect(compress(compression, text).length).toBeLessThan(text.length / 2);
  });
});

describe("lengths that were made up", () => {
  it("are not believed by Snappy", () => {
    // 1 GiB in six bytes.
    expect(() => decompress("snappy", Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0]))).toThrow("are damaged");
  });

  it("are not believed by LZ4", () => {
    const frame = Buffer.from(compress("lz4", Buffer.from("a text")));
    const sized = Buffer.concat([frame.subarray(0, 6), Buffer.alloc(8, 0xff), frame.subarray(6)]);
    sized[4] = 0x68;
    expect(decompress("lz4", sized).toString()).toBe("a text");
  });
});

describe("LZ4 frames of others", () => {
  it("may have checksums of blocks and of the content, which are not looked at", () => {
    const frame = Buffer.from(compress("lz4", Buffer.from("a text, a text, a text, a text")));
    const [head, block, end] = [frame.subarray(0, 7), frame.subarray(7, -4), frame.subarray(-4)];
    const sum = Buffer.alloc(4);
    const withSums = Buffer.concat([head, block, sum, end, sum]);
    withSums[4] = 0x60 | 0x10 | 0x04;
    expect(decompress("lz4", withSums).toString()).toBe("a text, a text, a text, a text");
  });
});

describe("zstd", () => {
  it("is said to be missing where this Node.js has none", () => {
    const { zstdDecompressSync } = zlib;
    try {
      Object.assign(zlib, { zstdDecompressSync: undefined });
      expect(() => decompress("zstd", Buffer.from("x"))).toThrow("needs Node.js 22.15");
    } finally {
      Object.assign(zlib, { zstdDecompressSync });
    }
  });
});
