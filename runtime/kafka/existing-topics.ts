/** Topics that a pipeline reads or writes and does not make: they must be there before anything is read. */
import type { KafkaClient } from "./client.ts";
import { KafkaError } from "./kafka-error.ts";

/** Their numbers of partitions. @throws KafkaError "unknown-topic" of the first that is not there */
export async function partitionsOfAll(
  topics: readonly string[],
  client: Pick<KafkaClient, "partitionsOf">,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const topic of topics) {
    const count = await client.partitionsOf(topic);
    if (count === undefined)
      throw new KafkaError(
        "unknown-topic",
        `There is no topic '${topic}'. Make it first (kafka-topics.sh --create --topic ${topic} --partitions 4), or mend its name.`,
        { topic },
      );
    counts.set(topic, count);
  }
  return counts;
}
