/**
 * What the engine needs of Kafka: six operations on batches of raw bytes (join, fetch, produce, commit, transactions, offsets). Two implementations, one suite of tests
 * (test/kafka/client-suite.ts). Whatever is thrown is a `KafkaError` that names the topic and the cure; what may pass is tried again inside.
 */
import type { Awaitable, RecordBlock } from "../engine/connector.ts";
import type { BatchWriter } from "./codec/batch-writer.ts";
import type { KafkaError } from "./kafka-error.ts";

/** How to reach a cluster, secrets already replaced by their values. */
export interface KafkaConnection {
  /** `host:port`. */
  readonly brokers: readonly string[];
  /** Shown in the broker's logs. */
  readonly clientId: string;
  /** Absent: not encrypted. */
  readonly tls?: {
    /** PEM; absent: the system's. */ readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
  };
  readonly sasl?: {
    readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly password: string;
  };
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionOffset extends TopicPartition {
  /** Of the next record. */
  readonly offset: number;
}

export interface KafkaClient {
  /** Becomes a member of a consumer group. Resolves once the group's coordinator has taken it in; `GroupEvents.assigned` follows. */
  join(options: JoinOptions): Promise<GroupMember>;
  /** Reads partitions without a group: changelogs, tables, dead letters. */
  reader(options: ReaderOptions): Promise<PartitionsReader>;
  /** Idempotent, always; with a `transactionalId` everything it sends is in transactions. Resolves when it may send: whoever had the id before is fenced then. */
  producer(options: ProducerOptions): Promise<KafkaProducer>;
  /** In the order asked. `committed`: of the group, −1 where there is none. @throws KafkaError "unknown-topic" */
  offsets(
    which: "start" | "end" | { readonly group: string },
    of: readonly TopicPartition[],
  ): Promise<readonly number[]>;
  /** The number of partitions, or undefined where there is no such topic. */
  partitionsOf(topic: string): Promise<number | undefined>;
  /** Closes all connections; members leave, transactions are aborted. Idempotent, never fails. */
  close(): Promise<void>;
}

// Groups

export interface JoinOptions extends GroupEvents {
  readonly group: string;
  readonly topics: readonly string[];
  /** A member that has not been heard of for so long is taken out: 10 s by default, at least 1 s. */
  readonly sessionTimeoutMs?: number;
  /** How long the others wait for `revoked` to settle: 60 s by default. */
  readonly rebalanceTimeoutMs?: number;
  /** How often the topics are looked at: whether they have more partitions now, or are gone. 30 s by default. */
  readonly metadataIntervalMs?: number;
  readonly fetch: FetchOptions;
}

/** All are called one after the other: none begins before what the last one gave has settled. */
export interface GroupEvents {
  /**
   * The group divides anew. The member keeps what it has until this settles: what is in flight can still be committed. Until `assigned` nothing is fetched any more.
   * Must not throw.
   */
  revoked(): Awaitable<void>;
  /** Everything that the member has from now on; partitions that it had before stay with it where that is possible. Their readers are opened with `GroupMember.open`. */
  assigned(partitions: readonly TopicPartition[]): Awaitable<void>;
  /** The member was taken out (session time-out, fenced): others have its partitions. Nothing of what is in flight may be committed. It joins again by itself, `assigned` follows. */
  lost(): Awaitable<void>;
  /** It cannot be a member any more: authorisation, a topic that is gone. Nothing is called after it. */
  failed(error: KafkaError): void;
}

export interface GroupMember extends PartitionsReader {
  /** Of the present generation; what KIP-447 puts into `TxnOffsetCommit`. */
  readonly generation: GroupGeneration;
  /** Waits while a transaction over them is still open. −1 where there is none. */
  committed(of: readonly TopicPartition[]): Promise<readonly number[]>;
  /** Plain commit. @throws KafkaError "rebalanced" when the member has not (any more) what it commits: drop what is in flight */
  commit(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Ends without `revoked`: commit before. The others take over at once. */
  leave(): Promise<void>;
}

export interface GroupGeneration {
  readonly group: string;
  readonly generation: number;
  readonly member: string;
}

// Fetch

export interface FetchOptions {
  /** Default "read_committed": records of aborted transactions are never given, those of open ones wait. */
  readonly isolation?: "read_committed" | "read_uncommitted";
  /** Of all partitions together, what is fetched and not pulled yet: 8 MiB by default. */
  readonly maxBytes?: number;
  /** The broker waits so long for at least one byte: 100 ms by default. */
  readonly maxWaitMs?: number;
}

export interface ReaderOptions extends FetchOptions {}

export interface PartitionsReader {
  /** Reads on from the offset. Nothing is fetched for a partition before it is open, and none while what it holds has not been pulled: that is the back-pressure. */
  open(from: PartitionOffset): PartitionReader;
  close(): Promise<void>;
}

export interface PartitionReader extends TopicPartition {
  /**
   * The next block, in order; at once when it is there. `undefined` after `close`. One call at a time.
   * @throws KafkaError "offset-out-of-range" when retention has taken the offset away, "unknown-topic", "authorization"
   */
  pull(): Awaitable<RecordBlock | undefined>;
  /** Last known: the offset behind the last record that can be read now (read_committed: last stable). −1 before the first answer, and while there is none. */
  readonly endOffset: number;
  /** Where the next pull goes on. */
  readonly position: number;
  close(): void;
}

// Produce

export interface ProducerOptions {
  /** The same for whoever works on the same input partition. Absent: no transactions. */
  readonly transactionalId?: string;
  /** The broker aborts a transaction that takes longer: 60 s by default. */
  readonly transactionTimeoutMs?: number;
  readonly compression?: Compression;
}

export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** One send at a time; `commit` and `abort` only between sends. After any rejection but a `retryable` one it is of no use: close it, make a new one. */
export interface KafkaProducer {
  /**
   * Stores the batches, at most one per partition; resolves once all replicas in sync have them. With a transactional id a transaction is begun where none is open.
   * The writers belong to the producer until it settles. Tried again for up to two minutes with the same bytes and sequence, so nothing is stored twice.
   * @throws KafkaError "record-too-large": the batches named in its `refused` were larger than the topic takes and are not stored; all others are, and the producer goes on
   */
  send(batches: readonly OutgoingBatch[]): Promise<void>;
  /**
   * Ends the transaction with these offsets in it; begins one when only offsets are given. All or nothing.
   * @throws KafkaError "fenced" or "rebalanced": somebody else has the partitions; the transaction was aborted
   */
  commit(offsets: readonly PartitionOffset[], generation: GroupGeneration): Promise<void>;
  /** What was sent since the last commit is never seen by read_committed readers. */
  abort(): Promise<void>;
  /** Aborts what is open. Idempotent, never fails. */
  close(): Promise<void>;
  /** The number of partitions to choose from; known after the first call of each topic, and kept up to date. @throws KafkaError "unknown-topic" */
  partitionsOf(topic: string): Awaitable<number>;
}

export interface OutgoingBatch extends TopicPartition {
  readonly records: BatchWriter;
  /** Absent: the producer's. Topics of one producer may differ. */
  readonly compression?: Compression;
}
