/**
 * Apache Kafka where no group is needed: sinks of pipelines that read something else, dead letters, and tables. Sources, and sinks of pipelines that have one, belong to
 * the tasks of a worker (runtime/worker/), which has their outputs, offsets and state in one hand.
 */
import type {
  Connector,
  Log,
  Message,
  MessageBatch,
  MessageSource,
  OpenContext,
  RecordBlock,
} from "../engine/connector.ts";
import { RecordField, recordStride } from "../engine/connector.ts";
import { bug } from "../engine/runtime-error.ts";
import type { KafkaClient, KafkaConnection, TopicPartition } from "../kafka/client.ts";
import { connectionOf } from "../kafka/connection-of.ts";
import { partitionsOfAll } from "../kafka/existing-topics.ts";
import { KafkaError } from "../kafka/kafka-error.ts";
import { openTopicSink } from "../kafka/open-topic-sink.ts";

export type OpenKafkaClient = (connection: KafkaConnection, log: Log) => Promise<KafkaClient>;

export function kafkaConnector(openClient: OpenKafkaClient): Connector {
  const clientOf = ({ options, pipeline, log }: OpenContext) =>
    openClient(connectionOf(options, `flow-${pipeline}`), log);
  return {
    type: "kafka",
    openSource: () => bug("a Kafka source without a worker"),
    openSink: async (context) => {
      const client = await clientOf(context);
      try {
        await mustBeThere(client, context);
      } catch (error) {
        await client.close();
        throw error;
      }
      return openTopicSink(client, context.options, () => client.close());
    },
    checkSink: async (context) => {
      const client = await clientOf(context);
      try {
        await mustBeThere(client, context);
      } finally {
        await client.close();
      }
    },
    openTable: async (context) => {
      const client = await clientOf(context);
      try {
        return rowsOf(await latestByKey(client, String(context.options.topic)));
      } finally {
        await client.close();
      }
    },
  };
}

/** Those between stages, and of dead letters that the file does not name, are made by the workers that read Kafka. */
async function mustBeThere(client: KafkaClient, { options }: OpenContext): Promise<void> {
  const topic = String(options.topic);
  if (options.watermarks !== true && !topic.startsWith("argo.")) await partitionsOfAll([topic], client);
}

interface Place {
  readonly block: RecordBlock;
  readonly record: number;
}

/** What compaction would leave: of each key the last record, none where that is a tombstone; and all records without a key. */
async function latestByKey(client: KafkaClient, topic: string): Promise<readonly Place[]> {
  const count = await client.partitionsOf(topic);
  if (count === undefined)
    throw new KafkaError("unknown-topic", `There is no topic '${topic}' to read a table from.`, { topic });
  const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const starts = await client.offsets("start", partitions);
  const ends = await client.offsets("end", partitions);
  const reader = await client.reader({});
  const latest = new Map<string, Place>();
  try {
    for (const [partition, one] of partitions.entries())
      await readTo(reader.open({ ...one, offset: starts[partition]! }), ends[partition]!, (block, record) => {
        const at = record * recordStride;
        const start = block.index[at + RecordField.keyStart]!;
        const key =
          start < 0
            ? `${partition}/${block.baseOffset + block.index[at + RecordField.offsetDelta]!}`
            : `k${block.bytes.toString("latin1", start, block.index[at + RecordField.keyEnd])}`;
        latest.delete(key);
        if (block.index[at + RecordField.valueStart]! >= 0) latest.set(key, { block, record });
      });
  } finally {
    await reader.close();
  }
  return [...latest.values()];
}

async function readTo(
  reader: ReturnType<Awaited<ReturnType<KafkaClient["reader"]>>["open"]>,
  end: number,
  take: (block: RecordBlock, record: number) => void,
): Promise<void> {
  while (reader.position < end) {
    const block = await reader.pull();
    if (block === undefined) break;
    for (let record = 0; record < block.count; record++) take(block, record);
  }
  reader.close();
}

/** Rows of a table that have been read, as a source that ends. */
function rowsOf(places: readonly Place[]): MessageSource {
  let next = 0;
  return {
    kind: "messages",
    acknowledges: false,
    pull: (max): MessageBatch | undefined => {
      if (next >= places.length) return undefined;
      const messages = places.slice(next, next + max).map(messageOf);
      next += messages.length;
      return { messages };
    },
    ack: () => {},
    stop: () => {},
    close: () => {},
  };
}

function messageOf({ block, record }: Place): Message {
  const at = record * recordStride;
  const { bytes, index, topic, partition, baseOffset } = block;
  return {
    bytes: bytes.subarray(index[at + RecordField.valueStart], index[at + RecordField.valueEnd]),
    position: positionOf({ topic, partition }, baseOffset + index[at + RecordField.offsetDelta]!),
    timeMs: block.timestamps[record]!,
  };
}

const positionOf = ({ topic, partition }: TopicPartition, offset: number): string => `${topic}/${partition}/${offset}`;
