/** Topics and records with kafkajs alone, so that what our clients did is looked at by somebody else. */
import { setTimeout as sleep } from "node:timers/promises";
import { CompressionTypes, type IHeaders, Kafka, logLevel, Partitioners } from "kafkajs";
import { within } from "./within.ts";

/** A request of a follower, with its connection. After a broker went away kafkajs may wait for one without end. */
const requestMs = 8_000;

interface RawMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}
interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset?: string;
  readonly abortedTransactions?: readonly AbortedTransaction[] | null;
  readonly messages: readonly RawMessage[];
}
interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}
interface FetchTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly fetchOffset: string;
    readonly maxBytes: number;
  }[];
}
interface Broker {
  fetch(request: {
    readonly isolationLevel: number;
    readonly maxWaitTime: number;
    readonly topics: readonly FetchTopic[];
  }): Promise<{ readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[] }>;
}
interface Connections {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  findBroker(which: { readonly nodeId: string }): Promise<Broker>;
}

export type Isolation = "read_committed" | "read_uncommitted";

/** As it stands in the log. */
export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordToStore {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  readonly partition?: number;
  readonly timestampMs?: number;
}

export interface ProduceOptions {
  readonly compression?: "none" | "gzip";
  /** In a transaction, which is ended so. */
  readonly transaction?: "committed" | "aborted";
}

/** A cluster seen with kafkajs. */
export class Records {
  readonly kafka: Kafka;
  private readonly brokers: readonly string[];

  /** @param bootstrap `host:port,host:port` */
  constructor(bootstrap: string) {
    this.brokers = bootstrap.split(",");
    this.kafka = new Kafka({
      clientId: "test",
      brokers: [...this.brokers],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 20, retries: 30, maxRetryTime: 1_000 },
    });
  }

  /** Resolves when every partition has a leader. @param settings of the topic, as `cleanup.policy` */
  async makeTopic(topic: string, partitions: number, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.asAdmin(async (admin) => {
      const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
      const wanted = { topic, numPartitions: partitions, replicationFactor: -1, configEntries };
      await admin.createTopics({ waitForLeaders: false, topics: [wanted] });
      const endMs = performance.now() + 30_000;
      // The brokers hear of it one after the other: asked at once, one may not know it yet.
      while (!(await isThere(admin, topic, partitions))) {
        if (performance.now() > endMs) throw new Error(`Topic ${topic} has no leaders after 30 s.`);
        await sleep(20);
      }
    });
  }

  async asAdmin<T>(work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Idempotent, in order. */
  async produce(topic: string, records: readonly RecordToStore[], options: ProduceOptions = {}): Promise<void> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
      ...(options.transaction === undefined
        ? {}
        : { transactionalId: `test-${Math.random().toString(36).slice(2)}`, transactionTimeout: 60_000 }),
    });
    await producer.connect();
    try {
      const transaction = options.transaction === undefined ? undefined : await producer.transaction();
      await (transaction ?? producer).send({
        topic,
        acks: -1,
        compression: options.compression === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: records.map(({ key, value, headers, partition, timestampMs }) => ({
          key: key ?? null,
          value,
          ...(headers === undefined ? {} : { headers: { ...headers } }),
          ...(partition === undefined ? {} : { partition }),
          ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
        })),
      });
      if (options.transaction === "aborted") await transaction?.abort();
      else await transaction?.commit();
    } finally {
      await producer.disconnect();
    }
  }

  /** Everything that a reader sees now, by partition and offset. */
  async readAll(topic: string, isolation: Isolation = "read_committed"): Promise<readonly StoredRecord[]> {
    const endMs = performance.now() + 10_000;
    for (;;) {
      const reader = this.follow(topic, isolation);
      try {
        const all = await reader.readRest();
        return [...all].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
      } catch (error) {
        // A broker that has just made a topic may not lead it yet.
        if (!isRetriable(error) || performance.now() > endMs) throw error;
        await sleep(50);
      } finally {
        await reader.close();
      }
    }
  }

  follow(topic: string, isolation: Isolation = "read_committed"): TopicFollower {
    return new TopicFollower(this.kafka, topic, isolation);
  }
}

/** Reads a topic from its beginning, in steps, without a group. */
export class TopicFollower {
  private readonly kafka: Kafka;
  private readonly topic: string;
  private readonly isolation: Isolation;
  private readonly positions = new Map<number, number>();
  private connections: Connections | undefined;

  constructor(kafka: Kafka, topic: string, isolation: Isolation) {
    this.kafka = kafka;
    this.topic = topic;
    this.isolation = isolation;
  }

