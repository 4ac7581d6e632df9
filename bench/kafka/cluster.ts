/** A broker of the benchmark: full compiler, one gigabyte, and an input topic of 4 partitions. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import type { KafkaClient } from "../../runtime/kafka/client.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { eventText, keyOf } from "./events.ts";

export const partitions = 4;
const script = join(import.meta.dirname, "../../test/kafka/kafka.sh");

export interface Cluster extends AsyncDisposable {
  readonly folder: string;
  readonly bootstrap: string;
  /** Makes the input topic with so many events. */
  fill(messages: number): Promise<string>;
  newTopic(name: string): Promise<string>;
  /** Sum of the end offsets of a topic. */
  ends(topic: string): Promise<number>;
}

export async function openCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "flow-kafka-"));
  const broker = join(folder, "broker");
  const bootstrap = execFileSync(script, ["start", "--bench", broker], { encoding: "utf8" }).trim();
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const client = await openKafkaClient("native", { brokers: [bootstrap], clientId: "bench" });
  const newTopic = async (name: string) => {
    const topic = `${name}-${process.pid}-${Date.now().toString(36)}`;
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitions, configEntries: [{ name: "retention.ms", value: "-1" }] }],
    });
    return topic;
  };
  return {
    folder,
    bootstrap,
    newTopic,
    fill: async (messages) => {
      const topic = await newTopic("input");
      await fill(client, topic, messages);
      return topic;
    },
    ends: async (topic) =>
      (
        await client.offsets(
          "end",
          Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
        )
      ).reduce((sum, end) => sum + end, 0),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([admin.disconnect(), client.close()]);
      execFileSync(script, ["stop", broker]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function fill(client: KafkaClient, topic: string, messages: number): Promise<void> {
  const producer = await client.producer({});
  const size = 1_000;
  for (let at = 0, partition = 0; at < messages; at += size, partition = (partition + 1) % partitions) {
    const records = new RecordBatchWriter();
    for (let i = at; i < Math.min(messages, at + size); i++) records.add(keyOf(i), eventText(i), 1_770_000_000_000 + i);
    await producer.send([{ topic, partition, records }]);
  }
  await producer.close();
}
