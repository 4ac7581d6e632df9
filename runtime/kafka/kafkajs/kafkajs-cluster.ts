/** Who leads what and who coordinates whom, asked through kafkajs's connections. Knows no records, groups or transactions. */
import type { Log } from "../../engine/connector.ts";
import type { KafkaConnection, TopicPartition } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { retrying } from "../native/retry.ts";
import { type BrokerAddress, Channel } from "./channel.ts";

export type CoordinatorKind = "group" | "transaction";

/** A topic that was just made is not known to every broker at once; one that is gone does not come back. */
const unknownTopicForMs = 3_000;
const troubleForMs = 120_000;

export class KafkajsCluster {
  /** Members, readers and producers that end with the client. */
  readonly users = new Set<{ close(): Promise<void> }>();
  private readonly kafka: KafkaConnection;
  private readonly log: Log | undefined;
  private readonly closing = new AbortController();
  private readonly control: Channel;
  private readonly channels = new Set<Channel>();
  private readonly addressByNode = new Map<number, BrokerAddress>();
  /** Node ids of leaders, −1 where there is none; by topic, then place = partition. */
  private readonly leadersByTopic = new Map<string, readonly number[]>();
  private readonly coordinators = new Map<string, BrokerAddress>();

  /** @throws KafkaError "unavailable" or "authentication" where no broker answers within 10 s */
  static async open(kafka: KafkaConnection, log?: Log): Promise<KafkajsCluster> {
    const cluster = new KafkajsCluster(kafka, log);
    try {
      await cluster.retry("reach the cluster", () => cluster.refresh([]), 10_000);
      return cluster;
    } catch (error) {
      cluster.close();
      throw error;
    }
  }

