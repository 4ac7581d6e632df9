/**
 * What members of a group tell each other through its coordinator, in the format of all consumers, so that Kafka's own tools show it: ConsumerProtocolSubscription
 * version 2 (with what the member owns, and since which generation) and ConsumerProtocolAssignment version 1.
 * Source: https://github.com/apache/kafka/tree/trunk/clients/src/main/resources/common/message
 */
import type { TopicPartition } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import type { GroupSubscriber } from "./assign-sticky.ts";

export type Subscription = Omit<GroupSubscriber, "member">;

const subscriptionVersion = 2;
const assignmentVersion = 1;

export function encodeSubscription({ topics, owned, generation }: Subscription): Buffer {
  return joined([
    int16(subscriptionVersion),
    int32(topics.length),
    ...topics.map(text),
    int32(-1), // No user data.
    encodePartitions(owned),
    int32(generation),
  ]);
}

/** @throws KafkaError "protocol" where the bytes are none */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new MetadataReader(bytes);
  const version = reader.int16();
  const topics = reader.list(() => reader.text());
  reader.bytes();
  const owned = version >= 1 ? reader.partitions() : [];
  const generation = version >= 2 ? reader.int32() : -1;
  return { topics, owned, generation };
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return joined([int16(assignmentVersion), encodePartitions(partitions), int32(-1)]);
}

/** A member that the leader forgot has no bytes at all. @throws KafkaError "protocol" */
export function decodeAssignment(bytes: Buffer): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new MetadataReader(bytes);
  reader.int16();
  return reader.partitions();
}

function encodePartitions(partitions: readonly TopicPartition[]): Buffer {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  return joined([
    int32(byTopic.size),
    ...[...byTopic].flatMap(([topic, its]) => [
      text(topic),
      int32(its.length),
      ...its.map(({ partition }) => int32(partition)),
    ]),
  ]);
}

const joined = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return joined([int16(bytes.length), bytes]);
}

/** Lengths and counts are compared with what is there before anything is made of them. */
class MetadataReader {
  private readonly source: Buffer;
  private at = 0;

  constructor(source: Buffer) {
    this.source = source;
  }

  int16(): number {
    return this.source.readInt16BE(this.take(2));
  }

  int32(): number {
    return this.source.readInt32BE(this.take(4));
  }

  text(): string {
    const size = this.int16();
    const from = this.take(size);
    return this.source.toString("utf8", from, from + size);
  }

  bytes(): Buffer | undefined {
    const size = this.int32();
    if (size < 0) return undefined;
    const from = this.take(size);
    return this.source.subarray(from, from + size);
  }

  list<T>(read: () => T): T[] {
    const count = this.int32();
    // Each takes two bytes at least.
    if (count * 2 > this.source.length - this.at) throw malformed();
    return Array.from({ length: Math.max(count, 0) }, read);
  }

  partitions(): TopicPartition[] {
    const topics = this.list(() => {
      const topic = this.text();
      return this.list(() => ({ topic, partition: this.int32() }));
    });
    return topics.flat();
  }

  private take(size: number): number {
    const from = this.at;
    if (size < 0 || from + size > this.source.length) throw malformed();
    this.at += size;
    return from;
  }
}

const malformed = (): KafkaError =>
  new KafkaError(
    "protocol",
    "A member of the consumer group sent data that cannot be read. Give every program a consumer group of its own: option 'group'.",
  );
