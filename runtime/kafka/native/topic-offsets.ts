/** Where partitions begin and end, and how many a topic has. */
import { setTimeout as delay } from "node:timers/promises";
import { listOffsetsV7 } from "@platformatic/kafka";
import type { TopicPartition } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import type { Cluster } from "./cluster.ts";

const timestampOf = { start: -2n, end: -1n } as const;

/**
 * In the order asked. `end` is behind the last record, also of a transaction that is still open.
 * @throws KafkaError "unknown-topic", "authorization"
 */
export function topicOffsets(
  cluster: Cluster,
  which: "start" | "end",
  of: readonly TopicPartition[],
): Promise<readonly number[]> {
  const found = new Map<string, number>();
  return cluster.retry(`read the ${which} offsets of ${namesOf(of)}`, async () => {
    const missing = of.filter((one) => !found.has(placeOf(one)));
    const byLeader = await byNode(cluster, missing);
    await Promise.all([...byLeader].map(([node, some]) => askLeader(cluster, node, which, some, found)));
    return of.map((one) => found.get(placeOf(one)) ?? -1);
  });
}

async function byNode(
  cluster: Cluster,
  of: readonly TopicPartition[],
): Promise<ReadonlyMap<number, readonly TopicPartition[]>> {
  const unknown = [...new Set(of.map(({ topic }) => topic))].filter((topic) => !cluster.knownTopic(topic));
  if (unknown.length > 0) await cluster.refresh(unknown);
  const leaders = await Promise.all(of.map(({ topic, partition }) => cluster.leaderOf(topic, partition)));
  return Map.groupBy(of, (_, place) => leaders[place] ?? -1);
}

async function askLeader(
  cluster: Cluster,
  node: number,
  which: "start" | "end",
  of: readonly TopicPartition[],
  found: Map<string, number>,
): Promise<void> {
  const topics = [...Map.groupBy(of, ({ topic }) => topic)].map(([name, its]) => ({
    name,
    partitions: [...new Set(its.map(({ partition }) => partition))].map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: cluster.knownTopic(name)?.partitions[partitionIndex]?.leaderEpoch ?? -1,
      timestamp: timestampOf[which],
    })),
  }));
  const answer = await cluster.call(node, listOffsetsV7.api, [-1, 0, topics]).catch((error: unknown) => {
    for (const { name } of topics) cluster.forgetTopic(name);
    throw error;
  });
  let refused: Error | undefined;
  for (const { name: topic, partitions } of answer.topics) {
    for (const { partitionIndex: partition, errorCode, offset } of partitions) {
      if (errorCode === 0) found.set(placeOf({ topic, partition }), Number(offset));
      else {
        if (errorRow(errorCode).remedy === "metadata") cluster.forgetTopic(topic);
        refused ??= kafkaError(errorCode, { topic, partition });
      }
    }
  }
  if (refused) throw refused;
}

/** A new topic is not known to all brokers at once. */
const appearsWithinMs = 200;

/** Undefined where there is no such topic. @throws KafkaError "authorization" */
export function partitionsOf(cluster: Cluster, topic: string): Promise<number | undefined> {
  return cluster.retry(`look up topic '${topic}'`, async () => {
    const known = await cluster.topic(topic);
    if (known) return known.partitions.length;
    await delay(appearsWithinMs);
    return (await cluster.topic(topic))?.partitions.length;
  });
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;

function namesOf(of: readonly TopicPartition[]): string {
  return [...new Set(of.map(({ topic }) => `topic '${topic}'`))].slice(0, 3).join(", ") || "no topic";
}
