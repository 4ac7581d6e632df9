/** An idempotent producer: every batch carries who sends it and where it stands in the sequence of its partition, so that a broker stores it once, however often it comes. */
import { initProducerIdV5 } from "@platformatic/kafka";
import type { Awaitable } from "../../engine/connector.ts";
import type {
  GroupGeneration,
  KafkaProducer,
  OutgoingBatch,
  PartitionOffset,
  ProducerOptions,
  TopicPartition,
} from "../client.ts";
import { RecordBatchWriter } from "../codec/record-batch-writer.ts";
import { kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";
import { Delivery, newParcel, type Parcel } from "./delivery.ts";
import { Sequences } from "./sequences.ts";
import { type ProducerIdentity, Transaction } from "./transaction.ts";

const defaultTransactionTimeoutMs = 60_000;
const lookUpEveryMs = 10_000;

export class NativeProducer implements KafkaProducer {
  readonly #cluster: Cluster;
  readonly #options: ProducerOptions;
  readonly #channel: BrokerChannel;
  readonly #closing: AbortController;
  readonly #identity: ProducerIdentity;
  readonly #transaction: Transaction | undefined;
  readonly #delivery: Delivery;
  readonly #sequences = new Sequences();
  readonly #lookedUpMs = new Map<string, number>();
  #running: Promise<void> | undefined;
  /** Why it is of no use any more. */
  #failure: KafkaError | undefined;
  #closed: Promise<void> | undefined;

  /** @param closed called when it is @throws KafkaError */
  static async open(cluster: Cluster, options: ProducerOptions = {}, closed?: () => void): Promise<NativeProducer> {
    const channel = cluster.newChannel();
    const closing = new AbortController();
    try {
      const { transactionalId, transactionTimeoutMs: timeoutMs = defaultTransactionTimeoutMs } = options;
      const signal = closing.signal;
      const begun =
        transactionalId === undefined
          ? await newIdentity(cluster)
          : await Transaction.begin({ cluster, channel, transactionalId, timeoutMs, signal });
      closing.signal.addEventListener("abort", () => closed?.());
      return new NativeProducer(cluster, options, channel, closing, begun);
    } catch (error) {
      await channel.close();
      throw error;
    }
  }

  private constructor(
    cluster: Cluster,
    options: ProducerOptions,
    channel: BrokerChannel,
    closing: AbortController,
    begun: ProducerIdentity | Transaction,
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#channel = channel;
    this.#closing = closing;
    this.#transaction = begun instanceof Transaction ? begun : undefined;
    this.#identity = begun instanceof Transaction ? begun.identity : begun;
    const { transactionalId } = options;
    this.#delivery = new Delivery({ cluster, channel, transactionalId, signal: closing.signal });
  }

  send(batches: readonly OutgoingBatch[]): Promise<void> {
    const filled = batches.filter(({ records }) => records.count > 0);
    // Both would have the same place in the sequence, so the broker would take the second one for the first come again.
    if (filled.length > 1 && hasPartitionTwice(filled))
      return Promise.reject(new KafkaError("protocol", "Two batches of one send are for the same partition."));
    return this.#alone(() => this.#send(filled));
  }

  async #send(batches: readonly OutgoingBatch[]): Promise<void> {
    await this.#transaction?.addPartitions(batches);
    const parcels = batches.map((batch) => this.#parcel(batch));
    await this.#delivery.deliver(parcels);
    for (const parcel of parcels) if (parcel.isStored) this.#sequences.stored(parcel, parcel.count);
    const [first, ...more] = parcels.flatMap(({ refusal }) => refusal ?? []);
    if (first) throw refusalOf(first, more);
  }

  #parcel({ topic, partition, records, compression }: OutgoingBatch): Parcel {
    if (!(records instanceof RecordBatchWriter))
      throw new KafkaError("protocol", "A batch of another client was sent.");
    const bytes = records.finish({
      producerId: this.#identity.producerId,
      producerEpoch: this.#identity.epoch,
      baseSequence: this.#sequences.next({ topic, partition }),
      isTransactional: this.#transaction !== undefined,
      compression: compression ?? this.#options.compression ?? "none",
    });
    return newParcel({ topic, partition, bytes, count: records.count });
  }

  commit(offsets: readonly PartitionOffset[], generation: GroupGeneration): Promise<void> {
    return this.#alone(async () => {
      const transaction = this.#transactions();
      try {
        if (offsets.length > 0) await transaction.addOffsets(offsets, generation);
      } catch (error) {
        if (error instanceof KafkaError && error.kind === "rebalanced") await transaction.end("abort");
        throw error;
      }
      await transaction.end("commit");
    });
  }

  abort(): Promise<void> {
    return this.#alone(async () => this.#transactions().end("abort"));
  }

  #transactions(): Transaction {
    if (this.#transaction) return this.#transaction;
    throw new KafkaError("protocol", "This producer has no transactional id, so it has no transactions.");
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(new KafkaError("unavailable", "The Kafka producer was closed."));
    await this.#channel.close();
    await this.#running?.catch(() => {});
    if (!this.#transaction?.isOpen || this.#failure?.kind === "fenced" || this.#cluster.isClosed) return;
    // Where it does not succeed the next producer of the id aborts, or the broker after the transaction's time.
    await this.#transaction.abortOnce().catch(() => {});
  }

  partitionsOf(topic: string): Awaitable<number> {
    const known = this.#cluster.knownTopic(topic)?.partitions.length ?? partitionCount(this.#cluster, topic);
    const nowMs = performance.now();
    const lookedUpMs = this.#lookedUpMs.get(topic);
    if (lookedUpMs === undefined) this.#lookedUpMs.set(topic, nowMs);
    else if (nowMs - lookedUpMs > lookUpEveryMs) {
      this.#lookedUpMs.set(topic, nowMs);
      // Partitions may have been added. Where nobody answers the next send will say so.
      this.#cluster.refresh([topic]).catch(() => {});
    }
    return known;
  }

  /** One after the other; what fails here leaves the broker in a state that is not known, so nothing comes after it. */
  #alone(work: () => Promise<void>): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#running)
      return Promise.reject(new KafkaError("protocol", "The producer is still busy with the call before."));
    const running = work()
      .catch((error: unknown) => {
        if (error instanceof KafkaError && error.refused.length > 0) throw error;
        const failure =
          error instanceof KafkaError
            ? error
            : new KafkaError("protocol", "The Kafka producer failed.", { cause: error });
        this.#failure = failure;
        throw failure;
      })
      .finally(() => {
        this.#running = undefined;
      });
    this.#running = running;
    return running;
  }
}

