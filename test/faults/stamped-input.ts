/** Writes records that can be told from each other, at a rate, and between them transactions that are aborted. With kafkajs, not with what is tested. */
import { setTimeout as sleep } from "node:timers/promises";
import { Partitioners, type Producer } from "kafkajs";
import { partitionOf } from "../../runtime/kafka/codec/murmur2.ts";
import type { Records } from "../kafka/records.ts";

export interface InputOptions {
  readonly topic: string;
  readonly records: number;
  readonly perSecond: number;
  readonly partitions: number;
  /** Keys of their own. */
  readonly keyCount: number;
  /** Each so many-th record is not JSON. */
  readonly poisonEvery: number | undefined;
  /** None of the keys goes there. */
  readonly silentPartition: number | undefined;
}

/** The value of a record. */
export interface Stamp {
  /** `k3-17`: the 17th of key k3. */
  readonly id: string;
  readonly key: string;
  /** Event time, ms since 1970. */
  readonly at: number;
}

interface Message {
  readonly key: string;
  readonly value: string;
  readonly timestamp: string;
}

const tickMs = 50;
const keptForLast = 0.7;
const abortEveryMs = 700;
const abortedAtOnce = 25;

export class StampedInput {
  /** Written into transactions that were aborted; kept before they are sent. */
  readonly aborted = new Set<string>();
  /** Records that no JSON reader can read: their text. */
  readonly poison = new Set<string>();
  /** Of the last record. */
  lastAtMs = 0;
  written = 0;
  private readonly records: Records;
  private readonly options: InputOptions;
  private readonly counts = new Map<string, number>();
  private readonly keys: readonly string[];
  private producer: Producer | undefined;
  private stopped = false;
  private phase: "start" | "fault" | "end" = "start";

  constructor(records: Records, options: InputOptions) {
    this.records = records;
    this.options = options;
    this.keys = Array.from({ length: options.keyCount * 2 }, (_, n) => `k${n}`)
      .filter((key) => partitionOf(key, options.partitions) !== options.silentPartition)
      .slice(0, options.keyCount);
  }

  /** From now on at the full rate; before, at a small part of it. */
  beginFault(): void {
    this.phase = "fault";
  }

  /** What is left comes at the full rate again. */
  endFault(): void {
    this.phase = "end";
  }

  /** Most is yet to be written. */
  get isBusy(): boolean {
    return !this.stopped && this.written < this.options.records * keptForLast;
  }

  /** As long as a fault goes on there is something left to be written. */
  private get part(): number {
    if (this.phase === "start") return 0.02;
    return this.phase === "end" || this.isBusy ? 1 : 0.15;
  }

  stop(): void {
    this.stopped = true;
  }

  /** One record for each partition that has any, a minute later than all others. */
  async closeWindows(): Promise<void> {
    const { topic, partitions, silentPartition } = this.options;
    const timestampMs = this.lastAtMs + 60_000;
    const numbers = Array.from({ length: partitions }, (_, n) => n).filter((n) => n !== silentPartition);
    await this.records.produce(
      topic,
      numbers.map((partition) => {
        const stamp: Stamp = { id: `closing-${partition}`, key: `closing-${partition}`, at: timestampMs };
        return { key: stamp.key, value: JSON.stringify(stamp), partition, timestampMs };
      }),
    );
  }

  /** Resolves when all is stored. Waits while the broker is away. */
  async run(): Promise<void> {
    const aborting = this.abortNowAndThen();
    try {
      let lastMs = performance.now();
      while (this.written < this.options.records && !this.stopped) {
        await sleep(tickMs);
        const nowMs = performance.now();
        const rate = this.options.perSecond * this.part;
        const due = Math.ceil(((nowMs - lastMs) * rate) / 1_000);
        lastMs = nowMs;
        await this.write(Math.min(due, this.options.records - this.written, 5_000));
      }
    } finally {
      this.stopped = true;
      await aborting;
      await this.producer?.disconnect();
    }
  }

  private async write(count: number): Promise<void> {
    const at = Date.now();
    const messages = Array.from({ length: count }, (_, n) => this.next(this.written + n, at));
    let left = byPartition(messages, this.options.partitions);
    for (const endMs = performance.now() + 60_000; left.length > 0; ) {
      left = await this.send(left);
      if (left.length > 0 && performance.now() > endMs) throw new Error("the input cannot be stored");
    }
    this.written += count;
    this.lastAtMs = at;
  }

  /** A call for each partition: of several in one, kafkajs leaves out those that have moved to a broker which had answered. @returns what may not be stored */
  private async send(parts: readonly (readonly Message[])[]): Promise<readonly (readonly Message[])[]> {
    const { topic } = this.options;
    try {
      this.producer ??= await this.open();
      const { producer } = this;
      const calls = parts.map((messages) => producer.send({ topic, acks: -1, messages: [...messages] }));
      const sent = await Promise.allSettled(calls);
      const left = parts.filter((_, n) => sent[n]!.status === "rejected");
      if (left.length === 0) return left;
      // When leaders move kafkajs loses count of its sequences: with a new producer the records may be stored twice, which the checker then expects.
      await producer.disconnect().catch(() => {});
      this.producer = undefined;
      return left;
    } catch {
      return parts;
    }
  }

  private async open(): Promise<Producer> {
    const producer = this.records.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  private next(number: number, at: number): Message {
    const { poisonEvery } = this.options;
    const key = this.keys[(number * 7) % this.keys.length]!;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const stamp: Stamp = { id: `${key}-${count}`, key, at };
    let value = JSON.stringify(stamp);
    if (poisonEvery !== undefined && number % poisonEvery === poisonEvery - 1) {
      value = `{ not json ${stamp.id}`;
      this.poison.add(value);
    }
    return { key, value, timestamp: String(at) };
  }

  /** What nobody may ever see. */
  private async abortNowAndThen(): Promise<void> {
    for (let round = 0; !this.stopped; round++) {
      const at = Date.now();
      const stamps = Array.from({ length: abortedAtOnce }, (_, n): Stamp => {
        const key = this.keys[n % this.keys.length]!;
        return { id: `aborted-${round}-${n}`, key, at };
      });
      for (const { id } of stamps) this.aborted.add(id);
      const producer = this.records.kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        transactionalId: `${this.options.topic}-aborted`,
        transactionTimeout: 5_000,
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      try {
        await producer.connect();
        const transaction = await producer.transaction();
        await transaction.send({
          topic: this.options.topic,
          messages: stamps.map((stamp) => ({ key: stamp.key, value: JSON.stringify(stamp), timestamp: String(at) })),
        });
        await transaction.abort();
      } catch {
        // A broker that is away: whatever was sent is never committed, the broker aborts it.
      } finally {
        await producer.disconnect().catch(() => {});
      }
      await sleep(abortEveryMs);
    }
  }
}

function byPartition(messages: readonly Message[], partitions: number): readonly (readonly Message[])[] {
  const parts = Array.from({ length: partitions }, (): Message[] => []);
  for (const message of messages) parts[partitionOf(message.key, partitions)]!.push(message);
  return parts.filter(({ length }) => length > 0);
}
