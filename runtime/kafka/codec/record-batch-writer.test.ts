/** Batches as they are written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordField, recordStride } from "../../engine/connector.ts";
import type { Compression } from "../client.ts";
import { recordsOf } from "./batch-samples.fixture.ts";
import { blockOfRecords } from "./block-of-records.ts";
import { encodeHeaders } from "./headers.ts";
import { javaBatches } from "./java-batches.fixture.ts";
import { readBlocks } from "./read-blocks.ts";
import { readWriter } from "./read-writer.ts";
import { type BatchHead, RecordBatchWriter } from "./record-batch-writer.ts";
import { writeVarint } from "./varint.ts";

const head: BatchHead = {
  producerId: -1n,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  compression: "none",
};

/** The five records of `javaBatches`. */
function writerOfFive(): RecordBatchWriter {
  const writer = new RecordBatchWriter();
  writer.add("key", "value of the first", 1_700_000_000_000);
  writer.add(null, Buffer.from('{"n":2}'), 1_700_000_000_007, encodeHeaders([["a", "b"]]));
  writer.add(
    "k",
    null,
    1_699_999_999_000,
    encodeHeaders([
      ["x", null],
      ["ü", ""],
    ]),
  );
  writer.add("", Buffer.alloc(0), 2_524_608_000_000);
  writer.add("key", "value of the first and more of the value of the first", 1_700_000_000_001);
  return writer;
}

