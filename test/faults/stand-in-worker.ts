/**
 * A worker without an engine: carries records from one topic to another over a client, exactly once or at least once, as `KafkaClient` says it is to be done. With it the
 * clients are tried alone, and a fault can be laid at their door or not. Started as a process: `node stand-in-worker.ts JSON`.
 */

import { type RecordBlock, RecordField, recordStride } from "../../runtime/engine/connector.ts";
import type {
  GroupMember,
  KafkaClient,
  KafkaProducer,
  PartitionReader,
  TopicPartition,
} from "../../runtime/kafka/client.ts";
import { partitionOfRange } from "../../runtime/kafka/codec/murmur2.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { KafkaError } from "../../runtime/kafka/kafka-error.ts";
import { openKafkaClient } from "../../runtime/kafka/open-client.ts";

export interface StandInOptions {
  readonly client: "native" | "kafkajs";
  readonly delivery: "at_least_once" | "exactly_once";
  readonly brokers: readonly string[];
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly sessionTimeoutMs: number;
}

const options: StandInOptions = JSON.parse(process.argv[2]!);
const commitEveryMs = 100;
const log = (text: string, fields: object = {}) =>
  process.stderr.write(`${new Date().toISOString()} ${text} ${JSON.stringify(fields)}\n`);

/** Everything that a partition has: one after the other, so that commits come between sends. */
class Task {
  private readonly client: KafkaClient;
  private readonly member: GroupMember;
  private readonly partition: number;
  private readonly shared: KafkaProducer | undefined;
  private producer: KafkaProducer | undefined;
  private reader: PartitionReader | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private dirtyTo: number | undefined;
  private isClosed = false;
  private waiting: Promise<void> | undefined;
  private endWaiting: () => void = () => {};

  constructor(client: KafkaClient, member: GroupMember, partition: number, shared: KafkaProducer | undefined) {
    this.client = client;
    this.member = member;
    this.partition = partition;
    this.shared = shared;
  }

