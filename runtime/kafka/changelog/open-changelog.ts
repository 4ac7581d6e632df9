/** The state of a task from its changelog, before its first event. */
import type { RuntimeConfig } from "../../../compiler/contract/runtime-config.ts";
import type { Log } from "../../engine/connector.ts";
import { RuntimeError } from "../../engine/runtime-error.ts";
import type { KafkaClient } from "../client.ts";
import { ChangelogContent } from "./changelog-content.ts";
import { ChangelogStore } from "./changelog-store.ts";
import { readChangelog } from "./read-changelog.ts";

/**
 * Undefined where the stage keeps nothing. Whoever had the partition before must have been fenced.
 * @throws RuntimeError "state-damaged", "state-of-other-version", "topic-differs"; KafkaError
 */
export async function openChangelog(
  config: RuntimeConfig,
  client: KafkaClient,
  partition: number,
  log?: Log,
): Promise<ChangelogStore | undefined> {
  const topic = config.kafka?.changelog;
  if (topic === undefined) return undefined;
  const count = await client.partitionsOf(topic);
  if (count !== undefined && partition >= count)
    throw new RuntimeError(
      "topic-differs",
      `Topic '${topic}' holds the state of ${count} partitions, and partition ${partition} has come: a topic that the stage reads has more of them now. Start the stage again: it gives the topic as many.`,
    );
  const at = { topic, partition };
  const content = new ChangelogContent(`topic '${topic}', partition ${partition},`);
  const startMs = performance.now();
  const { records, bytes } = await readChangelog(client, at, content);
  const found = content.found();
  const tookMs = Math.round(performance.now() - startMs);
  log?.info({ topic, partition, items: found.length, records, bytes, tookMs }, "restored state from its changelog");
  return new ChangelogStore(at, found, Date.now);
}
