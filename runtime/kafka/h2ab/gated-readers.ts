/** The readers of a member's partitions, behind a gate: while the group divides anew nothing comes through, and what comes of a partition that went away is dropped. */
import type { Awaitable, RecordBlock } from "../../engine/connector.ts";
import type { PartitionOffset, PartitionReader, PartitionsReader, TopicPartition } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";

export interface PausableReader extends PartitionsReader {
  /** Nothing is fetched until `resume`. */
  pause(): void;
  resume(): void;
}

export class GatedReaders {
  readonly #inner: PausableReader;
  readonly #gate = new Gate();
  readonly #readers = new Set<GatedReader>();
  #owned: readonly TopicPartition[] = [];

  constructor(inner: PausableReader) {
    this.#inner = inner;
  }

  open(from: PartitionOffset): PartitionReader {
    if (!includes(this.#owned, from))
      throw new KafkaError(
        "rebalanced",
        `Partition ${from.partition} of topic '${from.topic}' is another member's now.`,
        from,
      );
    const reader = new GatedReader(this.#inner.open(from), from.offset, this.#gate);
    this.#readers.add(reader);
    return reader;
  }

  hold(): void {
    this.#gate.close();
    this.#inner.pause();
  }

  /** Opens the gate; readers of all other partitions are closed. */
  release(owned: readonly TopicPartition[]): void {
    this.#owned = owned;
    for (const reader of this.#readers) {
      if (!includes(owned, reader)) reader.close();
      if (reader.isClosed) this.#readers.delete(reader);
    }
    this.#gate.open();
    this.#inner.resume();
  }

  /** All of them are somebody else's. The gate stays closed. */
  drop(): void {
    this.#gate.close();
    this.#owned = [];
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  async close(): Promise<void> {
    this.drop();
    await this.#inner.close();
  }
}

const includes = (partitions: readonly TopicPartition[], one: TopicPartition): boolean =>
  partitions.some(({ topic, partition }) => topic === one.topic && partition === one.partition);

class Gate {
  #opening: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();

  get isOpen(): boolean {
    return this.#opening === undefined;
  }

  open(): void {
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  close(): void {
    this.#opening ??= Promise.withResolvers<void>();
  }

  opened(): Promise<void> {
    return this.#opening?.promise ?? Promise.resolve();
  }
}

class GatedReader implements PartitionReader {
  readonly topic: string;
  readonly partition: number;
  readonly #inner: PartitionReader;
  readonly #gate: Gate;
  readonly #closed = Promise.withResolvers<void>();
  isClosed = false;
  position: number;

  constructor(inner: PartitionReader, position: number, gate: Gate) {
    this.topic = inner.topic;
    this.partition = inner.partition;
    this.#inner = inner;
    this.#gate = gate;
    this.position = position;
  }

  get endOffset(): number {
    return this.#inner.endOffset;
  }

  pull(): Awaitable<RecordBlock | undefined> {
    if (this.isClosed) return undefined;
    if (!this.#gate.isOpen) return this.#pullWhenOpen();
    const block = this.#inner.pull();
    return block instanceof Promise ? this.#heldBack(block) : this.#taken(block);
  }

  close(): void {
    this.isClosed = true;
    this.#closed.resolve();
    this.#inner.close();
  }

  async #pullWhenOpen(): Promise<RecordBlock | undefined> {
    await this.#throughGate();
    return this.isClosed ? undefined : this.pull();
  }

  async #heldBack(pending: Promise<RecordBlock | undefined>): Promise<RecordBlock | undefined> {
    try {
      const block = await pending;
      await this.#throughGate();
      return this.isClosed ? undefined : this.#taken(block);
    } catch (error) {
      // What is wrong with a partition that went away is another member's trouble.
      if (this.isClosed) return undefined;
      throw error;
    }
  }

  async #throughGate(): Promise<void> {
    while (!this.#gate.isOpen && !this.isClosed) await Promise.race([this.#gate.opened(), this.#closed.promise]);
  }

  #taken(block: RecordBlock | undefined): RecordBlock | undefined {
    if (block) this.position = block.nextOffset;
    return block;
  }
}
