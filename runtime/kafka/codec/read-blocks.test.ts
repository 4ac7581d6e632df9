/** Fetched bytes to blocks: what is given, what is left out, and bytes made to hurt. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordStride } from "../../engine/connector.ts";
import type { Compression } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { BatchField, writeLong } from "./batch-layout.ts";
import { recordsOf, type SampleRecord, sampleBatch, sampleMarker, withChecksum } from "./batch-samples.fixture.ts";
import { javaBatches } from "./java-batches.fixture.ts";
import { BlockReader, type FetchedBytes, readBlocks } from "./read-blocks.ts";

const compressions: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

const read = (bytes: Buffer, more: Partial<FetchedBytes> = {}) =>
  readBlocks({ topic: "orders", partition: 3, bytes, fromOffset: 0, ...more });

/** Values, each with its offset. */
const valuesOf = (bytes: Buffer, more: Partial<FetchedBytes> = {}) =>
  recordsOf(read(bytes, more).blocks).map(({ offset, value }) => `${offset} ${value}`);

const numbered = (from: number, to: number): SampleRecord[] =>
  Array.from({ length: to - from }, (_, n) => ({ value: `v${from + n}` }));

const bytes = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 90 }),
);
const record: fc.Arbitrary<Required<SampleRecord>> = fc.record({
  key: bytes,
  value: bytes,
  timestampMs: fc.oneof(fc.integer({ min: -1, max: 2 ** 42 }), fc.integer({ min: 1.7e12, max: 1.7e12 + 500 })),
  headers: fc.oneof(fc.constant([]), fc.array(fc.tuple(fc.string({ unit: "binary" }), bytes), { maxLength: 3 })),
});
const latin1 = (content: string | Uint8Array | null): string | null =>
  content === null ? null : Buffer.from(content).toString("latin1");

describe("a batch", () => {
  it("that our writer made comes back as it was, in every compression and from any offset", () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...compressions),
        fc.nat(2 ** 45),
        fc.nat(14),
        (records, compression, baseOffset, skipped) => {
          const batch = sampleBatch(records, { compression, baseOffset });
          const { blocks, nextOffset, neededBytes } = read(batch, { fromOffset: baseOffset + skipped });
          const expected = records.map(({ key, value, timestampMs, headers }, delta) => ({
            offset: baseOffset + delta,
            timestampMs,
            key: latin1(key),
            value: latin1(value),
            headers: headers.map(([name, content]) => [name, latin1(content)]),
          }));
          expect(recordsOf(blocks)).toEqual(expected.slice(skipped));
          expect([nextOffset, neededBytes]).toEqual([baseOffset + Math.max(records.length, skipped), 0]);
          for (const block of blocks) expect(block).toMatchObject({ topic: "orders", partition: 3, nextOffset });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(compressions)("that Java wrote with compression %s is read", (compression) => {
    expect(recordsOf(read(Buffer.from(javaBatches[compression], "base64")).blocks)).toEqual([
      { offset: 0, timestampMs: 1_700_000_000_000, key: "key", value: "value of the first", headers: [] },
      { offset: 1, timestampMs: 1_700_000_000_007, key: null, value: '{"n":2}', headers: [["a", "b"]] },
      {
        offset: 2,
        timestampMs: 1_699_999_999_000,
        key: "k",
        value: null,
        headers: [
          ["x", null],
          ["ü", ""],
        ],
      },
      { offset: 3, timestampMs: 2_524_608_000_000, key: "", value: "", headers: [] },
      {
        offset: 4,
        timestampMs: 1_700_000_000_001,
        key: "key",
        value: "value of the first and more of the value of the first",
        headers: [],
      },
    ]);
  });

  it("gives the broker's time of arrival where the topic says so", () => {
    const batch = sampleBatch([{ timestampMs: 5 }, { timestampMs: 7 }], {
      change: (given) => {
        given.writeInt16BE(8, BatchField.attributes);
        writeLong(given, BatchField.maxTimestamp, 1_700_000_000_000);
      },
    });
    expect(recordsOf(read(batch).blocks).map(({ timestampMs }) => timestampMs)).toEqual([
      1_700_000_000_000, 1_700_000_000_000,
    ]);
  });

  it("that compaction has taken all or the last records of is gone on behind", () => {
    const empty = sampleBatch([], { baseOffset: 4, change: (given) => given.writeInt32BE(5, 23) });
    const shortened = sampleBatch(numbered(0, 2), { baseOffset: 10, change: (given) => given.writeInt32BE(7, 23) });
    const { blocks, nextOffset } = read(Buffer.concat([empty, shortened]));
    expect(recordsOf(blocks).map(({ offset }) => offset)).toEqual([10, 11]);
    expect([nextOffset, blocks[0]?.nextOffset]).toEqual([18, 18]);
    expect(read(empty)).toEqual({ blocks: [], nextOffset: 10, neededBytes: 0 });
  });
});

describe("several batches", () => {
  it("that are small and not compressed become one block over the fetched bytes", () => {
    const fetched = Buffer.concat([0, 2, 7].map((baseOffset) => sampleBatch(numbered(0, 2), { baseOffset })));
    const { blocks } = read(fetched);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.bytes).toBe(fetched);
    expect(valuesOf(fetched)).toEqual(["0 v0", "1 v1", "2 v0", "3 v1", "7 v0", "8 v1"]);
  });

  it("keep their own times and order, compressed or not", () => {
    const fetched = Buffer.concat(
      compressions.map((compression, n) =>
        sampleBatch([{ timestampMs: n * 1_000, value: compression }], { baseOffset: n, compression }),
      ),
    );
    const { blocks, nextOffset } = read(fetched);
    expect(recordsOf(blocks).map(({ offset, timestampMs, value }) => [offset, timestampMs, value])).toEqual(
      compressions.map((compression, n) => [n, n * 1_000, compression]),
    );
    expect(blocks.map((block) => block.nextOffset)).toEqual([1, 2, 3, 4, 5]);
    expect(nextOffset).toBe(5);
  });

  it("that are far apart become blocks of their own", () => {
    const fetched = Buffer.concat([sampleBatch(numbered(0, 1)), sampleBatch(numbered(1, 2), { baseOffset: 2 ** 40 })]);
    expect(read(fetched).blocks).toHaveLength(2);
    expect(valuesOf(fetched)).toEqual(["0 v0", `${2 ** 40} v1`]);
  });

  it("of many records become blocks of some thousand", () => {
    const fetched = Buffer.concat(
      Array.from({ length: 30 }, (_, n) => sampleBatch(numbered(n * 300, n * 300 + 300), { baseOffset: n * 300 })),
    );
    const { blocks } = read(fetched);
    expect(Math.max(...blocks.map(({ count }) => count))).toBeLessThan(4_000);
    expect(recordsOf(blocks).map(({ offset }) => offset)).toEqual(Array.from({ length: 9_000 }, (_, n) => n));
  });

  it("of which the last was cut give the others", () => {
    const [first, second] = [sampleBatch(numbered(0, 2)), sampleBatch(numbered(2, 4), { baseOffset: 2 })];
    for (let cut = 0; cut < second.length; cut++) {
      const fetched = Buffer.concat([first, second.subarray(0, cut)]);
      expect(valuesOf(fetched)).toEqual(["0 v0", "1 v1"]);
      expect(read(fetched)).toMatchObject({ nextOffset: 2, neededBytes: 0 });
    }
  });

  it("of which not one is whole say how many bytes are needed", () => {
    const batch = sampleBatch([{ value: "x".repeat(5_000) }]);
    expect(read(batch.subarray(0, 4_000))).toEqual({ blocks: [], nextOffset: 0, neededBytes: batch.length });
    expect(read(Buffer.alloc(0))).toEqual({ blocks: [], nextOffset: 0, neededBytes: 0 });
  });
});

