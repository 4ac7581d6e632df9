/**
 * One send at a time, to all leaders at once, the same bytes and sequence until they are stored. A transaction takes in partitions and offsets as they come; after any
 * failure the producer is of no use. The rules are those that make kafkajs's own producer lose nothing, which is why that one is not used.
 */
import type {
  Compression,
  GroupGeneration,
  KafkaProducer,
  OutgoingBatch,
  PartitionOffset,
  ProducerOptions,
  TopicPartition,
} from "../client.ts";
import { RecordBatchWriter } from "../codec/record-batch-writer.ts";
import { errorRow } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerAddress, Channel } from "./channel.ts";
import type { KafkajsCluster } from "./kafkajs-cluster.ts";
import { type BatchBytes, produceCall, transactionOffsetsCall } from "./wire.ts";

/** The leader waits so long for its followers. */
const storeTimeoutMs = 15_000;
const partitionsFreshMs = 30_000;
const lastSequence = 0x7fffffff;
const code = {
  none: 0,
  unknownTopic: 3,
  noAnswer: 13,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  concurrentTransactions: 51,
} as const;

interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
}

interface Parcel extends BatchBytes {
  readonly count: number;
  /** Refused: it is larger than the topic takes. */
  end: "stored" | "refused" | undefined;
  /** That the broker could not store it: a partition whose disk is full has no leader after that. */
  storageTrouble: KafkaError | undefined;
}

/** With what was wrong first. */
function sinceThen({ topic, partition, storageTrouble }: Parcel, error: unknown): unknown {
  if (storageTrouble === undefined || !(error instanceof KafkaError) || !error.retryable) return error;
  const message = `${storageTrouble.message} Since then: ${error.message}`;
  return new KafkaError("storage", message, { topic, partition, retryable: true, cause: error });
}

export class KafkajsProducer implements KafkaProducer {
  private readonly cluster: KafkajsCluster;
  private readonly channel: Channel;
  private readonly transactionalId: string | undefined;
  private readonly compression: Compression;
  private readonly producer: ProducerId;
  private readonly nextSequence = new Map<string, number>();
  private readonly partitionCounts = new Map<string, { readonly count: number; readonly atMs: number }>();
  /** Partitions in the open transaction. */
  private readonly inTransaction = new Set<string>();
  private hasOffsets = false;
  private isSending = false;
  private isClosed = false;
  private failure: KafkaError | undefined;

  /** Resolves when whoever had the transactional id before is fenced. */
  static async open(cluster: KafkajsCluster, options: ProducerOptions): Promise<KafkajsProducer> {
    const { transactionalId } = options;
    const args = {
      transactionalId: transactionalId ?? null,
      transactionTimeout: options.transactionTimeoutMs ?? 60_000,
    };
    const channel = cluster.newChannel();
    const answer = await cluster.retry("get a producer id", async () => {
      const given =
        transactionalId === undefined
          ? await cluster.askAny<InitAnswer>("InitProducerId", args)
          : await cluster.callCoordinator("transaction", transactionalId, (at) =>
              channel.call<InitAnswer>(at, "InitProducerId", args),
            );
      if (given.errorCode !== 0) throw cluster.coordinatorError(given.errorCode, "transaction", transactionalId ?? "");
      return given;
    });
    return new KafkajsProducer(cluster, channel, options, {
      id: BigInt(answer.producerId),
      epoch: answer.producerEpoch,
    });
  }

  private constructor(cluster: KafkajsCluster, channel: Channel, options: ProducerOptions, producer: ProducerId) {
    this.cluster = cluster;
    this.channel = channel;
    this.transactionalId = options.transactionalId;
    this.compression = options.compression ?? "none";
    this.producer = producer;
    cluster.users.add(this);
  }

  async send(batches: readonly OutgoingBatch[]): Promise<void> {
    const filled = batches.filter(({ records }) => records.count > 0);
    if (filled.length === 0) return;
    await this.exclusively(async () => {
      await this.addPartitions(filled);
      const parcels = filled.map((batch) => this.parcelOf(batch));
      await this.deliver(parcels);
      for (const { topic, partition, count, end } of parcels) {
        if (end !== "stored") continue;
        const key = keyOf({ topic, partition });
        this.nextSequence.set(key, sequenceAfter(this.nextSequence.get(key) ?? 0, count));
      }
      const refused = parcels.filter(({ end }) => end === "refused");
      if (refused.length > 0) throw tooLarge(refused);
    });
  }

  async commit(offsets: readonly PartitionOffset[], generation: GroupGeneration): Promise<void> {
    const { transactionalId } = this;
    if (transactionalId === undefined)
      throw new KafkaError("protocol", "A producer without transactional id has no transactions.");
    await this.exclusively(async () => {
      if (offsets.length > 0) {
        await this.addOffsets(transactionalId, offsets, generation);
      }
      await this.endTransaction(transactionalId, true);
    });
  }

