/**
 * One producer's transactions as its coordinator sees them: which partitions and groups take part, the offsets, the end. Every request can be asked again: the coordinator
 * answers the same for what it has done already.
 * Source: https://cwiki.apache.org/confluence/display/KAFKA/KIP-98, KIP-447 (offsets are fenced by the group's generation)
 */
import { addOffsetsToTxnV4, endTxnV4, initProducerIdV5, txnOffsetCommitV4 } from "@platformatic/kafka";
import type { GroupGeneration, PartitionOffset, TopicPartition } from "../client.ts";
import { errorRow } from "../error-table.ts";
import { addPartitionsApi, type PartitionResult } from "./add-partitions-request.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";
import { Coordinators, type Question, type Trouble } from "./coordinators.ts";

/** Who writes: given by the broker. A later epoch of the same id fences the ones before. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

export interface TransactionOptions {
  readonly cluster: Cluster;
  readonly channel: BrokerChannel;
  readonly transactionalId: string;
  /** After so long the broker aborts by itself. */
  readonly timeoutMs: number;
  /** Aborted with a `KafkaError`: whoever waits gets it. */
  readonly signal: AbortSignal;
}

export class Transaction {
  readonly identity: ProducerIdentity;
  readonly #options: TransactionOptions;
  readonly #coordinators: Coordinators;
  /** `topic/partition`, of the open transaction. */
  readonly #partitions = new Set<string>();
  readonly #groups = new Set<string>();
  #isOpen = false;

  /** Ends what a producer of the same id before has left open, and fences it. @throws KafkaError */
  static async begin(options: TransactionOptions): Promise<Transaction> {
    const { transactionalId, timeoutMs } = options;
    const coordinators = new Coordinators(options);
    // Without the number from before: with it the coordinator would take this one for a fenced one.
    const { producerId, producerEpoch } = await coordinators.ask(
      { kind: "transaction", key: transactionalId, doing: `begin as transactional id '${transactionalId}'` },
      initProducerIdV5.api,
      [transactionalId, timeoutMs, -1n, -1],
      ({ errorCode }) => (errorCode === 0 ? undefined : { code: errorCode, transactionalId }),
    );
    return new Transaction(options, coordinators, { producerId, epoch: producerEpoch });
  }

  private constructor(options: TransactionOptions, coordinators: Coordinators, identity: ProducerIdentity) {
    this.#options = options;
    this.#coordinators = coordinators;
    this.identity = identity;
  }

  /** The coordinator knows of something that has to be ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Before anything is written to them. */
  async addPartitions(those: readonly TopicPartition[]): Promise<void> {
    const added = those.filter((one) => !this.#partitions.has(nameOf(one)));
    if (added.length === 0) return;
    const { transactionalId } = this.#options;
    const topics = [...Map.groupBy(added, ({ topic }) => topic)].map(([name, its]) => ({
      name,
      partitions: its.map(({ partition }) => partition),
    }));
    this.#isOpen = true;
    await this.#coordinators.ask(
      this.#own("add partitions to the transaction"),
      addPartitionsApi,
      [[{ transactionalId, ...this.#ids(), verifyOnly: false, topics }]],
      (results) => {
        const bad = results.filter(({ code }) => code !== 0);
        // One that is refused keeps the others from being tried.
        const cause = bad.find(({ code }) => code !== notAttempted) ?? bad[0];
        return cause && this.#placed(cause);
      },
    );
    for (const one of added) this.#partitions.add(nameOf(one));
  }

  /** @throws KafkaError "rebalanced" when the generation is over */
  async addOffsets(offsets: readonly PartitionOffset[], { group, generation, member }: GroupGeneration): Promise<void> {
    const { transactionalId } = this.#options;
    const { producerId, producerEpoch } = this.#ids();
    this.#isOpen = true;
    if (!this.#groups.has(group)) {
      await this.#coordinators.ask(
        this.#own("add offsets to the transaction"),
        addOffsetsToTxnV4.api,
        [transactionalId, producerId, producerEpoch, group],
        ({ errorCode }) => (errorCode === 0 ? undefined : { code: errorCode, group, transactionalId }),
      );
      this.#groups.add(group);
    }
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, its]) => ({
      name,
      partitions: its.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }));
    await this.#coordinators.ask(
      { kind: "group", key: group, doing: `commit offsets of group '${group}' in the transaction` },
      txnOffsetCommitV4.api,
      [transactionalId, group, producerId, producerEpoch, generation, member, null, topics],
      ({ topics: results }) => {
        const codes = results.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, errorCode }) => ({
            topic: name,
            partition: partitionIndex,
            code: errorCode,
          })),
        );
        const bad = codes.find(({ code }) => code !== 0);
        return (
          bad &&
          (errorRow(bad.code).kind === "fenced" || isOfTopic(bad.code) ? this.#placed(bad) : { code: bad.code, group })
        );
      },
    );
  }

  /** Does nothing where nothing is open. */
  async end(how: "commit" | "abort"): Promise<void> {
    if (!this.#isOpen) return;
    const { transactionalId } = this.#options;
    const { producerId, producerEpoch } = this.#ids();
    await this.#coordinators.ask(
      this.#own(`${how} the transaction`),
      endTxnV4.api,
      [transactionalId, producerId, producerEpoch, how === "commit"],
      ({ errorCode }) => (errorCode === 0 ? undefined : { code: errorCode, transactionalId }),
    );
    this.#isOpen = false;
    this.#partitions.clear();
    this.#groups.clear();
  }

  /** One attempt, when the producer's own connections are closed already. @throws KafkaError */
  async abortOnce(): Promise<void> {
    const { cluster, transactionalId } = this.#options;
    const { producerId, producerEpoch } = this.#ids();
    const node = await cluster.coordinator("transaction", transactionalId);
    await cluster.call(node, endTxnV4.api, [transactionalId, producerId, producerEpoch, false], { timeoutMs: 5_000 });
  }

  #ids(): { readonly producerId: bigint; readonly producerEpoch: number } {
    return { producerId: this.identity.producerId, producerEpoch: this.identity.epoch };
  }

  #own(doing: string): Question {
    const key = this.#options.transactionalId;
    return { kind: "transaction", key, doing: `${doing} of '${key}'` };
  }

  #placed({ code, topic, partition }: PartitionResult): Trouble {
    return isOfTopic(code) ? { code, topic, partition } : { code, transactionalId: this.#options.transactionalId };
  }
}

const isOfTopic = (code: number): boolean => {
  const { name, kind } = errorRow(code);
  return kind === "unknown-topic" || name === "TOPIC_AUTHORIZATION_FAILED";
};

const notAttempted = 55;

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
