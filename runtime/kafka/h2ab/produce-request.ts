/**
 * Produce, version 11, with batches that are bytes already. Error codes are in the answer, never thrown.
 * Source: https://kafka.apache.org/protocol#The_Messages_Produce
 */
import { type API, createAPI, type Reader, Writer } from "@platformatic/kafka";
import type { TopicPartition } from "../client.ts";

export interface BatchBytes extends TopicPartition {
  readonly bytes: Buffer;
}

export interface StoreAnswer extends TopicPartition {
  readonly errorCode: number;
}

type ProduceArguments = [transactionalId: string | undefined, timeoutMs: number, batches: readonly BatchBytes[]];

/** @param timeoutMs the leader waits so long for the other replicas in sync */
function createRequest(...[transactionalId, timeoutMs, batches]: ProduceArguments): Writer {
  const byTopic = [...Map.groupBy(batches, (batch) => batch.topic)];
  return Writer.create()
    .appendString(transactionalId ?? null)
    .appendInt16(allInSync)
    .appendInt32(timeoutMs)
    .appendArray(byTopic, (topics, [topic, its]) => {
      topics.appendString(topic).appendArray(its, (partitions, { partition, bytes }) => {
        partitions.appendInt32(partition).appendBytes(bytes);
      });
    })
    .appendTaggedFields();
}

function parseResponse(_correlation: number, _key: number, _version: number, reader: Reader): readonly StoreAnswer[] {
  const answers: StoreAnswer[] = [];
  reader.readArray((ofTopic) => {
    const topic = ofTopic.readString();
    ofTopic.readArray((of) => {
      answers.push({ topic, partition: of.readInt32(), errorCode: of.readInt16() });
      of.skip(offsetsAndTimeBytes);
      of.readArray((record) => {
        record.readInt32();
        record.readNullableString();
      });
      of.readNullableString();
    });
  });
  return answers;
}

const allInSync = -1;
/** Base offset, append time, start of the log. */
const offsetsAndTimeBytes = 24;

export const produceApi: API<ProduceArguments, readonly StoreAnswer[]> = createAPI(0, 11, createRequest, parseResponse);
