/** The state of a task from its changelog, before its first event. */
import type { RuntimeConfig } from "../../../compiler/contract/runtime-config.ts";
import type { Log } from "../../engine/connector.ts";
import { RuntimeError } from "../../engine/runtime-error.ts";
import type { KafkaClient, TopicPartition } from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { ChangelogContent } from "./changelog-content.ts";
import { ChangelogStore } from "./changelog-store.ts";
import { LocalCopy } from "./local-copy.ts";
import { placeOf, type Reading, readChangelog } from "./read-changelog.ts";

export interface ChangelogServices {
  readonly log?: Log;
  /** Where copies of the state are kept, so that a restart need not read all of it again. Absent: none are. */
  readonly copies?: string;
}

type Restored = Reading & { readonly found: ReturnType<ChangelogContent["found"]> };

/**
 * Undefined where the stage keeps nothing. Whoever had the partition before must have been fenced.
 * @throws RuntimeError "state-damaged", "state-of-other-version", "topic-differs"; KafkaError
 */
export async function openChangelog(
  config: RuntimeConfig,
  client: KafkaClient,
  partition: number,
  { log, copies }: ChangelogServices = {},
): Promise<ChangelogStore | undefined> {
  const topic = config.kafka?.changelog;
  if (topic === undefined) return undefined;
  await checkPartition(client, topic, partition);
  const at = { topic, partition };
  const startMs = performance.now();
  const copy = copies === undefined ? undefined : await LocalCopy.open(copies, at, log);
  try {
    const { found, records, bytes } = (copy && (await restoreFrom(copy, client, at))) ?? (await restore(client, at));
    const tookMs = Math.round(performance.now() - startMs);
    log?.info({ topic, partition, items: found.length, records, bytes, tookMs }, "restored state from its changelog");
    copy?.follow(client);
    return new ChangelogStore(at, found, {
      nowMs: Date.now,
      closed: () => copy?.close(),
      leaving: async () => copy?.leave(client),
    });
  } catch (error) {
    copy?.close();
    throw error;
  }
}

async function checkPartition(client: KafkaClient, topic: string, partition: number): Promise<void> {
  const count = await client.partitionsOf(topic);
  if (count === undefined || partition < count) return;
  throw new RuntimeError(
    "topic-differs",
    `Topic '${topic}' holds the state of ${count} partitions, and partition ${partition} has come: a topic that the stage reads has more of them now. Start the stage again: it gives the topic as many.`,
  );
}

async function restore(client: KafkaClient, at: TopicPartition): Promise<Restored> {
  const content = new ChangelogContent(placeOf(at));
  const reading = await readChangelog(client, at, content);
  return { ...reading, found: content.found() };
}

/** Undefined where the copy is of no use: it is empty then. */
async function restoreFrom(copy: LocalCopy, client: KafkaClient, at: TopicPartition): Promise<Restored | undefined> {
  const fromOffset = copy.nextOffset;
  if (fromOffset === undefined) return undefined;
  try {
    const content = new ChangelogContent(placeOf(at));
    copy.load(content);
    const reading = await readChangelog(client, at, content, fromOffset);
    return { ...reading, found: content.found() };
  } catch (error) {
    // It does not fit to the changelog, or cannot be read itself.
    if (error instanceof KafkaError) throw error;
    copy.empty();
    return undefined;
  }
}
