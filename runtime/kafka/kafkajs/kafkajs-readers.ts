/**
 * Reads partitions, with or without a group: for each leader one fetch under way, the next one sent as soon as a partition has been pulled empty. What is fetched is
 * bounded: a partition that still holds something is not asked for.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Awaitable, RecordBlock } from "../../engine/connector.ts";
import { messageOf } from "../../engine/runtime-error.ts";
import type { FetchOptions, PartitionOffset, PartitionReader, PartitionsReader } from "../client.ts";
import { readBlocks } from "../codec/read-blocks.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerAddress, Channel } from "./channel.ts";
import type { KafkajsCluster } from "./kafkajs-cluster.ts";
import { type FetchedPartition, fetchCall } from "./wire.ts";

const leastFetchBytes = 64 * 1024;
const shortWaitMs = 10;
const mostPartitionBytes = 1024 * 1024;
const troubleForMs = 120_000;
const unknownTopicForMs = 3_000;

export class KafkajsReaders implements PartitionsReader {
  private readonly cluster: KafkajsCluster;
  private readonly channel: Channel;
  private readonly isReadCommitted: boolean;
  private readonly maxBytes: number;
  private readonly maxWaitMs: number;
  private readonly readers = new Set<Reader>();
  /** Brokers that a fetch is under way to. */
  private readonly busy = new Set<string>();
  private heldBytes = 0;
  private isClosed = false;
  private isPaused = false;
  private isStarting = false;
  private isWantedAgain = false;

  constructor(cluster: KafkajsCluster, options: FetchOptions) {
    this.cluster = cluster;
    this.channel = cluster.newChannel();
    cluster.users.add(this);
    this.isReadCommitted = options.isolation !== "read_uncommitted";
    this.maxBytes = options.maxBytes ?? 8 * 1024 * 1024;
    this.maxWaitMs = options.maxWaitMs ?? 100;
  }

  open(from: PartitionOffset): PartitionReader {
    const reader = new Reader(from, {
      emptied: (bytes) => {
        this.heldBytes -= bytes;
        this.fetchWanted();
      },
      closed: () => this.readers.delete(reader),
    });
    this.readers.add(reader);
    this.fetchWanted();
    return reader;
  }

  /** Nothing is fetched until `resume`; what is held can be pulled. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.fetchWanted();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const reader of this.readers) reader.close();
    this.cluster.closeChannel(this.channel);
    this.cluster.users.delete(this);
  }

  /** Finds the leaders of the partitions that want records and asks those that are not busy. */
  private fetchWanted(): void {
    if (this.isClosed || this.isPaused) return;
    this.isWantedAgain = true;
    if (this.isStarting) return;
    this.isStarting = true;
    // After the present turn, so that partitions pulled or opened together are asked for together.
    queueMicrotask(() => void this.startWhileWanted());
  }

  private async startWhileWanted(): Promise<void> {
    while (this.isWantedAgain && !this.isClosed && !this.isPaused) {
      this.isWantedAgain = false;
      await this.startFetches();
    }
    this.isStarting = false;
  }

  private async startFetches(): Promise<void> {
    const byLeader = new Map<string, { readonly address: BrokerAddress; readonly wanted: Reader[] }>();
    for (const reader of this.wanted()) {
      try {
        const address = await this.cluster.leaderOf(reader);
        const key = `${address.host}:${address.port}`;
        const group = byLeader.get(key) ?? { address, wanted: [] };
        byLeader.set(key, group);
        group.wanted.push(reader);
      } catch (error) {
        this.troubled(reader, error);
      }
    }
    for (const [key, { address, wanted }] of byLeader) {
      if (this.busy.has(key) || this.heldBytes >= this.maxBytes) continue;
      this.busy.add(key);
      for (const reader of wanted) reader.isAsked = true;
      void this.fetch(address, wanted).finally(() => {
        this.busy.delete(key);
        for (const reader of wanted) reader.isAsked = false;
        this.fetchWanted();
      });
    }
  }

  private wanted(): Reader[] {
    return [...this.readers].filter((reader) => reader.isWanting);
  }

  private async fetch(address: BrokerAddress, wanted: readonly Reader[]): Promise<void> {
    try {
      const maxBytes = Math.max(leastFetchBytes, this.maxBytes - this.heldBytes);
      const call = fetchCall({
        isReadCommitted: this.isReadCommitted,
        // One that still holds something may be pulled empty any moment, and would wait behind this.
        maxWaitMs: this.heldBytes > 0 ? Math.min(shortWaitMs, this.maxWaitMs) : this.maxWaitMs,
        maxBytes,
        partitionMaxBytes: Math.max(
          Math.min(mostPartitionBytes, maxBytes),
          ...wanted.map(({ neededBytes }) => neededBytes),
        ),
        from: wanted.map(({ topic, partition, fetchOffset }) => ({ topic, partition, offset: fetchOffset })),
      });
      const answers = await this.channel.send(address, () => call);
      for (const answer of answers) {
        const reader = wanted.find(({ topic, partition }) => topic === answer.topic && partition === answer.partition);
        if (reader !== undefined && this.readers.has(reader)) this.take(reader, answer);
      }
    } catch (error) {
      for (const reader of wanted) {
        this.cluster.forgetTopic(reader.topic);
        this.troubled(reader, error);
      }
    }
  }

  private take(reader: Reader, answer: FetchedPartition): void {
    if (answer.errorCode !== 0) {
      this.troubled(reader, this.cluster.partitionError(answer.errorCode, reader));
      return;
    }
    try {
      const { blocks, nextOffset, neededBytes } = readBlocks({
        topic: reader.topic,
        partition: reader.partition,
        bytes: answer.records,
        fromOffset: reader.fetchOffset,
        ...(this.isReadCommitted ? { abortedTransactions: answer.aborted } : {}),
      });
      reader.endOffset = this.isReadCommitted ? answer.lastStableOffset : answer.highWatermark;
      reader.troubledSinceMs = undefined;
      reader.neededBytes = neededBytes;
      // The broker fills its answer from the front: those that got something go to the back.
      if (blocks.length > 0 && this.readers.delete(reader)) this.readers.add(reader);
      if (blocks.length > 0) this.heldBytes += answer.records.length;
      reader.give(blocks, nextOffset, answer.records.length);
    } catch (error) {
      reader.fail(error);
    }
  }

  /** Tries again later what may pass; the rest is what the next pull throws. */
  private troubled(reader: Reader, error: unknown): void {
    if (this.isClosed || reader.isClosed) return;
    const nowMs = performance.now();
    reader.troubledSinceMs ??= nowMs;
    const isUnknown = error instanceof KafkaError && error.kind === "unknown-topic";
    const isOver = nowMs - reader.troubledSinceMs > (isUnknown ? unknownTopicForMs : troubleForMs);
    if (!(error instanceof KafkaError && error.retryable) || isOver) {
      reader.fail(finalError(error, reader));
      return;
    }
    reader.isPausing = true;
    const waitMs = Math.min(500, 20 + (nowMs - reader.troubledSinceMs) / 4);
    void delay(waitMs, undefined, { ref: false }).then(() => {
      reader.isPausing = false;
      this.fetchWanted();
    });
  }
}

