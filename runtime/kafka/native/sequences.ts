/** Where each partition stands in the sequence of one producer. Source: https://cwiki.apache.org/confluence/display/KAFKA/KIP-98 */
import type { TopicPartition } from "../client.ts";

/** They go from 0 to 2^31 − 1, and on from 0. */
const sequenceCount = 2 ** 31;

export class Sequences {
  readonly #nextByTopic = new Map<string, Map<number, number>>();

  /** Of the first record that is stored next. */
  next({ topic, partition }: TopicPartition): number {
    return this.#nextByTopic.get(topic)?.get(partition) ?? 0;
  }

  stored({ topic, partition }: TopicPartition, count: number): void {
    const ofTopic = this.#nextByTopic.get(topic) ?? new Map<number, number>();
    this.#nextByTopic.set(topic, ofTopic);
    ofTopic.set(partition, ((ofTopic.get(partition) ?? 0) + count) % sequenceCount);
  }
}
