/** A topic's sink with a producer of its own: not in anybody's transaction, and never stored twice by it. */
import type { OpenContext } from "../engine/connector.ts";
import type { Compression, KafkaClient, KafkaProducer } from "./client.ts";
import { SendQueue } from "./send-queue.ts";
import { TopicSink, type TopicSinkServices } from "./topic-sink.ts";

/** @param closed called once it has been closed */
export async function openTopicSink(
  client: KafkaClient,
  options: OpenContext["options"],
  closed: () => Promise<void> = async () => {},
): Promise<TopicSink> {
  const producer = await client.producer({});
  const queue = new SendQueue(producer);
  return topicSinkOver(producer, options, {
    send: (batches) => queue.send(batches),
    close: async () => {
      await producer.close();
      await closed();
    },
  });
}

/** Keeps to the topic's number of partitions as the producer learns of it. */
export async function topicSinkOver(
  producer: Pick<KafkaProducer, "partitionsOf">,
  options: OpenContext["options"],
  services: Pick<TopicSinkServices, "send" | "close" | "isTransactional">,
): Promise<TopicSink> {
  const topic = String(options.topic);
  let partitions = await producer.partitionsOf(topic);
  let isAsking = false;
  return new TopicSink(topic, {
    send: async (batches) => {
      await services.send(batches);
      const count = producer.partitionsOf(topic);
      partitions = typeof count === "number" ? count : await count;
    },
    partitions: () => {
      // A wait is for brokers that are asked anew; the next send does that, and says what is wrong.
      const count = isAsking ? partitions : producer.partitionsOf(topic);
      if (typeof count === "number") partitions = count;
      else
        void count.then(
          (known) => {
            partitions = known;
            isAsking = false;
          },
          () => {
            isAsking = false;
          },
        );
      isAsking ||= typeof count !== "number";
      return partitions;
    },
    close: services.close,
    compression: compressionOf(options),
    ...(services.isTransactional === true ? { isTransactional: true } : {}),
  });
}

const compressions: readonly string[] = ["gzip", "snappy", "lz4", "zstd"];

function compressionOf({ compression }: OpenContext["options"]): Compression {
  return typeof compression === "string" && compressions.includes(compression) ? (compression as Compression) : "none";
}
