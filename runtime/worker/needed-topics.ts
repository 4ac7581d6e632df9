/** The topics that a stage's worker makes where they are not there yet, with their numbers of partitions. */
import type { KafkaTopicPlan, OptionValue, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { KafkaClient } from "../kafka/client.ts";
import { KafkaError } from "../kafka/kafka-error.ts";
import type { WantedTopic } from "../kafka/topics.ts";

type Options = Readonly<Record<string, OptionValue>>;

export interface NeededTopic {
  /** Of its Kafka. */
  readonly options: Options;
  readonly topic: WantedTopic;
}

/** One after the other, in order: the next may be like one before, which is to be made meanwhile. */
export async function* neededTopics(
  { kafka }: RuntimeConfig,
  clientFor: (options: Options) => Promise<KafkaClient>,
): AsyncGenerator<NeededTopic> {
  for (const plan of kafka?.topics ?? []) {
    const options = plan.connection ?? kafka?.connection;
    if (options === undefined) continue;
    const partitions = await partitionsFor(plan, await clientFor(options));
    yield { options, topic: { topic: plan.topic, role: plan.role, partitions } };
  }
}

/** Topics of sinks and of the dead letter that others make: they must be there before anything is read. */
export function writtenTopics({ nodes, errors, kafka }: RuntimeConfig): readonly WrittenTopic[] {
  const sinks = nodes.flatMap((node) => (node.kind === "sink" ? [node.connector] : []));
  const deadLetter = errors.policy === "dead_letter" && errors.connector !== undefined ? [errors.connector] : [];
  const made = new Set(kafka?.topics.map(({ topic }) => topic));
  return [...sinks, ...deadLetter].flatMap(({ type, options }) =>
    type === "kafka" && typeof options.topic === "string" && !made.has(options.topic)
      ? [{ options, topic: options.topic }]
      : [],
  );
}

export interface WrittenTopic {
  /** Of its Kafka. */
  readonly options: Options;
  readonly topic: string;
}

async function partitionsFor({ topic, partitions }: KafkaTopicPlan, client: KafkaClient): Promise<number> {
  if ("count" in partitions) return partitions.count;
  let most = partitions.least;
  for (const like of partitions.like) {
    const count = await client.partitionsOf(like);
    if (count === undefined)
      throw new KafkaError(
        "unknown-topic",
        `There is no topic '${like}', and '${topic}' is to have as many partitions. Make it first (kafka-topics.sh --create --topic ${like} --partitions 4), or mend its name.`,
        { topic: like },
      );
    most = Math.max(most, count);
  }
  return most;
}