  /**
   * What can be read now and was not before.
   * @throws when nothing could be read because a broker is away; the next call goes on where this one stood
   */
  async readOn(): Promise<readonly StoredRecord[]> {
    const found: StoredRecord[] = [];
    try {
      await this.readInto(found);
    } catch (error) {
      await this.close();
      if (found.length === 0) throw error;
    }
    return found;
  }

  /** The same, all of it or nothing. @throws when a part could not be read */
  async readRest(): Promise<readonly StoredRecord[]> {
    const found: StoredRecord[] = [];
    await this.readInto(found);
    return found;
  }

  private async readInto(found: StoredRecord[]): Promise<void> {
    const connections = await this.connect();
    for (const { partitionId, leader } of connections.findTopicPartitionMetadata(this.topic)) {
      const broker = await inTime(connections.findBroker({ nodeId: String(leader) }), `broker ${leader}`);
      while (await this.readStep(broker, partitionId, found));
    }
  }

  private async connect(): Promise<Connections> {
    if (this.connections !== undefined) {
      await inTime(this.connections.refreshMetadata(), "where the partitions are");
      return this.connections;
    }
    const connections = connectionsOf(this.kafka);
    this.connections = connections;
    try {
      await inTime(connections.connect(), "a connection");
      await inTime(connections.addTargetTopic(this.topic), "where the partitions are");
    } catch (error) {
      // Half a connection is none: the next call makes another.
      await this.close();
      throw error;
    }
    return connections;
  }

  private async readStep(broker: Broker, partition: number, into: StoredRecord[]): Promise<boolean> {
    const from = this.positions.get(partition) ?? 0;
    const fetched = broker.fetch({
      isolationLevel: this.isolation === "read_committed" ? 1 : 0,
      maxWaitTime: 1,
      topics: [{ topic: this.topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: 4 << 20 }] }],
    });
    const { responses } = await inTime(fetched, `records of partition ${partition}`);
    const data = responses[0]?.partitions[0];
    if (data === undefined) return false;
    const end = Number(this.isolation === "read_committed" ? data.lastStableOffset : data.highWatermark);
    if (from >= end || data.messages.length === 0) return false;
    for (const message of shown(data)) if (Number(message.offset) >= from) into.push(stored(partition, message));
    const next = Number(data.messages.at(-1)!.offset) + 1;
    this.positions.set(partition, next);
    return next > from && next < end;
  }

  async close(): Promise<void> {
    const connections = this.connections;
    this.connections = undefined;
    if (connections !== undefined) await inTime(connections.disconnect(), "a goodbye").catch(() => {});
  }
}

const inTime = <T>(answer: Promise<T>, what: string): Promise<T> =>
  within(answer, requestMs, `no answer about ${what}`);

/**
 * Without markers and what was aborted. Not by kafkajs: it takes the aborted transactions in the order in which they ended, and so shows records of one that began before
 * another and was aborted after it.
 */
function shown({ messages, abortedTransactions }: FetchedPartition): readonly RawMessage[] {
  const aborted = [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  const abortedProducers = new Set<string>();
  return messages.filter(({ offset, key, isControlRecord, batchContext: { producerId, inTransaction } }) => {
    while (aborted.length > 0 && Number(aborted[0]!.firstOffset) <= Number(offset))
      abortedProducers.add(aborted.shift()!.producerId);
    // Version, then 0 for an abort and 1 for a commit.
    if (isControlRecord && key?.readInt16BE(2) === 0) abortedProducers.delete(producerId);
    return !isControlRecord && !(inTransaction && abortedProducers.has(producerId));
  });
}

const isRetriable = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "retriable" in error && error.retriable === true;

async function isThere(admin: ReturnType<Kafka["admin"]>, topic: string, partitions: number): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics[0]?.partitions ?? [];
    return found.length === partitions && found.every(({ leader }) => leader >= 0);
  } catch (error) {
    if (error instanceof Error && "retriable" in error && error.retriable === true) return false;
    throw error;
  }
}

function stored(partition: number, message: RawMessage): StoredRecord {
  return {
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? null,
    headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

/** kafkajs has fetch without a group only inside. */
function connectionsOf(kafka: Kafka): Connections {
  const make = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  if (make === undefined) throw new Error("kafkajs has changed inside: no createCluster");
  const create: (options: {
    readonly metadataMaxAge: number;
    readonly allowAutoTopicCreation: boolean;
  }) => Connections = Reflect.get(kafka, make);
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false });
}