  async abort(): Promise<void> {
    const { transactionalId } = this;
    if (transactionalId !== undefined) await this.exclusively(() => this.endTransaction(transactionalId, false));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    const { transactionalId } = this;
    const isOver = this.isSending || this.failure?.kind === "fenced" || this.cluster.isClosed;
    this.isClosed = true;
    if (transactionalId !== undefined && !isOver && this.isOpen)
      await this.endTransaction(transactionalId, false, 5_000).catch(() => {});
    this.cluster.closeChannel(this.channel);
    this.cluster.users.delete(this);
  }

  async partitionsOf(topic: string): Promise<number> {
    const known = this.partitionCounts.get(topic);
    if (known === undefined) return this.countPartitions(topic);
    if (performance.now() - known.atMs > partitionsFreshMs) {
      this.partitionCounts.set(topic, { count: known.count, atMs: performance.now() });
      this.cluster.forgetTopic(topic);
      this.countPartitions(topic).catch(() => {});
    }
    return known.count;
  }

  private countPartitions(topic: string): Promise<number> {
    return this.cluster.retry(`look up topic '${topic}'`, async () => {
      const leaders = await this.cluster.leaders(topic);
      if (leaders === undefined) throw this.cluster.partitionError(code.unknownTopic, { topic, partition: 0 });
      this.partitionCounts.set(topic, { count: leaders.length, atMs: performance.now() });
      return leaders.length;
    });
  }

  private async exclusively(work: () => Promise<void>): Promise<void> {
    if (this.isClosed) throw new KafkaError("unavailable", "The producer was closed.");
    if (this.failure) throw this.failure;
    if (this.isSending) throw new KafkaError("protocol", "A producer was asked for two things at a time.");
    this.isSending = true;
    try {
      await work();
    } catch (error) {
      if (error instanceof KafkaError && error.refused.length > 0) throw error;
      this.failure = error instanceof KafkaError ? error : new KafkaError("protocol", String(error), { cause: error });
      throw this.failure;
    } finally {
      this.isSending = false;
    }
  }

  private get isOpen(): boolean {
    return this.inTransaction.size > 0 || this.hasOffsets;
  }

  // Batches

  private parcelOf({ topic, partition, records, compression }: OutgoingBatch): Parcel {
    if (!(records instanceof RecordBatchWriter))
      throw new KafkaError("protocol", "A batch is not of the codec's writer.");
    const bytes = records.finish({
      producerId: this.producer.id,
      producerEpoch: this.producer.epoch,
      baseSequence: this.nextSequence.get(keyOf({ topic, partition })) ?? 0,
      isTransactional: this.transactionalId !== undefined,
      compression: compression ?? this.compression,
    });
    return { topic, partition, bytes, count: records.count, end: undefined, storageTrouble: undefined };
  }

  private async deliver(parcels: readonly Parcel[]): Promise<void> {
    const topics = [...new Set(parcels.map(({ topic }) => `topic '${topic}'`))].join(", ");
    await this.cluster.retry(`write to ${topics}`, async () => {
      const groups = new Map<string, { readonly address: BrokerAddress; readonly parcels: Parcel[] }>();
      for (const parcel of parcels.filter(({ end }) => end === undefined)) {
        const address = await this.cluster.leaderOf(parcel).catch((error) => {
          throw sinceThen(parcel, error);
        });
        const key = `${address.host}:${address.port}`;
        const group = groups.get(key) ?? { address, parcels: [] };
        groups.set(key, group);
        group.parcels.push(parcel);
      }
      // All are waited for: nothing of this may still be under way when it is sent again.
      const ends = await Promise.allSettled(
        [...groups.values()].map((group) => this.toLeader(group.address, group.parcels)),
      );
      const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      const final = errors.find((error) => !(error instanceof KafkaError && error.retryable));
      if (errors.length > 0) throw final ?? errors[0];
    });
  }

