/** Reads a dead letter, a file or a topic, from its beginning. */
import type { KafkaClient } from "../../runtime/kafka/client.ts";
import { type Entry, type Filter, isWanted } from "./deadletter-entry.ts";
import { entriesOfFile } from "./deadletter-file.ts";
import type { DeadLetterPlace } from "./deadletter-place.ts";
import { UsageError } from "./exit.ts";
import { clientKind } from "./kafka-options.ts";
import { connectionIn } from "./kafka-place.ts";
import type { Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

/** The wanted ones of a dead letter, the oldest first. False where it is a topic that is not there. */
export async function eachEntry(
  place: DeadLetterPlace,
  filter: Filter,
  options: Options,
  terminal: Terminal,
  see: (entry: Entry) => void | Promise<void>,
): Promise<boolean> {
  let left = filter.limit;
  if (left <= 0) return true;
  if (place.file !== undefined) {
    for await (const entry of entriesOfFile(place.file)) {
      if (!isWanted(entry, filter)) continue;
      await see(entry);
      if (--left <= 0) break;
    }
    return true;
  }
  return withClient(place, options, terminal, async (client) => {
    const { everyDeadLetter, markOf, placeText, replayedIn } = await import("../../runtime/kafka/dead-letters.ts");
    const topic = place.topic!;
    if ((await client.partitionsOf(topic)) === undefined) return false;
    const replayed = await replayedIn(client, topic);
    await everyDeadLetter(client, topic, async ({ place: at, known, key, value, headers, timestampMs }) => {
      const entry: Entry = {
        place: placeText(at),
        node: known.get("node") ?? "",
        operator: known.get("operator"),
        at: known.get("at"),
        reason: known.get("reason") ?? "",
        position: known.get("position") ?? "",
        time: known.get("time"),
        key,
        headers,
        timestampMs,
        bytes: value,
        isOutput: known.get("kept") === "output",
        wasReplayed: replayed.has(markOf(at)),
      };
      if (!isWanted(entry, filter)) return true;
      await see(entry);
      return --left > 0;
    });
    return true;
  });
}

/** Where that is not just the topic of a cluster beside the file of a local run. */
export function sayNoTopic({ topic }: DeadLetterPlace, { err }: Terminal): void {
  err(`There is no topic '${topic}' yet: nothing went wrong in a cluster, or the dead letter is elsewhere.\n`);
}

export async function withClient<T>(
  { connection, name }: DeadLetterPlace,
  { kafkaClient }: Options,
  terminal: Terminal,
  work: (client: KafkaClient) => Promise<T>,
): Promise<T> {
  if (connection === undefined)
    throw new UsageError(`It is not known in which Kafka '${name}' belongs.`, "Say it: --brokers host:9092.");
  const { openKafkaClient } = await import("../../runtime/kafka/open-client.ts");
  const client = await openKafkaClient(clientKind(kafkaClient), connectionIn(connection, terminal));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
