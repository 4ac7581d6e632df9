/**
 * One producer's transactions as its coordinator sees them: which partitions and groups take part, the offsets, the end. Every request can be asked again: the coordinator
 * answers the same for what it has done already.
 * Source: https://cwiki.apache.org/confluence/display/KAFKA/KIP-98, KIP-447 (offsets are fenced by the group's generation)
 */
import { setTimeout as delay } from "node:timers/promises";
import {
  addOffsetsToTxnV4,
  addPartitionsToTxnV3,
  endTxnV4,
  initProducerIdV5,
  txnOffsetCommitV4,
} from "@platformatic/kafka";
import type { GroupGeneration, PartitionOffset, TopicPartition } from "../client.ts";
import { type ErrorPlace, errorRow, kafkaError } from "../error-table.ts";
import type { BrokerChannel, CallOptions } from "./broker-channel.ts";
import type { BrokerApi } from "./broker-connection.ts";
import type { Cluster, CoordinatorKind } from "./cluster.ts";

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
      addPartitionsToTxnV3.api,
      [[{ transactionalId, ...this.#ids(), verifyOnly: false, topics }]],
      ({ resultsByTransaction }) => {
        const bad = resultsByTransaction
          .flatMap(({ topicResults }) => topicResults)
          .flatMap(({ name, resultsByPartition }) =>
            resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => ({
              code: partitionErrorCode,
              topic: name,
              partition: partitionIndex,
            })),
          )
          .filter(({ code }) => code !== 0);
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
      (answer) => {
        for (const { name, partitions } of answer.topics)
          for (const { partitionIndex, errorCode } of partitions) {
            if (errorCode === 0) continue;
            const place = { topic: name, partition: partitionIndex };
            return errorRow(errorCode).kind === "rebalanced" || errorRow(errorCode).remedy === "coordinator"
              ? { code: errorCode, group }
              : this.#placed({ code: errorCode, ...place });
          }
        return undefined;
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

  /** Of a partition where the code is about one. */
  #placed({ code, topic, partition }: { code: number; topic: string; partition: number }): Trouble {
    const isOfTopic = new Set(["unknown-topic", "authorization"]).has(errorRow(code).kind);
    return isOfTopic ? { code, topic, partition } : { code, transactionalId: this.#options.transactionalId };
  }
}

const notAttempted = 55;
const concurrentTransactions = 51;
/** The end of the last transaction takes some milliseconds; so long it is asked quickly. */
const quickForMs = 1_000;

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

interface Question {
  readonly kind: CoordinatorKind;
  readonly key: string;
  readonly doing: string;
}

type Trouble = ErrorPlace & { readonly code: number };

/** Questions to coordinators, which move. */
class Coordinators {
  readonly #options: TransactionOptions;

  constructor(options: TransactionOptions) {
    this.#options = options;
  }

  /** @param troubleOf what is wrong in an answer, if anything @throws KafkaError what is final */
  ask<Arguments extends unknown[], Answer>(
    { kind, key, doing }: Question,
    api: BrokerApi<Arguments, Answer>,
    args: Arguments,
    troubleOf: (answer: Answer) => Trouble | undefined,
    call?: CallOptions,
  ): Promise<Answer> {
    const { cluster, channel, signal } = this.#options;
    const ask = async (): Promise<Answer> => {
      const quickUntilMs = performance.now() + quickForMs;
      for (;;) {
        signal.throwIfAborted();
        const node = await cluster.coordinator(kind, key);
        const answer = await channel.call(node, api, args, call);
        const trouble = troubleOf(answer);
        if (trouble === undefined) return answer;
        if (trouble.code !== concurrentTransactions || performance.now() > quickUntilMs)
          throw kafkaError(trouble.code, trouble);
        await delay(2 + Math.random() * 3);
      }
    };
    return cluster.retry(doing, async () => {
      try {
        return await ask();
      } catch (error) {
        // It may have moved, also where it said nothing or something else. Asking costs little.
        cluster.forgetCoordinator(kind, key);
        throw error;
      }
    });
  }
}