  /** Until it is closed. What goes wrong is begun again from what is committed. */
  async run(): Promise<void> {
    while (!this.isClosed) {
      try {
        await this.carry();
      } catch (error) {
        if (this.isClosed) return;
        log("begins again", { partition: this.partition, error: String(error), kind: kindOf(error) });
        if (this.shared !== undefined && kindOf(error) !== "rebalanced") throw error;
        await this.drop();
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  private async carry(): Promise<void> {
    const { input: topic, group } = options;
    this.producer =
      this.shared ??
      (await this.client.producer({ transactionalId: `${group}-${this.partition}`, transactionTimeoutMs: 60_000 }));
    const [committed] = await this.member.committed([{ topic, partition: this.partition }]);
    this.dirtyTo = undefined;
    if (this.isClosed) return;
    this.reader = this.member.open({ topic, partition: this.partition, offset: Math.max(0, committed!) });
    log("opened", { partition: this.partition, committed });
    const reader = this.reader;
    const failed = new Promise<never>((_, reject) => {
      const timer = setInterval(() => {
        if (this.reader !== reader) clearInterval(timer);
        else this.commit().catch(reject);
      }, commitEveryMs);
    });
    failed.catch(() => {});
    for (;;) {
      const block = await Promise.race([failed, reader.pull()]);
      if (block === undefined) return;
      while (!(await Promise.race([failed, this.inTurn(() => this.send(block))]))) await this.waiting;
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => {});
    return next;
  }

  /** @returns false where the group divides anew: nothing is begun then */
  private async send(block: RecordBlock): Promise<boolean> {
    if (this.isClosed) return true;
    if (this.waiting !== undefined) return false;
    const producer = this.producer!;
    const partitions = await producer.partitionsOf(options.output);
    const writers = new Map<number, RecordBatchWriter>();
    const { index, bytes } = block;
    for (let at = 0; at < block.count * recordStride; at += recordStride) {
      const [keyFrom, keyTo] = [index[at + RecordField.keyStart]!, index[at + RecordField.keyEnd]!];
      const partition = partitionOfRange(bytes, keyFrom, keyTo, partitions);
      let writer = writers.get(partition);
      if (writer === undefined) {
        writer = new RecordBatchWriter();
        writers.set(partition, writer);
      }
      writer.addRange(
        bytes,
        keyFrom,
        keyTo,
        index[at + RecordField.valueStart]!,
        index[at + RecordField.valueEnd]!,
        index[at + RecordField.headersStart]!,
        index[at + RecordField.headersEnd]!,
        block.timestamps[at / recordStride]!,
      );
    }
    const batches = [...writers].map(([partition, records]) => ({ topic: options.output, partition, records }));
    if (this.shared === undefined) await producer.send(batches);
    else await oneAfterTheOther(() => producer.send(batches));
    this.dirtyTo = block.nextOffset;
    return true;
  }

  /** What was begun is finished and committed, and nothing more is begun. */
  async pause(): Promise<void> {
    await this.inTurn(async () => {
      this.waiting ??= new Promise((resolve) => {
        this.endWaiting = resolve;
      });
    });
    await this.commit();
  }

  goOn(): void {
    this.waiting = undefined;
    this.endWaiting();
  }

  commit(): Promise<void> {
    return this.inTurn(async () => {
      if (this.dirtyTo === undefined || this.isClosed) return;
      const offsets = [{ topic: options.input, partition: this.partition, offset: this.dirtyTo }];
      if (this.shared === undefined) await this.producer!.commit(offsets, this.member.generation);
      else await this.member.commit(offsets);
      this.dirtyTo = undefined;
    });
  }

  private async drop(): Promise<void> {
    this.reader?.close();
    this.reader = undefined;
    this.dirtyTo = undefined;
    if (this.shared === undefined) await this.producer?.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.goOn();
    await this.drop();
  }
}

const kindOf = (error: unknown) => (error instanceof KafkaError ? error.kind : undefined);

let member: GroupMember | undefined;
process.once("SIGTERM", () => stop().catch(fail));
const client = await openKafkaClient(
  options.client,
  { brokers: options.brokers, clientId: "stand-in" },
  {
    info: (fields, text) => log(text, fields),
    warn: (fields, text) => log(text, fields),
  },
);
const shared = options.delivery === "at_least_once" ? await client.producer({}) : undefined;
/** All tasks of at_least_once send with one producer, which takes one call at a time. */
let sending: Promise<void> = Promise.resolve();
function oneAfterTheOther(send: () => Promise<void>): Promise<void> {
  const sent = sending.then(send);
  sending = sent.catch(() => {});
  return sent;
}
const tasks = new Map<number, Task>();

function fail(error: unknown): void {
  log("failed", { error: error instanceof Error ? error.stack : String(error), kind: kindOf(error) });
  process.exit(1);
}
process.on("unhandledRejection", fail);

async function closeExcept(kept: readonly number[]): Promise<void> {
  const others = [...tasks].filter(([partition]) => !kept.includes(partition));
  for (const [partition] of others) tasks.delete(partition);
  await Promise.all(others.map(([, task]) => task.close()));
}

const pauseAll = () =>
  Promise.all(
    [...tasks.values()].map((task) => task.pause().catch((error) => log("not committed", { error: String(error) }))),
  );

const joined = client.join({
  group: options.group,
  topics: [options.input],
  sessionTimeoutMs: options.sessionTimeoutMs,
  fetch: {},
  async revoked() {
    log("revoked");
    await pauseAll();
  },
  async assigned(partitions: readonly TopicPartition[]) {
    const numbers = partitions.map(({ partition }) => partition);
    log("assigned", { numbers });
    await closeExcept(numbers);
    member ??= await joined;
    for (const partition of numbers) {
      tasks.get(partition)?.goOn();
      if (tasks.has(partition)) continue;
      const task = new Task(client, member, partition, shared);
      tasks.set(partition, task);
      task.run().catch(fail);
    }
  },
  async lost() {
    log("lost");
    await closeExcept([]);
  },
  failed: fail,
});
member = await joined;

async function stop(): Promise<void> {
  log("stops");
  // In the middle of joining there is nothing to commit yet.
  if (member === undefined) process.exit(0);
  await pauseAll();
  await closeExcept([]);
  await member.leave();
  await client.close();
  log("stopped");
  process.exit(0);
}