describe("transactions", () => {
  const inTransaction = (producerId: bigint, baseOffset: number, values: number) =>
    sampleBatch(numbered(baseOffset, baseOffset + values), { baseOffset, producerId, isTransactional: true });

  it("that were aborted are left out, and no others of the same producer", () => {
    const fetched = Buffer.concat([
      inTransaction(7n, 0, 2),
      inTransaction(8n, 2, 1),
      sampleMarker("abort", 3, 7n),
      inTransaction(7n, 4, 1),
      sampleMarker("commit", 5, 8n),
      sampleMarker("commit", 6, 7n),
      inTransaction(7n, 7, 1),
      sampleMarker("abort", 8, 7n),
    ]);
    const abortedTransactions = [
      { producerId: 7n, firstOffset: 7n },
      { producerId: 7n, firstOffset: 0n },
    ];
    expect(valuesOf(fetched, { abortedTransactions })).toEqual(["2 v2", "4 v4"]);
    expect(read(fetched, { abortedTransactions }).blocks.at(-1)?.nextOffset).toBe(9);
    expect(valuesOf(fetched)).toEqual(["0 v0", "1 v1", "2 v2", "4 v4", "7 v7"]);
  });

  it("that began before the offset asked for are left out too", () => {
    const fetched = Buffer.concat([inTransaction(7n, 4, 2), sampleMarker("abort", 6, 7n), inTransaction(9n, 7, 1)]);
    const abortedTransactions = [{ producerId: 7n, firstOffset: 1n }];
    expect(valuesOf(fetched, { fromOffset: 4, abortedTransactions })).toEqual(["7 v7"]);
  });

  it("leave nothing but markers: reading goes on behind them", () => {
    const fetched = Buffer.concat([sampleMarker("commit", 10, 7n), sampleMarker("abort", 11, 8n)]);
    expect(read(fetched, { fromOffset: 10 })).toEqual({ blocks: [], nextOffset: 12, neededBytes: 0 });
  });

  it("of a producer do not hide its records outside of transactions", () => {
    const fetched = sampleBatch(numbered(0, 1), { producerId: 7n });
    expect(valuesOf(fetched, { abortedTransactions: [{ producerId: 7n, firstOffset: 0n }] })).toEqual(["0 v0"]);
  });
});

