/**
 * AddPartitionsToTxn, version 3, the last one for clients. Its error codes are in the answer, never thrown: the one that says to wait comes with almost every transaction.
 * Source: https://kafka.apache.org/protocol#The_Messages_AddPartitionsToTxn
 */
import { addPartitionsToTxnV3, createAPI } from "@platformatic/kafka";
import type { TopicPartition } from "../client.ts";
import type { BrokerApi } from "./broker-connection.ts";

export interface PartitionResult extends TopicPartition {
  readonly code: number;
}

export const addPartitionsApi: BrokerApi<
  Parameters<typeof addPartitionsToTxnV3.createRequest>,
  readonly PartitionResult[]
> = createAPI(
  addPartitionsToTxnV3.api.key,
  addPartitionsToTxnV3.api.version,
  addPartitionsToTxnV3.createRequest,
  (_correlation, _key, _version, reader) => {
    const results: PartitionResult[] = [];
    reader.readInt32(); // Throttled for so long.
    reader.readArray((ofTopic) => {
      const topic = ofTopic.readString();
      ofTopic.readArray((of) => results.push({ topic, partition: of.readInt32(), code: of.readInt16() }));
    });
    return results;
  },
);
