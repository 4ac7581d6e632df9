/** Records on their way to one topic: each is written straight into the batch of its partition. */
import {
  type RecordBlock,
  RecordField,
  type RecordRound,
  type RoundRecord,
  recordStride,
} from "../engine/connector.ts";
import type { OutgoingBatch } from "./client.ts";
import { partitionOf, partitionOfRange } from "./codec/murmur2.ts";
import { readWriter } from "./codec/read-writer.ts";
import { RecordBatchWriter } from "./codec/record-batch-writer.ts";

export class TopicRound implements RecordRound {
  count = 0;
  sizeBytes = 0;
  readonly topic: string;
  partitions = 1;
  /** Where records without a key go, all of one round together. */
  private keyless = 0;
  private readonly writers: (RecordBatchWriter | undefined)[] = [];
  /** Partition of each record, in order: to say which one was refused. */
  private readonly where: number[] = [];

  constructor(topic: string) {
    this.topic = topic;
  }

  /** Empty again. @param keyless any number: its remainder is the partition of records without a key */
  begin(partitions: number, keyless: number): void {
    this.count = 0;
    this.sizeBytes = 0;
    this.partitions = partitions;
    this.keyless = keyless % partitions;
    this.where.length = 0;
    for (const writer of this.writers) writer?.reset();
  }

  add(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers: Uint8Array | undefined,
    partition: number | undefined,
  ): string | undefined {
    const place =
      partition === undefined
        ? key === null
          ? this.keyless
          : partitionOf(key, this.partitions)
        : chosen(partition, this.partitions);
    const writer = this.writerOf(place);
    const before = writer.sizeBytes;
    writer.add(key, value, timestampMs, headers);
    this.took(place, writer.sizeBytes - before);
    return undefined;
  }

  addUntouched(block: RecordBlock, record: number, partition: number | undefined): string | undefined {
    const { bytes, index, timestamps } = block;
    const at = record * recordStride;
    const keyStart = index[at + RecordField.keyStart]!;
    const keyEnd = index[at + RecordField.keyEnd]!;
    const place =
      partition === undefined
        ? keyStart < 0
          ? this.keyless
          : partitionOfRange(bytes, keyStart, keyEnd, this.partitions)
        : chosen(partition, this.partitions);
    const writer = this.writerOf(place);
    const before = writer.sizeBytes;
    writer.addRange(
      bytes,
      keyStart,
      keyEnd,
      index[at + RecordField.valueStart]!,
      index[at + RecordField.valueEnd]!,
      index[at + RecordField.headersStart]!,
      index[at + RecordField.headersEnd]!,
      timestamps[record]!,
    );
    this.took(place, writer.sizeBytes - before);
    return undefined;
  }

  addToAll(value: Uint8Array | null, timestampMs: number, headers: Uint8Array): void {
    for (let place = 0; place < this.partitions; place++) {
      const writer = this.writerOf(place);
      const before = writer.sizeBytes;
      writer.add(null, value, timestampMs, headers);
      this.took(place, writer.sizeBytes - before);
    }
  }

  /** One for each partition that has any. */
  batches(): OutgoingBatch[] {
    const batches: OutgoingBatch[] = [];
    for (const [partition, records] of this.writers.entries())
      if (records !== undefined && records.count > 0) batches.push({ topic: this.topic, partition, records });
    return batches;
  }

  /** In the order in which they were added. */
  values(): readonly RoundRecord[] {
    const next = this.writers.map(() => 0);
    const blocks = this.writers.map((writer) =>
      writer === undefined || writer.count === 0 ? undefined : readWriter(writer),
    );
    return this.where.map((partition, number) => {
      const block = blocks[partition]!;
      const record = next[partition]!++;
      const at = record * recordStride;
      const start = block.index[at + RecordField.valueStart]!;
      const bytes = start < 0 ? new Uint8Array() : block.bytes.subarray(start, block.index[at + RecordField.valueEnd]!);
      return { position: `${this.topic}:${number}`, bytes, stands: { block, record } };
    });
  }

  /** The number in the round of the `nth` record of a partition. */
  numberOf(partition: number, nth: number): number {
    let seen = 0;
    return this.where.findIndex((place) => place === partition && seen++ === nth);
  }

  private writerOf(partition: number): RecordBatchWriter {
    const known = this.writers[partition];
    if (known !== undefined) return known;
    const writer = new RecordBatchWriter();
    while (this.writers.length < partition) this.writers.push(undefined);
    this.writers[partition] = writer;
    return writer;
  }

  private took(partition: number, sizeBytes: number): void {
    this.count++;
    this.sizeBytes += sizeBytes;
    this.where.push(partition);
  }
}

/** Never negative. */
const chosen = (partition: number, partitions: number): number => ((partition % partitions) + partitions) % partitions;
