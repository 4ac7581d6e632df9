/** The broker of the test run, for `*.kafka.test.ts`: topics of their own for each test, and an independent writer and reader. */
import { inject } from "vitest";
import { type Isolation, type ProduceOptions, Records, type RecordToStore, type StoredRecord } from "./records.ts";

/** `host:port`; the variable KAFKA_BOOTSTRAP names another one than the run's own. */
export function bootstrap(): string {
  return inject("kafkaBootstrap");
}

/** A name that nobody else uses, for a group, a topic or a transactional id. */
export function newName(prefix = "test"): string {
  return `${prefix}-${Math.random().toString(36).slice(2)}`;
}

/** @returns its name */
export async function newTopic(partitions: number, settings?: Readonly<Record<string, string>>): Promise<string> {
  const topic = newName();
  await new Records(bootstrap()).makeTopic(topic, partitions, settings);
  return topic;
}

/** Everything that a reader sees now, by partition and offset. */
export function readAll(topic: string, isolation?: Isolation): Promise<readonly StoredRecord[]> {
  return new Records(bootstrap()).readAll(topic, isolation);
}

/** Idempotent, in order. */
export function produce(topic: string, records: readonly RecordToStore[], options?: ProduceOptions): Promise<void> {
  return new Records(bootstrap()).produce(topic, records, options);
}
