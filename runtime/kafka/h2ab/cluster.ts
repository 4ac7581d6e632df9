/** The brokers of one cluster: who leads what, who coordinates whom, and requests to them. Knows no records, groups or transactions. */
import { type API, findCoordinatorV4 } from "@platformatic/kafka";
import type { Log } from "../../engine/connector.ts";
import type { KafkaConnection } from "../client.ts";
import { kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { BrokerChannel, type CallOptions } from "./broker-channel.ts";
import { Metadata, type PartitionMetadata, type TopicMetadata } from "./metadata.ts";
import { type RetryOptions, retrying, Trouble } from "./retry.ts";

export type CoordinatorKind = "group" | "transaction";

export interface ClusterOptions {
  /** Where warnings go. */
  readonly log?: Log;
  /** How long troubles that may pass are borne: 120 s. */
  readonly retryForMs?: number;
  /** The same for the first answer of all: 10 s, since then a wrong address is the likely cause. */
  readonly openForMs?: number;
}

export class Cluster {
  readonly connection: KafkaConnection;
  readonly #retry: RetryOptions;
  readonly #closing = new AbortController();
  readonly #metadata: Metadata;
  readonly #channels = new Set<BrokerChannel>();
  readonly #control: BrokerChannel;
  /** By kind and key. */
  readonly #coordinators = new Map<string, Promise<number>>();

  /** Resolves once a broker has said who is in the cluster. @throws KafkaError "unavailable" or "authentication" */
  static async open(connection: KafkaConnection, options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(connection, options);
    try {
      await cluster.retry("reach the cluster", () => cluster.#metadata.refresh([]), {
        forMs: options.openForMs ?? 10_000,
      });
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private constructor(connection: KafkaConnection, options: ClusterOptions) {
    this.connection = connection;
    this.#retry = {
      forMs: options.retryForMs ?? 120_000,
      signal: this.#closing.signal,
      ...(options.log ? { log: options.log } : {}),
    };
    this.#metadata = new Metadata(connection);
    this.#control = this.newChannel();
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Connections of its own, one to each broker it speaks to, made when needed. A broker answers the requests of one connection strictly one after the other: whatever
   * waits in the broker (a fetch, joining a group) needs a channel where nothing else waits behind it. Close it when it is of no use any more.
   */
  newChannel(): BrokerChannel {
    const channel: BrokerChannel = new BrokerChannel(
      this.connection,
      (node) => this.#metadata.addressOf(node),
      () => this.#channels.delete(channel),
    );
    this.#channels.add(channel);
    return channel;
  }

  /** On the channel for short requests. One attempt; see `BrokerChannel.call`. */
  call<Arguments extends unknown[], Answer>(
    node: number,
    api: API<Arguments, Answer>,
    args: Arguments,
    options?: CallOptions,
  ): Promise<Answer> {
    return this.#control.call(node, api, args, options);
  }

  /** Of whichever broker answers, what all of them know alike. One attempt. */
  askAny<Arguments extends unknown[], Answer>(api: API<Arguments, Answer>, args: Arguments): Promise<Answer> {
    return this.#metadata.ask(api, args);
  }

  /**
   * Calls `attempt` until it resolves, throws what is not `retryable`, or the time is over; warns in the log. Each attempt is to look up the leader or coordinator again,
   * and to throw `kafkaError(code, …)` for codes in the answer, so that their remedy can be seen.
   * @param doing what does not work, for the log: `fetch offsets of topic 'a'`
   */
  retry<T>(doing: string, attempt: () => Promise<T>, options: { readonly forMs?: number } = {}): Promise<T> {
    return retrying(doing, attempt, { ...this.#retry, ...options });
  }

  /** The same for those who try again on their own. */
  trouble(doing: string): Trouble {
    return new Trouble(doing, this.#retry);
  }

  // Topics

  /** As known; asked for when it is not. Undefined where there is no such topic. Not tried again. @throws KafkaError "authorization" */
  async topic(name: string): Promise<TopicMetadata | undefined> {
    const known = this.#metadata.topic(name);
    if (known) return known;
    await this.refresh([name]);
    return this.#metadata.topic(name);
  }

  /** As known; never waits. @throws KafkaError "authorization" */
  knownTopic(name: string): TopicMetadata | undefined {
    return this.#metadata.topic(name);
  }

  /** Asks the brokers again, at once for all who ask at the same time. */
  refresh(topics: readonly string[]): Promise<void> {
    return this.#metadata.refresh(topics);
  }

  /** Its leader is not known right any more: the next `leaderOf` asks again. Call it for each error whose remedy is "metadata", and where a leader does not answer. */
  forgetTopic(name: string): void {
    this.#metadata.forget(name);
  }

  /** Node id of the leader. @throws KafkaError "unknown-topic" (retryable: it may be just being made), "unavailable" (retryable) while there is no leader */
  async leaderOf(topic: string, partition: number): Promise<number> {
    const found = (await this.topic(topic))?.partitions[partition];
    const leader = found?.leader ?? -1;
    if (leader >= 0) return leader;
    this.forgetTopic(topic);
    throw kafkaError(found ? 5 : 3, { topic, partition });
  }

  // Coordinators

  /** Node id of who coordinates the group or the transactional id; asked once. @throws KafkaError, retryable while there is none */
  coordinator(kind: CoordinatorKind, key: string): Promise<number> {
    const id = `${kind} ${key}`;
    const known = this.#coordinators.get(id);
    if (known) return known;
    const asked = this.#findCoordinator(kind, key);
    this.#coordinators.set(id, asked);
    asked.catch(() => this.#forgetCoordinator(id, asked));
    return asked;
  }

  /** The next `coordinator` asks again. Call it for each error whose remedy is "coordinator", and where the coordinator does not answer. */
  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators.delete(`${kind} ${key}`);
  }

  #forgetCoordinator(id: string, asked: Promise<number>): void {
    if (this.#coordinators.get(id) === asked) this.#coordinators.delete(id);
  }

  async #findCoordinator(kind: CoordinatorKind, key: string): Promise<number> {
    const place = kind === "group" ? { group: key } : { transactionalId: key };
    const answer = await this.#metadata.ask(findCoordinatorV4.api, [kind === "group" ? 0 : 1, [key]]);
    const found = answer.coordinators[0];
    if (!found) throw kafkaError(15, place);
    if (found.errorCode !== 0) throw kafkaError(found.errorCode, place);
    this.#metadata.learn(found.nodeId, found);
    return found.nodeId;
  }

  /** Closes all channels; what waits is rejected. Idempotent, never fails. */
  async close(): Promise<void> {
    this.#closing.abort(new KafkaError("unavailable", "The Kafka client was closed."));
    await Promise.all([this.#metadata.close(), ...[...this.#channels].map((channel) => channel.close())]);
  }
}

export type { PartitionMetadata, TopicMetadata };
