/**
 * The codec of record batches alone, µs of CPU per record; median of 7 rounds. 1,000 records of 186 bytes in a batch, keys and values as ranges unless said otherwise.
 * `node bench/kafka/codec.ts`
 */

import { RecordField, recordStride } from "../../runtime/engine/connector.ts";
import type { Compression } from "../../runtime/kafka/client.ts";
import { partitionOfRange } from "../../runtime/kafka/codec/murmur2.ts";
import { readBlocks } from "../../runtime/kafka/codec/read-blocks.ts";
import { type BatchHead, RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";

const records = 1_000;
const head: BatchHead = {
  producerId: 5n,
  producerEpoch: 0,
  baseSequence: 0,
  isTransactional: false,
  compression: "none",
};

const keys = Array.from({ length: records }, (_, n) => `customer-${n % 100}`);
const values = keys.map((customer, n) =>
  JSON.stringify({
    specversion: "1.0",
    id: `order-${n}`,
    source: "/orders/web",
    type: "order.created",
    time: "2026-01-01T00:00:00Z",
    data: { customer, amount: n * 1.25, country: "DE", items: 3 },
  }),
);

const writer = new RecordBatchWriter();

function fromTexts(): void {
  writer.reset();
  for (let n = 0; n < records; n++) writer.add(keys[n]!, values[n]!, 1_700_000_000_000 + n);
}

fromTexts();
const plain = Buffer.from(writer.finish(head));
const read = (bytes: Buffer) => readBlocks({ topic: "t", partition: 0, bytes, fromOffset: 0 }).blocks;
const block = read(plain)[0]!;

function fromRanges(): void {
  const { bytes, index, timestamps } = block;
  writer.reset();
  for (let n = 0, at = 0; n < records; n++, at += recordStride)
    writer.addRange(
      bytes,
      index[at + RecordField.keyStart]!,
      index[at + RecordField.keyEnd]!,
      index[at + RecordField.valueStart]!,
      index[at + RecordField.valueEnd]!,
      index[at + RecordField.headersStart]!,
      index[at + RecordField.headersEnd]!,
      timestamps[n]!,
    );
}

function partitions(): number {
  let sum = 0;
  for (let at = 0; at < records * recordStride; at += recordStride)
    sum += partitionOfRange(
      block.bytes,
      block.index[at + RecordField.keyStart]!,
      block.index[at + RecordField.keyEnd]!,
      12,
    );
  return sum;
}

function report(name: string, work: () => unknown): void {
  for (let n = 0; n < 200; n++) work();
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    for (let n = 0; n < 300; n++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 300 / records;
  }).sort((left, right) => left - right);
  console.log(`${name.padEnd(34)}${rounds[3]!.toFixed(3)}`);
}

report("read: checksum and index", () => read(plain));
report("write ranges, with checksum", () => {
  fromRanges();
  writer.finish(head);
});
report("write texts, with checksum", () => {
  fromTexts();
  writer.finish(head);
});
report("of it the checksum", () => writer.finish(head));
report("partition of a key", partitions);
for (const compression of ["gzip", "snappy", "lz4", "zstd"] satisfies Compression[]) {
  const packed = Buffer.from(writer.finish({ ...head, compression }));
  report(`${compression}: write, to 1/${(plain.length / packed.length).toFixed(1)}`, () =>
    writer.finish({ ...head, compression }),
  );
  report(`${compression}: read`, () => read(packed));
}
