/** What is known of brokers and topics, and the questions to whichever broker answers. */
import { type API, metadataV12 } from "@platformatic/kafka";
import type { KafkaConnection } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { type BrokerAddress, nameOf, parseAddress } from "./broker-address.ts";
import { BrokerConnection } from "./broker-connection.ts";

type MetadataResponseTopic = MetadataAnswer["topics"][number];
type MetadataAnswer = ReturnType<typeof metadataV12.parseResponse>;

export interface TopicMetadata {
  readonly name: string;
  /** Another one after the topic was deleted and made anew. A UUID in hexadecimal. */
  readonly id: string;
  /** Place in the list = number of the partition. */
  readonly partitions: readonly PartitionMetadata[];
}

export interface PartitionMetadata {
  /** Node id; −1 while there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

/** That a topic may not be seen. */
interface Refusal {
  readonly error: KafkaError;
  /** `performance.now()` */
  readonly atMs: number;
}

/** Rights may be given meanwhile. */
const refusalHoldsMs = 1_000;

export class Metadata {
  readonly #kafka: KafkaConnection;
  readonly #bootstrap: readonly BrokerAddress[];
  readonly #addressByNode = new Map<number, BrokerAddress>();
  readonly #topicByName = new Map<string, TopicMetadata>();
  readonly #refusalByTopic = new Map<string, Refusal>();
  readonly #failedMs = new Map<string, number>();
  #asked: Promise<BrokerConnection> | undefined;
  #refreshing: Promise<void> | undefined;
  #next: { readonly topics: Set<string>; readonly done: Promise<void> } | undefined;
  #isClosed = false;

  constructor(kafka: KafkaConnection) {
    this.#kafka = kafka;
    this.#bootstrap = kafka.brokers.map(parseAddress);
  }

  /** @throws KafkaError "authorization" or another, where the brokers refused to tell */
  topic(name: string): TopicMetadata | undefined {
    const refusal = this.#refusalByTopic.get(name);
    if (refusal && performance.now() - refusal.atMs < refusalHoldsMs) throw refusal.error;
    return this.#topicByName.get(name);
  }

  forget(topic: string): void {
    this.#topicByName.delete(topic);
  }

  learn(node: number, { host, port }: BrokerAddress): void {
    this.#addressByNode.set(node, { host, port });
  }

  /** @throws KafkaError "unavailable" (retryable) where nobody has told of it */
  addressOf(node: number): BrokerAddress {
    const address = this.#addressByNode.get(node);
    if (address) return address;
    throw new KafkaError("unavailable", `Broker ${node} is not in the cluster now.`, { retryable: true });
  }

  /** Those who ask while an answer is awaited share the next question. */
  refresh(topics: readonly string[]): Promise<void> {
    if (this.#next) {
      for (const topic of topics) this.#next.topics.add(topic);
      return this.#next.done;
    }
    if (!this.#refreshing) return this.#start(new Set(topics));
    const wanted = new Set(topics);
    const done = this.#refreshing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#start(wanted);
      });
    this.#next = { topics: wanted, done };
    return done;
  }

  #start(topics: ReadonlySet<string>): Promise<void> {
    const refreshing = this.#refresh([...topics]).finally(() => {
      if (this.#refreshing === refreshing) this.#refreshing = undefined;
    });
    this.#refreshing = refreshing;
    return refreshing;
  }

  async #refresh(topics: string[]): Promise<void> {
    const answer = await this.ask(metadataV12.api, [topics, false, false]);
    this.#addressByNode.clear();
    for (const broker of answer.brokers) this.learn(broker.nodeId, broker);
    for (const topic of answer.topics) this.#learnTopic(topic);
  }

  #learnTopic({ errorCode, name, topicId, partitions }: MetadataResponseTopic): void {
    if (!name) return;
    this.#refusalByTopic.delete(name);
    if (errorCode !== 0) {
      this.#topicByName.delete(name);
      if (errorRow(errorCode).remedy === "none")
        this.#refusalByTopic.set(name, { error: kafkaError(errorCode, { topic: name }), atMs: performance.now() });
      return;
    }
    const list: PartitionMetadata[] = [];
    for (const { partitionIndex, leaderId, leaderEpoch } of partitions)
      list[partitionIndex] = { leader: leaderId, leaderEpoch };
    this.#topicByName.set(name, { name, id: topicId, partitions: list });
  }

  /** Asks any broker: the one of the last question, else each in turn. @throws KafkaError of the last one tried when none answers */
  async ask<Arguments extends unknown[], Answer>(api: API<Arguments, Answer>, args: Arguments): Promise<Answer> {
    const connection = await this.#anyBroker();
    try {
      return await connection.call(api, args, 10_000);
    } catch (error) {
      this.#failedMs.set(nameOf(connection.address), performance.now());
      throw error;
    }
  }

  async #anyBroker(): Promise<BrokerConnection> {
    const asked = this.#asked;
    const known = await asked?.catch(() => undefined);
    if (known?.isOpen) return known;
    // Somebody else was faster.
    if (this.#asked !== asked) return this.#anyBroker();
    const opening = this.#openAny();
    this.#asked = opening;
    return opening;
  }

  async #openAny(): Promise<BrokerConnection> {
    let why: unknown;
    for (const address of this.#addresses()) {
      if (this.#isClosed) break;
      try {
        const connection = await BrokerConnection.open(address, this.#kafka);
        this.#failedMs.delete(nameOf(address));
        return connection;
      } catch (error) {
        this.#failedMs.set(nameOf(address), performance.now());
        // What is wrong with a setting is said first.
        if (why === undefined || (error instanceof KafkaError && !error.retryable)) why = error;
      }
    }
    throw why ?? new KafkaError("unavailable", "The Kafka client was closed, or has no address of a broker.");
  }

  /** Those that failed last come last. */
  #addresses(): readonly BrokerAddress[] {
    const all = new Map([...this.#addressByNode.values(), ...this.#bootstrap].map((one) => [nameOf(one), one]));
    const failedMs = (name: string) => this.#failedMs.get(name) ?? 0;
    return [...all].sort(([left], [right]) => failedMs(left) - failedMs(right)).map(([, address]) => address);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const connection = await this.#asked?.catch(() => undefined);
    await connection?.close();
  }
}
