/** What a task reads of one topic: its partitions, each with a reader of its own, block after block as they come. */
import type { Awaitable, RecordBlock, RecordSource } from "../engine/connector.ts";
import type { PartitionReader } from "../kafka/client.ts";
import type { CommitGate } from "./commit-gate.ts";
import type { Offsets } from "./offsets.ts";
import type { SilentPartitions } from "./silent-partitions.ts";

export interface TaskSourceServices {
  readonly readers: readonly PartitionReader[];
  readonly hasWatermarks: boolean;
  readonly skipsNull: boolean;
  /** Through the stage, and taken by everybody. */
  readonly passed: Offsets;
  readonly acked: Offsets;
  /** Nothing is read while it is closed. Absent: the task commits by itself, and waits for that. */
  readonly gate?: Pick<CommitGate, "closed">;
  /** A partition was opened, has given something, or is closed. */
  readonly silent: Pick<SilentPartitions, "gave" | "closed">;
}

export class TaskSource implements RecordSource {
  readonly kind = "records";
  readonly partitions: readonly string[];
  readonly hasWatermarks?: true;
  readonly skipsNull?: true;
  private readonly services: TaskSourceServices;
  /** Pulled, in the order in which they came: one of each reader at most. */
  private readonly ready: { readonly reader: PartitionReader; readonly block: RecordBlock }[] = [];
  /** Readers that are asked already, or whose block is ready. */
  private readonly asked = new Set<PartitionReader>();
  private failure: { readonly error: unknown } | undefined;
  private isStopped = false;
  private wake: () => void = () => {};

  constructor(services: TaskSourceServices) {
    this.services = services;
    this.partitions = services.readers.map(({ topic, partition }) => `${topic}/${partition}`);
    if (services.hasWatermarks) this.hasWatermarks = true;
    if (services.skipsNull) this.skipsNull = true;
    for (const { topic, partition } of services.readers) services.silent.gave(topic, partition);
  }

  get isUnanswered(): boolean {
    const { readers, gate } = this.services;
    return gate?.closed !== undefined || readers.some(({ endOffset }) => endOffset < 0);
  }

  pull(): Awaitable<RecordBlock | undefined> {
    if (this.isStopped) return undefined;
    const closed = this.services.gate?.closed;
    return closed === undefined ? this.pullNow() : this.whenOpen(closed);
  }

  private async whenOpen(closed: Promise<void>): Promise<RecordBlock | undefined> {
    const stopped = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    await Promise.race([closed, stopped]);
    return this.pull();
  }

  private pullNow(): Awaitable<RecordBlock | undefined> {
    for (const reader of this.services.readers) if (!this.asked.has(reader)) this.ask(reader);
    return this.next() ?? (this.isOver ? undefined : this.wait());
  }

  passed(topic: string, partition: number, offset: number): void {
    this.services.passed.set(topic, partition, offset);
  }

  ack(topic: string, partition: number, offset: number): void {
    this.services.acked.set(topic, partition, offset);
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  close(): void {
    this.isStopped = true;
    const { readers, silent } = this.services;
    for (const reader of readers) {
      reader.close();
      silent.closed(reader.topic, reader.partition);
    }
  }

  private next(): RecordBlock | undefined {
    if (this.failure !== undefined) throw this.failure.error;
    const first = this.ready.shift();
    if (first !== undefined) this.asked.delete(first.reader);
    return first?.block;
  }

  /** A topic never ends. Where its partitions have gone to others the task is about to be closed: to take that for the end would have windows give what they hold. */
  private get isOver(): boolean {
    return this.isStopped || this.services.readers.length === 0;
  }

  private ask(reader: PartitionReader): void {
    const pulled = reader.pull();
    if (!(pulled instanceof Promise)) {
      this.came(reader, pulled);
      return;
    }
    this.asked.add(reader);
    pulled.then(
      (block) => {
        this.came(reader, block);
        this.wake();
      },
      (error) => {
        this.failure ??= { error };
        this.wake();
      },
    );
  }

  private came(reader: PartitionReader, block: RecordBlock | undefined): void {
    this.asked.add(reader);
    if (block === undefined) return;
    this.ready.push({ reader, block });
    this.services.silent.gave(reader.topic, reader.partition);
  }

  private async wait(): Promise<RecordBlock | undefined> {
    do {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      const block = this.isStopped ? undefined : this.next();
      if (block !== undefined) return block;
    } while (!this.isOver);
    return undefined;
  }
}
