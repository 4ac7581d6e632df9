/** Looks at topics from time to time: whether they have more partitions, and whether they are still there. */
import { setTimeout as delay } from "node:timers/promises";
import { KafkaError } from "../kafka-error.ts";
import type { Cluster } from "./cluster.ts";

/** A broker that has just started may not know a topic for a moment. */
const looksBeforeGone = 8;
const lookAgainMs = 500;

export class TopicWatch {
  readonly #cluster: Cluster;
  readonly #topics: readonly string[];
  readonly #stopping = new AbortController();
  readonly #idByTopic = new Map<string, string>();

  constructor(cluster: Cluster, topics: readonly string[]) {
    this.#cluster = cluster;
    this.#topics = topics;
  }

  /** Asks the brokers now. @throws KafkaError "unknown-topic" where one does not exist, or is not the one it was at the first look */
  async counts(): Promise<ReadonlyMap<string, number>> {
    return this.#cluster.retry("look at topics", () => this.#look());
  }

  /**
   * Until `stop`. Not called again before what it gave has settled.
   * @param seen the partitions of each topic
   */
  async run(intervalMs: number, seen: (counts: ReadonlyMap<string, number>) => void): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // The process may end while it waits.
      await delay(intervalMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        seen(await this.#look());
      } catch (error) {
        // Heartbeats tell of brokers that are not there.
        if (!signal.aborted && !(error instanceof KafkaError && error.retryable)) throw error;
      }
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #look(): Promise<ReadonlyMap<string, number>> {
    for (let looks = 1; ; looks++) {
      await this.#cluster.refresh(this.#topics);
      const missing = this.#topics.find((topic) => this.#cluster.knownTopic(topic) === undefined);
      if (missing === undefined) return new Map(this.#topics.map((topic) => [topic, this.#countOf(topic)]));
      if (looks === looksBeforeGone) throw gone(missing, this.#idByTopic.has(missing));
      await delay(lookAgainMs);
    }
  }

  #countOf(name: string): number {
    const topic = this.#cluster.knownTopic(name);
    if (topic === undefined) throw gone(name, this.#idByTopic.has(name));
    const first = this.#idByTopic.get(name) ?? topic.id;
    this.#idByTopic.set(name, first);
    if (topic.id === first) return topic.partitions.length;
    throw new KafkaError(
      "unknown-topic",
      `Topic '${name}' was deleted and made anew while it was read: offsets mean nothing any more. Start again; 'start earliest' reads the new one from its beginning.`,
      { topic: name },
    );
  }
}

function gone(topic: string, wasThere: boolean): KafkaError {
  const message = wasThere
    ? `Topic '${topic}' was deleted while it was read. Create it again, or take its source out of the pipeline.`
    : `There is no topic '${topic}'. Create it, or correct its name.`;
  return new KafkaError("unknown-topic", message, { topic });
}