function finalError(error: unknown, { topic, partition }: Reader): unknown {
  if (!(error instanceof KafkaError)) return error;
  if (!error.retryable && error.topic !== undefined) return error;
  const text =
    error.topic === undefined
      ? `Partition ${partition} of topic '${topic}' cannot be read. ${messageOf(error)}`
      : error.message;
  return new KafkaError(error.kind, text, { cause: error, topic, partition });
}

interface ReaderOwner {
  /** All that it held was pulled. */
  emptied(bytes: number): void;
  closed(): void;
}

class Reader implements PartitionReader {
  readonly topic: string;
  readonly partition: number;
  endOffset = -1;
  position: number;
  fetchOffset: number;
  isAsked = false;
  isPausing = false;
  isClosed = false;
  troubledSinceMs: number | undefined;
  /** Of a batch that came only in part. */
  neededBytes = 0;
  private readonly owner: ReaderOwner;
  private readonly held: RecordBlock[] = [];
  private heldBytes = 0;
  private failure: { readonly error: unknown } | undefined;
  private waiting: PromiseWithResolvers<RecordBlock | undefined> | undefined;

  constructor({ topic, partition, offset }: PartitionOffset, owner: ReaderOwner) {
    this.topic = topic;
    this.partition = partition;
    this.position = offset;
    this.fetchOffset = offset;
    this.owner = owner;
  }

  get isWanting(): boolean {
    return !this.isAsked && !this.isPausing && !this.isClosed && this.failure === undefined && this.held.length === 0;
  }

  pull(): Awaitable<RecordBlock | undefined> {
    if (this.isClosed) return undefined;
    const block = this.held.shift();
    if (block !== undefined) return this.handOut(block);
    if (this.failure !== undefined) return Promise.reject(this.failure.error);
    this.waiting ??= Promise.withResolvers();
    return this.waiting.promise;
  }

  give(blocks: readonly RecordBlock[], nextOffset: number, bytes: number): void {
    this.fetchOffset = nextOffset;
    this.held.push(...blocks);
    if (blocks.length > 0) this.heldBytes = bytes;
    else this.position = nextOffset;
    const block = this.waiting && this.held.shift();
    if (block === undefined) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(this.handOut(block));
  }

  fail(error: unknown): void {
    this.failure = { error };
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.held.length = 0;
    this.release();
    this.waiting?.resolve(undefined);
    this.owner.closed();
  }

  private handOut(block: RecordBlock): RecordBlock {
    this.position = block.nextOffset;
    if (this.held.length === 0) this.release();
    return block;
  }

  private release(): void {
    const bytes = this.heldBytes;
    this.heldBytes = 0;
    this.owner.emptied(bytes);
  }
}
