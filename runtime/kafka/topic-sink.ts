/** A sink into one topic: rounds of records, of which one is on its way while the next is filled. */
import type { RecordSink, Refusal } from "../engine/connector.ts";
import { RecordField, recordStride } from "../engine/connector.ts";
import type { Compression, OutgoingBatch } from "./client.ts";
import { readWriter } from "./codec/read-writer.ts";
import { RecordBatchWriter } from "./codec/record-batch-writer.ts";
import { KafkaError } from "./kafka-error.ts";
import { TopicRound } from "./topic-round.ts";

export interface TopicSinkServices {
  send(batches: readonly OutgoingBatch[]): Promise<void>;
  /** Of the topic, as it was known last. */
  partitions(): number;
  /** No more of it comes. */
  close(): Promise<void>;
  readonly compression: Compression;
  /** What is sent counts only when the task's transaction is committed. */
  readonly isTransactional?: boolean;
}

export class TopicSink implements RecordSink {
  readonly kind = "records";
  private readonly topic: string;
  private readonly services: TopicSinkServices;
  private readonly free: TopicRound[] = [];
  private rounds = 0;
  /** What was sent after the last checkpoint is not seen by anybody after a crash. */
  readonly checkpoint?: () => undefined;

  constructor(topic: string, services: TopicSinkServices) {
    this.topic = topic;
    this.services = services;
    if (services.isTransactional === true) this.checkpoint = () => undefined;
  }

  get partitions(): number {
    return this.services.partitions();
  }

  newRound(): TopicRound {
    const round = this.free.pop() ?? new TopicRound(this.topic);
    round.begin(this.services.partitions(), this.rounds++);
    return round;
  }

  async send(round: TopicRound): Promise<readonly Refusal[] | undefined> {
    const refusals: Refusal[] = [];
    await this.sendBatches(round.batches(), (partition, nth, reason) =>
      refusals.push({ index: round.numberOf(partition, nth), reason }),
    );
    // One with refusals is still looked at.
    if (refusals.length === 0 && this.free.length < 2) this.free.push(round);
    return refusals;
  }

  flush(): void {}

  async commit(): Promise<void> {
    await this.services.close();
  }

  async abort(): Promise<void> {
    await this.services.close();
  }

  async leave(): Promise<void> {
    await this.services.close();
  }

  private async sendBatches(
    batches: readonly OutgoingBatch[],
    refuse: (partition: number, nth: number, reason: string) => void,
  ): Promise<void> {
    try {
      const { compression } = this.services;
      await this.services.send(compression === "none" ? batches : batches.map((batch) => ({ ...batch, compression })));
    } catch (error) {
      if (!(error instanceof KafkaError) || error.kind !== "record-too-large") throw error;
      for (const batch of batches.filter(({ partition }) => isRefused(error, this.topic, partition)))
        await this.sendParts(batch, error, refuse);
    }
  }

  /** A batch that is too large goes in two parts, and a record that is too large alone is refused. */
  private async sendParts(
    batch: OutgoingBatch,
    error: KafkaError,
    refuse: (partition: number, nth: number, reason: string) => void,
  ): Promise<void> {
    const { topic, partition, records } = batch;
    if (records.count === 1) {
      refuse(partition, 0, error.message);
      return;
    }
    const middle = records.count >> 1;
    for (const [from, to] of [
      [0, middle],
      [middle, records.count],
    ] as const)
      await this.sendBatches([{ topic, partition, records: partOf(records, from, to) }], (place, nth, reason) =>
        refuse(place, from + nth, reason),
      );
  }
}

/** Another sink's records may have been in the same send. */
const isRefused = (error: KafkaError, topic: string, partition: number): boolean =>
  error.refused.some((one) => one.topic === topic && one.partition === partition);

function partOf(records: OutgoingBatch["records"], from: number, to: number): RecordBatchWriter {
  const { bytes, index, timestamps } = readWriter(records);
  const part = new RecordBatchWriter();
  for (let record = from; record < to; record++) {
    const at = record * recordStride;
    const field = (name: keyof typeof RecordField): number => index[at + RecordField[name]]!;
    part.addRange(
      bytes,
      field("keyStart"),
      field("keyEnd"),
      field("valueStart"),
      field("valueEnd"),
      field("headersStart"),
      field("headersEnd"),
      timestamps[record]!,
    );
  }
  return part;
}
