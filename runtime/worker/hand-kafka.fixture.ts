/** Kafka without a broker, for one worker: the test says when partitions come and go, what they give, and when something that was sent is stored. */
import { type RecordBlock, RecordField, recordStride } from "../engine/connector.ts";
import { headersOf } from "../engine/record-view.ts";
import type {
  GroupMember,
  JoinOptions,
  KafkaClient,
  KafkaProducer,
  OutgoingBatch,
  PartitionOffset,
  PartitionReader,
  TopicPartition,
} from "../kafka/client.ts";
import { blockOfRecords } from "../kafka/codec/block-of-records.ts";
import { readWriter } from "../kafka/codec/read-writer.ts";

export class HandKafka implements KafkaClient {
  /** Of the worker that has joined. */
  group: JoinOptions | undefined;
  readonly committed = new Map<string, number>();
  /** `topic/partition: value` or, where there is none, its headers. */
  readonly stored: string[] = [];
  private readonly readers = new Map<string, HandReader>();
  private readonly partitions: Readonly<Record<string, number>>;
  private holding: Promise<void> | undefined;
  private letGo: () => void = () => {};
  private holdingCommits: Promise<void> | undefined;
  private letCommit: () => void = () => {};
  /** Sends that have begun. */
  sending = 0;
  committing = false;

  constructor(partitions: Readonly<Record<string, number>>) {
    this.partitions = partitions;
  }

  /** What is sent from now on waits for `goOn`. */
  hold(): void {
    this.holding = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  /** Transactions do not end before `goOn`. */
  holdCommits(): void {
    this.holdingCommits = new Promise((resolve) => {
      this.letCommit = resolve;
    });
  }

  goOn(): void {
    this.holdingCommits = undefined;
    this.letCommit();
    this.holding = undefined;
    this.letGo();
  }

  /** A task has opened the partition. */
  reads(topic: string, partition: number): boolean {
    return this.readers.has(`${topic}/${partition}`);
  }

  give(topic: string, partition: number, ...values: readonly string[]): void {
    this.readers.get(`${topic}/${partition}`)!.give(values);
  }

  async join(options: JoinOptions): Promise<GroupMember> {
    this.group = options;
    return {
      generation: { group: options.group, generation: 1, member: "m" },
      committed: async (of) => of.map((one) => this.committed.get(nameOf(one)) ?? -1),
      commit: async (offsets) => this.commit(offsets),
      open: (from) => {
        const reader = new HandReader(from);
        this.readers.set(nameOf(from), reader);
        return reader;
      },
      leave: async () => {},
      close: async () => {},
    };
  }

  reader(): never {
    throw new Error("nothing is read without a group");
  }

  async producer(): Promise<KafkaProducer> {
    return {
      send: async (batches) => {
        this.sending++;
        await this.holding;
        this.store(batches);
      },
      commit: async (offsets) => {
        this.committing = true;
        await this.holdingCommits;
        this.committing = false;
        this.commit(offsets);
      },
      abort: async () => {},
      close: async () => {},
      partitionsOf: (topic) => this.partitions[topic] ?? 1,
    };
  }

  async offsets(_: unknown, of: readonly TopicPartition[]): Promise<readonly number[]> {
    return of.map(() => 0);
  }

  async partitionsOf(topic: string): Promise<number | undefined> {
    return this.partitions[topic] ?? 1;
  }

  async close(): Promise<void> {}

  private commit(offsets: readonly PartitionOffset[]): void {
    for (const one of offsets) this.committed.set(nameOf(one), one.offset);
  }

  private store(batches: readonly OutgoingBatch[]): void {
    for (const { topic, partition, records } of batches) {
      const block = readWriter(records);
      for (let record = 0; record < block.count; record++)
        this.stored.push(`${topic}/${partition}: ${textOf(block, record)}`);
    }
  }
}

class HandReader implements PartitionReader {
  readonly topic: string;
  readonly partition: number;
  position: number;
  private isAnswered = false;
  private readonly blocks: RecordBlock[] = [];
  private waiting: ((block: RecordBlock | undefined) => void) | undefined;

  constructor({ topic, partition, offset }: PartitionOffset) {
    this.topic = topic;
    this.partition = partition;
    this.position = offset;
  }

  get endOffset(): number {
    return this.isAnswered ? this.position : -1;
  }

  give(values: readonly string[]): void {
    this.isAnswered = true;
    const records = values.map((value, n) => ({ offset: this.position + n, timestampMs: 0, key: "k", value }));
    this.position += values.length;
    const block = blockOfRecords(this.topic, this.partition, records)!;
    if (this.waiting === undefined) this.blocks.push(block);
    else this.waiting(block);
    this.waiting = undefined;
  }

  pull() {
    const block = this.blocks.shift();
    if (block !== undefined) return block;
    return new Promise<RecordBlock | undefined>((resolve) => {
      this.waiting = resolve;
    });
  }

  close(): void {
    this.waiting?.(undefined);
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

function textOf(block: RecordBlock, record: number): string {
  const from = block.index[record * recordStride + RecordField.valueStart]!;
  const value =
    from < 0
      ? undefined
      : block.bytes.toString("utf8", from, block.index[record * recordStride + RecordField.valueEnd]!);
  return value ?? [...headersOf(block, record)].map(([name, text]) => `${name} ${String(text)}`).join(" ");
}
