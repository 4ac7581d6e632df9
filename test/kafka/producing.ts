/** What tests of producers share. */
import type { GroupGeneration, OutgoingBatch } from "../../runtime/kafka/client.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { KafkaError } from "../../runtime/kafka/kafka-error.ts";

/** Records without a key, of now: older ones would soon be taken away by retention. */
export function batch(topic: string, partition: number, ...values: readonly string[]): OutgoingBatch {
  const records = new RecordBatchWriter();
  for (const value of values) records.add(null, value, Date.now());
  return { topic, partition, records };
}

/** Why it failed. */
export const failure = (promise: Promise<unknown>): Promise<KafkaError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof KafkaError ? error : Promise.reject(error)),
  );

/** Offsets in a transaction of a group that has no members. */
export const noGroup = (group: string): GroupGeneration => ({ group, generation: -1, member: "" });