/** @throws KafkaError "unknown-topic" */
function partitionCount(cluster: Cluster, topic: string): Promise<number> {
  return cluster.retry(`look up topic '${topic}'`, async () => {
    const found = await cluster.topic(topic);
    if (found) return found.partitions.length;
    throw kafkaError(unknownTopic, { topic });
  });
}

const unknownTopic = 3;

/** Any broker gives it. */
async function newIdentity(cluster: Cluster): Promise<ProducerIdentity> {
  return cluster.retry("begin to produce", async () => {
    const { errorCode, producerId, producerEpoch } = await cluster.askAny(initProducerIdV5.api, [null, 0, -1n, -1]);
    if (errorCode !== 0) throw kafkaError(errorCode);
    return { producerId, epoch: producerEpoch };
  });
}

function hasPartitionTwice(batches: readonly TopicPartition[]): boolean {
  return new Set(batches.map(({ topic, partition }) => `${topic}/${partition}`)).size < batches.length;
}

/** One error for all that was refused. */
function refusalOf(first: KafkaError, more: readonly KafkaError[]): KafkaError {
  const { kind, message, topic, partition } = first;
  const refused = [first, ...more].flatMap((one) =>
    one.topic === undefined || one.partition === undefined ? [] : [{ topic: one.topic, partition: one.partition }],
  );
  return new KafkaError(kind, message, {
    refused,
    cause: first,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
  });
}
