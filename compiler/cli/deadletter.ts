/** `flow deadletter list|replay`: what went wrong, and the way back for it. */
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import type { KafkaClient } from "../../runtime/kafka/client.ts";
import type { CommandRun } from "./command-row.ts";
import { type Entry, type Filter, filterOf, isWanted } from "./deadletter-entry.ts";
import { entriesOfFile } from "./deadletter-file.ts";
import { type DeadLetterPlace, deadLettersOf } from "./deadletter-place.ts";
import { CommandFailure, exitCodes, UsageError } from "./exit.ts";
import { clientKind } from "./kafka-options.ts";
import { connectionIn } from "./kafka-place.ts";
import { deadLetterJson, deadLetterText } from "./report/dead-letter-text.ts";
import type { Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

export const deadletterCommand: CommandRun = async ([action = "", word = ""], options, terminal) => {
  if (action !== "list" && action !== "replay")
    throw new UsageError(`'${action}' is nothing to do with a dead letter.`, "It is one of list, replay.");
  const onlyReplay = ["to", "dryRun"].find((name) => options[name] !== undefined);
  if (action === "list" && onlyReplay !== undefined)
    throw new UsageError(`'--${onlyReplay === "to" ? "to" : "dry-run"}' is for 'replay'.`);
  const places = await deadLettersOf(word, options, terminal);
  if (places === undefined) return exitCodes.diagnostics;
  try {
    if (action === "list") return await list(places, options, terminal);
    const { replayAll } = await import("./deadletter-replay.ts");
    return await replayAll(places, options, terminal);
  } catch (error) {
    if (error instanceof RuntimeError) throw new CommandFailure(error.message);
    throw error;
  }
};

async function list(places: readonly DeadLetterPlace[], options: Options, terminal: Terminal): Promise<number> {
  const filter = filterOf(options);
  let left = filter.limit;
  for (const place of places) {
    let shown = 0;
    await eachEntry(place, { ...filter, limit: left }, options, terminal, (entry) => {
      shown++;
      terminal.out(
        options.format === "json" ? deadLetterJson(entry, place) : deadLetterText(entry, terminal.outColors),
      );
    });
    left -= shown;
    if (options.format !== "json")
      terminal.err(`${shown === 1 ? "1 bad record" : `${shown} bad records`} in ${place.name}.\n`);
  }
  return exitCodes.fine;
}

/** The wanted ones of a dead letter, the oldest first. A topic that is not there has none where nobody has asked for it by name. */
export async function eachEntry(
  place: DeadLetterPlace,
  filter: Filter,
  options: Options,
  terminal: Terminal,
  see: (entry: Entry) => void | Promise<void>,
): Promise<void> {
  let left = filter.limit;
  if (left <= 0) return;
  if (place.file !== undefined) {
    for await (const entry of entriesOfFile(place.file)) {
      if (!isWanted(entry, filter)) continue;
      await see(entry);
      if (--left <= 0) return;
    }
    return;
  }
  await withClient(place, options, terminal, async (client) => {
    const { everyDeadLetter, markOf, placeText, replayedIn } = await import("../../runtime/kafka/dead-letters.ts");
    const topic = place.topic!;
    if ((await client.partitionsOf(topic)) === undefined) {
      terminal.err(
        `There is no topic '${topic}' yet: nothing went wrong in a cluster, or the dead letter is elsewhere.\n`,
      );
      return;
    }
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
  });
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