  private constructor(kafka: KafkaConnection, log: Log | undefined) {
    this.kafka = kafka;
    this.log = log;
    this.control = this.newChannel();
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /** See `Channel`. Close it with `closeChannel`. */
  newChannel(): Channel {
    const channel = new Channel(this.kafka);
    this.channels.add(channel);
    return channel;
  }

  closeChannel(channel: Channel): void {
    channel.close();
    this.channels.delete(channel);
  }

  /** For short requests. */
  call<Answer>(address: BrokerAddress, api: string, args: object): Promise<Answer> {
    return this.control.call(address, api, args);
  }

  get shortRequests(): Channel {
    return this.control;
  }

  /** Again and again while the trouble may pass. @throws KafkaError that is final */
  retry<T>(doing: string, attempt: () => Promise<T>, forMs = troubleForMs, signal?: AbortSignal): Promise<T> {
    let unknownSinceMs: number | undefined;
    const guarded = async (): Promise<T> => {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof KafkaError && error.retryable && error.kind === "unknown-topic")) throw error;
        unknownSinceMs ??= performance.now();
        throw performance.now() - unknownSinceMs < unknownTopicForMs ? error : asFinal(error);
      }
    };
    const signals = signal === undefined ? this.closing.signal : AbortSignal.any([this.closing.signal, signal]);
    return retrying(doing, guarded, { forMs, signal: signals, ...(this.log ? { log: this.log } : {}) });
  }

  // Topics

  /** Undefined where there is no such topic. One attempt. */
  async leaders(topic: string): Promise<readonly number[] | undefined> {
    if (!this.leadersByTopic.has(topic)) await this.refresh([topic]);
    return this.leadersByTopic.get(topic);
  }

  /** @throws KafkaError "unknown-topic" or "unavailable", both retryable */
  async leaderOf({ topic, partition }: TopicPartition): Promise<BrokerAddress> {
    const leader = (await this.leaders(topic))?.[partition];
    const address = leader === undefined ? undefined : this.addressByNode.get(leader);
    if (address !== undefined) return address;
    this.forgetTopic(topic);
    throw kafkaError(leader === undefined ? 3 : 5, { topic, partition });
  }

  forgetTopic(topic: string): void {
    this.leadersByTopic.delete(topic);
  }

  /** Of a code in an answer, having forgotten what it says is not so any more. */
  partitionError(code: number, at: TopicPartition): KafkaError {
    if (errorRow(code).remedy === "metadata") this.forgetTopic(at.topic);
    return kafkaError(code, at);
  }

  async refresh(topics: readonly string[]): Promise<void> {
    const answer = await this.askAny<MetadataAnswer>("Metadata", { topics, allowAutoTopicCreation: false });
    for (const { nodeId, host, port } of answer.brokers) this.addressByNode.set(nodeId, { host, port });
    // kafkajs writes no topics as all topics.
    for (const { topic, topicErrorCode, partitionMetadata } of topics.length === 0 ? [] : answer.topicMetadata) {
      if (topicErrorCode === 3) this.leadersByTopic.delete(topic);
      else if (topicErrorCode !== 0) throw kafkaError(topicErrorCode, { topic });
      else {
        const leaders: number[] = [];
        for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
        this.leadersByTopic.set(topic, leaders);
      }
    }
  }

  // Coordinators

  async coordinator(kind: CoordinatorKind, key: string): Promise<BrokerAddress> {
    const id = `${kind} ${key}`;
    const known = this.coordinators.get(id);
    if (known !== undefined) return known;
    const answer = await this.askAny<CoordinatorAnswer>("GroupCoordinator", {
      groupId: key,
      coordinatorType: kind === "group" ? 0 : 1,
    });
    if (answer.errorCode !== 0) throw kafkaError(answer.errorCode, placeOf(kind, key));
    const { host, port } = answer.coordinator;
    this.coordinators.set(id, { host, port });
    return { host, port };
  }

  /** Calls the coordinator; who it is is asked again after no answer. Error codes are the caller's: `coordinatorError`. */
  async callCoordinator<Answer>(
    kind: CoordinatorKind,
    key: string,
    call: (address: BrokerAddress) => Promise<Answer>,
  ): Promise<Answer> {
    const address = await this.coordinator(kind, key);
    try {
      return await call(address);
    } catch (error) {
      this.coordinators.delete(`${kind} ${key}`);
      throw error;
    }
  }

  coordinatorError(code: number, kind: CoordinatorKind, key: string, at: Partial<TopicPartition> = {}): KafkaError {
    if (errorRow(code).remedy === "coordinator") this.coordinators.delete(`${kind} ${key}`);
    return kafkaError(code, { ...placeOf(kind, key), ...at });
  }

  /** Each broker in turn until one answers, those that the cluster told of first. */
  async askAny<Answer>(api: string, args: object): Promise<Answer> {
    let last: unknown;
    for (const address of [...this.addressByNode.values(), ...this.kafka.brokers.map(addressOf)]) {
      try {
        return await this.control.call<Answer>(address, api, args);
      } catch (error) {
        last = error;
        if (error instanceof KafkaError && !error.retryable) break;
      }
    }
    throw last;
  }

  /** Its users first. Then what waits is rejected. Idempotent. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.users].map((user) => user.close()));
    this.close();
  }

  private close(): void {
    this.closing.abort(new KafkaError("unavailable", "The Kafka client was closed."));
    for (const channel of this.channels) channel.close();
  }
}

interface MetadataAnswer {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly topicErrorCode: number;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}

interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly coordinator: { readonly host: string; readonly port: number };
}

const placeOf = (kind: CoordinatorKind, key: string) => (kind === "group" ? { group: key } : { transactionalId: key });

function asFinal(error: KafkaError): KafkaError {
  return new KafkaError(error.kind, error.message, {
    cause: error,
    ...(error.topic === undefined ? {} : { topic: error.topic }),
    ...(error.partition === undefined ? {} : { partition: error.partition }),
  });
}

function addressOf(broker: string): BrokerAddress {
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(broker);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined)
    throw new KafkaError("protocol", `'${broker}' is no address of a broker. Write it as host:port.`);
  return { host, port: Number(found?.[3] ?? 9092) };
}