describe("a written batch", () => {
  it("is byte for byte what Java writes", () => {
    const fromJava = Buffer.from(javaBatches.none, "base64");
    expect(writerOfFive().finish(head).toString("hex")).toBe(fromJava.toString("hex"));
  });

  it("has the head that it is given, and the same bytes whenever it is finished so", () => {
    const writer = writerOfFive();
    const given: BatchHead = { ...head, producerId: 2n ** 40n + 5n, producerEpoch: 3, baseSequence: 2 ** 31 - 1 };
    const bytes = Buffer.from(writer.finish({ ...given, isTransactional: true }));
    expect([bytes.readBigInt64BE(43), bytes.readInt16BE(51), bytes.readInt32BE(53)]).toEqual([
      2n ** 40n + 5n,
      3,
      2 ** 31 - 1,
    ]);
    expect(bytes.readInt16BE(21)).toBe(16);
    writer.finish(given);
    expect(writer.finish({ ...given, isTransactional: true }).equals(bytes)).toBe(true);
  });

  it("tells its size before it is finished", () => {
    const writer = writerOfFive();
    const { sizeBytes } = writer;
    expect(writer.finish(head)).toHaveLength(sizeBytes);
    expect(writer.finish({ ...head, compression: "gzip" }).length).toBeLessThan(sizeBytes);
    writer.reset();
    expect([writer.count, writer.sizeBytes]).toEqual([0, 61]);
  });

  it("can be filled again after a reset, without a trace of what was there", () => {
    const writer = writerOfFive();
    writer.finish({ ...head, isTransactional: true });
    writer.reset();
    for (const record of recordsOf([readWriter(writerOfFive())]))
      writer.add(
        record.key,
        record.value,
        record.timestampMs,
        encodeHeaders(record.headers.map(([name, value]) => [name, value])),
      );
    expect(writer.finish(head).equals(writerOfFive().finish(head))).toBe(true);
  });

  it("of a large record does not keep its memory", () => {
    const writer = new RecordBatchWriter();
    writer.add(null, "x".repeat(10_000_000), 0);
    writer.reset();
    writer.add(null, "small", 0);
    expect(writer.finish(head).buffer.byteLength).toBeLessThan(100_000);
  });

  it("takes back a timestamp that is no whole number, and stays as it was", () => {
    const writer = writerOfFive();
    for (const time of [1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => writer.add("k", "v", time)).toThrow(RangeError);
    expect(writer.finish(head).equals(writerOfFive().finish(head))).toBe(true);
  });

  it.each<Compression>(["none", "lz4"])("copied record by record is the same batch (%s)", (compression) => {
    const bytes = Buffer.from(writerOfFive().finish({ ...head, compression }));
    const [block] = readBlocks({ topic: "t", partition: 0, bytes, fromOffset: 0 }).blocks;
    const copy = new RecordBatchWriter(64);
    for (let record = 0; record < 5; record++) {
      const field = (name: keyof typeof RecordField) => block!.index[record * recordStride + RecordField[name]]!;
      copy.addRange(
        block!.bytes,
        field("keyStart"),
        field("keyEnd"),
        field("valueStart"),
        field("valueEnd"),
        field("headersStart"),
        field("headersEnd"),
        block!.timestamps[record]!,
      );
    }
    expect(copy.finish({ ...head, compression }).equals(bytes)).toBe(true);
  });

  it("copies ranges of all lengths, with and without headers", () => {
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), fc.nat(40), fc.nat(5), (key, value, headers, before) => {
        const source = Buffer.from(Array.from({ length: before + key + value }, (_, n) => n % 251));
        const encoded = encodeHeaders([["h".repeat(headers), "v"]]);
        const all = Buffer.concat([source, encoded]);
        const ends = [before, before + key, before + key + value] as const;
        const copied = new RecordBatchWriter(64);
        copied.addRange(all, ends[0], ends[1], ends[1], ends[2], ends[2], all.length, 5);
        copied.addRange(all, -1, -1, ends[0], ends[1], 0, 0, 6);
        copied.addRange(all, ends[1], ends[2], -1, -1, -1, -1, 7);
        const added = new RecordBatchWriter();
        added.add(all.subarray(ends[0], ends[1]), all.subarray(ends[1], ends[2]), 5, encoded);
        added.add(null, all.subarray(ends[0], ends[1]), 6);
        added.add(all.subarray(ends[1], ends[2]), null, 7);
        expect(copied.finish(head).equals(added.finish(head))).toBe(true);
      }),
    );
  });

  it("copies what stands as in a batch in one go, and writes a length anew that is longer than it has to be", () => {
    for (const value of [
      "",
      "v",
      "v".repeat(63),
      "v".repeat(64),
      "v".repeat(8191),
      "v".repeat(8192),
      "v".repeat(1 << 20),
    ]) {
      const added = new RecordBatchWriter();
      added.add("k", value, 5);
      for (const padding of [0, 1]) {
        const length = Buffer.alloc(6);
        const end = writeVarint(length, 0, value.length);
        if (padding > 0) length[end - 1]! |= 128;
        const source = Buffer.concat([Buffer.from("k"), length.subarray(0, end + padding), Buffer.from(`${value}\0`)]);
        const copied = new RecordBatchWriter();
        const start = 1 + end + padding;
        copied.addRange(source, 0, 1, start, source.length - 1, source.length - 1, source.length, 5);
        expect(copied.finish(head).equals(added.finish(head))).toBe(true);
      }
    }
  });

  it("has texts as UTF-8, lone surrogates as U+FFFD, whatever their length", () => {
    const text = fc.oneof(fc.string({ unit: fc.constantFrom("a", "é", "中", "😀", "\ud800"), maxLength: 90 }));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 5_000 }), (key, value, long) => {
        const writer = new RecordBatchWriter(64);
        writer.add(key, value + "x".repeat(long) + value, 0);
        const bytes = new RecordBatchWriter(64);
        bytes.add(Buffer.from(key), Buffer.from(value + "x".repeat(long) + value), 0);
        expect(writer.finish(head).equals(bytes.finish(head))).toBe(true);
      }),
    );
  });
});

describe("what stands in a writer", () => {
  it("can be read again before it is sent", () => {
    const block = readWriter(writerOfFive());
    const sent = Buffer.from(writerOfFive().finish(head));
    expect(recordsOf([block])).toEqual(
      recordsOf(readBlocks({ topic: "", partition: 0, bytes: sent, fromOffset: 0 }).blocks),
    );
    expect(readWriter(new RecordBatchWriter()).count).toBe(0);
  });
});

describe("a block of records that are objects", () => {
  it("has their offsets, with gaps", () => {
    const block = blockOfRecords(
      "orders",
      2,
      [
        { offset: 2 ** 40, timestampMs: 5, key: "a", value: Buffer.from("1"), headers: [["h", "x"]] },
        { offset: 2 ** 40 + 3, timestampMs: 4, key: null, value: null },
      ],
      2 ** 40 + 9,
    );
    expect(block).toMatchObject({ topic: "orders", partition: 2, count: 2, nextOffset: 2 ** 40 + 9 });
    expect(recordsOf([block!])).toEqual([
      { offset: 2 ** 40, timestampMs: 5, key: "a", value: "1", headers: [["h", "x"]] },
      { offset: 2 ** 40 + 3, timestampMs: 4, key: null, value: null, headers: [] },
    ]);
    expect(blockOfRecords("orders", 2, [])).toBeUndefined();
  });
});