describe("bytes that are no batch", () => {
  const sample = () => sampleBatch(numbered(0, 3), { baseOffset: 40 });
  const problem = (given: Buffer): KafkaError => {
    try {
      read(given);
    } catch (error) {
      if (error instanceof KafkaError) return error;
      throw error;
    }
    throw new Error("it was taken");
  };
  /** With a checksum that fits. */
  const changed = (change: (given: Buffer) => void) =>
    problem(sampleBatch([{ value: "one of some length" }, ...numbered(1, 3)], { baseOffset: 40, change }));

  it("are named with topic, partition, offset and what to do", () => {
    const given = sample();
    given[given.length - 1]! ^= 1;
    expect(problem(given)).toMatchObject({
      kind: "corrupt",
      topic: "orders",
      partition: 3,
      message:
        "Topic 'orders' partition 3 has a batch whose checksum is wrong at offset 40. The broker's disk or the network is damaged; to go on without these records, start behind them",
    });
  });

  it.each([0, 1])("of the old format %d are said to be so", (version) => {
    const given = sample();
    given[BatchField.magic] = version;
    expect(problem(given)).toMatchObject({ kind: "protocol" });
    expect(problem(given).message).toContain(`message format ${version}, from before Kafka 0.11`);
  });

  it("of a format to come are said to be so", () => {
    const given = sample();
    given[BatchField.magic] = 3;
    expect(problem(given).message).toContain("an unknown format (3)");
  });

  it("do not get memory for records that they only claim", () => {
    for (const count of [0x7fff_ffff, 50, -1])
      expect(changed((given) => given.writeInt32BE(count, BatchField.count)).message).toContain(`${count} records`);
    const packed = sampleBatch(numbered(0, 3), {
      compression: "lz4",
      change: (given) => given.writeInt32BE(9_999_999, 57),
    });
    expect(problem(packed).message).toContain("claims 9999999 records in");
  });

  it("whose records do not fit, or are too many or too few, are refused", () => {
    expect(changed((given) => given.writeInt32BE(2, BatchField.count)).message).toContain(
      "more bytes than its records",
    );
    expect(changed((given) => given.writeInt32BE(4, BatchField.count)).message).toContain("does not fit into it");
    expect(changed((given) => given.writeInt32BE(1, BatchField.lastOffsetDelta)).message).toContain("out of order");
    expect(changed((given) => given.writeInt32BE(-1, BatchField.lastOffsetDelta)).message).toContain("impossible");
    expect(changed((given) => given.writeInt16BE(5, BatchField.attributes)).message).toContain("compression 5");
    expect(changed((given) => given.writeInt16BE(2, BatchField.attributes)).message).toContain("snappy are damaged");
  });

  it("of an impossible length are refused", () => {
    for (const length of [0, 48, -5]) {
      const given = sample();
      given.writeInt32BE(length, BatchField.length);
      expect(problem(given).message).toContain(`a batch of ${length} bytes`);
    }
  });

  it("end the reading, after what stands before them, for good", () => {
    const good = (baseOffset: number) => sampleBatch(numbered(baseOffset, baseOffset + 1), { baseOffset });
    const damaged = [
      sampleBatch(numbered(1, 2), { baseOffset: 1, compression: "gzip", change: (given) => given.fill(0, 61) }),
      sampleBatch(numbered(1, 2), { baseOffset: 1 }).fill(0, 61),
    ];
    for (const bad of damaged) {
      const bytes = Buffer.concat([good(0), bad, good(2)]);
      const reader = new BlockReader({ topic: "orders", partition: 3, bytes, fromOffset: 0 });
      expect(reader.next()?.count).toBe(1);
      expect(() => reader.next()).toThrow("offset 1");
      expect(() => reader.next()).toThrow("offset 1");
    }
  });

  it("are never read beyond, whatever they are, and end in no other error", () => {
    const change = fc.tuple(fc.nat(400), fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)));
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...compressions),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (records, compression, changes) => {
          const good = sampleBatch([{ value: "before" }]);
          const given = sampleBatch(records, { compression, baseOffset: 1 });
          for (const [at, byte] of changes) given[at < 12 ? at : at % given.length] = byte;
          const fetched = Buffer.concat([good, withChecksum(given), good]);
          try {
            for (const block of read(fetched).blocks) {
              const places = block.index.filter((_, at) => at % recordStride < 6);
              expect(places.every((place) => place >= -1 && place <= block.bytes.length)).toBe(true);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaError);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("at random are never taken", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 61, maxLength: 300 }), (given) => {
        try {
          expect(read(Buffer.from(given)).blocks).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaError);
        }
      }),
    );
  });
});