  private async toLeader(address: BrokerAddress, parcels: readonly Parcel[]): Promise<void> {
    const answers = await this.channel
      .send(address, () => produceCall(this.transactionalId, storeTimeoutMs, parcels))
      .catch((error) => {
        for (const { topic } of parcels) this.cluster.forgetTopic(topic);
        throw sinceThen(parcels[0]!, error);
      });
    const errors: KafkaError[] = [];
    for (const parcel of parcels) {
      const answer = answers.find(({ topic, partition }) => topic === parcel.topic && partition === parcel.partition);
      const errorCode = answer?.errorCode ?? code.noAnswer;
      if (errorCode === code.none || errorCode === code.duplicateSequence) parcel.end = "stored";
      else if (errorRow(errorCode).kind === "record-too-large") parcel.end = "refused";
      else {
        const error = this.cluster.partitionError(errorCode, { topic: parcel.topic, partition: parcel.partition });
        if (error.kind === "storage") parcel.storageTrouble = error;
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors.find(({ retryable }) => !retryable) ?? errors[0];
  }

  // Transactions

  private async addPartitions(batches: readonly TopicPartition[]): Promise<void> {
    const { transactionalId } = this;
    if (transactionalId === undefined) return;
    const added = batches.filter((batch) => !this.inTransaction.has(keyOf(batch)));
    if (added.length === 0) return;
    const topics = [...Map.groupBy(added, ({ topic }) => topic)].map(([topic, its]) => ({
      topic,
      partitions: its.map(({ partition }) => partition),
    }));
    await this.askCoordinator(transactionalId, "begin a transaction", async (at) => {
      const answer = await this.channel.call<AddPartitionsAnswer>(at, "AddPartitionsToTxn", {
        ...this.identity,
        topics,
      });
      // One that fails keeps the others from being tried (55): the first other code is the cause.
      const failed = answer.errors.flatMap(({ topic, partitionErrors }) =>
        partitionErrors.filter(({ errorCode }) => errorCode !== 0).map((error) => ({ topic, ...error })),
      );
      const cause = failed.find(({ errorCode }) => errorCode !== 55) ?? failed[0];
      return cause && { ...cause, at: { topic: cause.topic, partition: cause.partition } };
    });
    for (const batch of added) this.inTransaction.add(keyOf(batch));
  }

  private async addOffsets(
    transactionalId: string,
    offsets: readonly PartitionOffset[],
    generation: GroupGeneration,
  ): Promise<void> {
    const { group } = generation;
    if (!this.hasOffsets)
      await this.askCoordinator(transactionalId, "begin a transaction", (at) =>
        this.channel.call<CodeAnswer>(at, "AddOffsetsToTxn", { ...this.identity, groupId: group }),
      );
    this.hasOffsets = true;
    try {
      await this.cluster.retry(`commit offsets of group '${group}'`, async () => {
        const answers = await this.cluster.callCoordinator("group", group, (at) =>
          this.channel.send(at, () => transactionOffsetsCall(transactionalId, this.producer, generation, offsets)),
        );
        const failed = answers.find(({ errorCode }) => errorCode !== 0);
        if (failed === undefined) return;
        const { errorCode, topic, partition } = failed;
        throw this.isFencing(errorCode)
          ? this.cluster.coordinatorError(errorCode, "transaction", transactionalId)
          : this.cluster.coordinatorError(errorCode, "group", group, { topic, partition });
      });
    } catch (error) {
      // Nothing of it may ever be seen.
      if (error instanceof KafkaError && error.kind === "rebalanced")
        await this.endTransaction(transactionalId, false).catch(() => {});
      throw error;
    }
  }

  private async endTransaction(transactionalId: string, isCommit: boolean, forMs?: number): Promise<void> {
    if (!this.isOpen) return;
    const doing = isCommit ? "commit a transaction" : "abort a transaction";
    await this.askCoordinator(
      transactionalId,
      doing,
      (at) => this.channel.call<CodeAnswer>(at, "EndTxn", { ...this.identity, transactionResult: isCommit }),
      forMs,
    );
    this.inTransaction.clear();
    this.hasOffsets = false;
  }

  private async askCoordinator(
    transactionalId: string,
    doing: string,
    ask: (at: BrokerAddress) => Promise<(CodeAnswer & { readonly at?: TopicPartition }) | undefined>,
    forMs?: number,
  ): Promise<void> {
    await this.cluster.retry(
      `${doing} of '${transactionalId}'`,
      async () => {
        // The broker still ends the transaction before: some milliseconds.
        for (let tries = 0; ; tries++) {
          const answer = await this.cluster.callCoordinator("transaction", transactionalId, ask);
          const errorCode = answer?.errorCode ?? 0;
          if (errorCode === 0) return;
          if (errorCode !== code.concurrentTransactions || tries === 50)
            throw this.cluster.coordinatorError(errorCode, "transaction", transactionalId, answer?.at);
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      },
      forMs,
    );
  }

  private isFencing(errorCode: number): boolean {
    return errorCode === code.invalidProducerEpoch || errorCode === 90 || errorCode === 49 || errorCode === 48;
  }

  private get identity() {
    return {
      transactionalId: this.transactionalId,
      producerId: this.producer.id.toString(),
      producerEpoch: this.producer.epoch,
    };
  }
}

interface InitAnswer {
  readonly errorCode: number;
  readonly producerId: string;
  readonly producerEpoch: number;
}

interface CodeAnswer {
  readonly errorCode: number;
}

interface AddPartitionsAnswer {
  readonly errors: readonly {
    readonly topic: string;
    readonly partitionErrors: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

function tooLarge(refused: readonly Parcel[]): KafkaError {
  const [{ topic, partition, bytes, count }] = refused as readonly [Parcel];
  return new KafkaError(
    "record-too-large",
    `${count === 1 ? "A record" : `${count} records`} of together ${bytes.length} bytes cannot be stored: topic '${topic}' takes less at once. Raise max.message.bytes of the topic.`,
    { topic, partition, refused: refused.map(({ topic, partition }) => ({ topic, partition })) },
  );
}

/** Sequences are 31 bits and begin again at 0. */
function sequenceAfter(sequence: number, count: number): number {
  const next = sequence + count;
  return next > lastSequence ? next - lastSequence - 1 : next;
}
