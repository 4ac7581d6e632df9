/** The topics that a pipeline makes for itself: made where they are missing, checked where they are there, described, deleted. Through kafkajs's admin. */
import type { Log } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { type Admin, adminError, controllerTimeoutMs, withAdmin } from "./admin.ts";
import type { KafkaConnection } from "./client.ts";
import { KafkaError } from "./kafka-error.ts";
import { replicationFor, type TopicRole, topicSettings } from "./topic-settings.ts";

export interface WantedTopic {
  readonly topic: string;
  readonly role: TopicRole;
  readonly partitions: number;
  /** Absent: 3, or as many as there are brokers. */
  readonly replication?: number;
  /** Instead of, or besides, those of its role. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface TopicDescription {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** All that the broker tells, defaults too. */
  readonly settings: Readonly<Record<string, string>>;
}

const noLog: Log = { info: () => {}, warn: () => {} };

/**
 * Afterwards all of them are there as they are wanted. Of one that was there only what would make results wrong is checked: its partitions and that nothing is deleted that
 * counts; the rest may have been tuned. Several may do it at the same time.
 * @returns those that were made
 * @throws RuntimeError "topic-differs"; KafkaError "authorization", "unavailable", …
 */
export async function ensureTopics(
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
  log: Log = noLog,
): Promise<readonly string[]> {
  const made = new Set<string>();
  const endMs = performance.now() + settlingMs;
  for (let isDone = wanted.length === 0; !isDone; ) {
    try {
      await withAdmin(connection, (admin) => ensure(admin, connection, { wanted, made, log }));
      isDone = true;
    } catch (error) {
      // The brokers hear of a topic that was just made one after the other.
      const isSettling = error instanceof KafkaError && error.kind === "unknown-topic" && error.retryable;
      if (!isSettling || performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return [...made];
}

/** How long a topic that was just made may be unknown to some broker. */
const settlingMs = 15_000;

async function ensure(
  admin: Admin,
  connection: KafkaConnection,
  { wanted, made, log }: { readonly wanted: readonly WantedTopic[]; readonly made: Set<string>; readonly log: Log },
): Promise<void> {
  const there = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !there.has(topic) && !made.has(topic));
  for (const one of missing) if (await create(admin, connection, one, log)) made.add(one.topic);
  const found = await describe(
    admin,
    wanted.map(({ topic }) => topic),
  );
  for (const [i, one] of wanted.entries()) await check(admin, connection, one, found[i], log);
}

/** In the order asked; undefined where there is none. */
export function describeTopics(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<readonly (TopicDescription | undefined)[]> {
  return withAdmin(connection, async (admin) => {
    const there = new Set(await admin.listTopics());
    const found = await describe(
      admin,
      topics.filter((topic) => there.has(topic)),
    );
    return topics.map((topic) => found.find((one) => one.topic === topic));
  });
}

/** @returns those that were there; the others are no error */
export function deleteTopics(connection: KafkaConnection, topics: readonly string[]): Promise<readonly string[]> {
  return withAdmin(connection, async (admin) => {
    const all = new Set(await admin.listTopics());
    const there = topics.filter((topic) => all.has(topic));
    for (const topic of there) {
      try {
        await admin.deleteTopics({ topics: [topic], timeout: controllerTimeoutMs });
      } catch (error) {
        const known = adminError(error, connection, { topic });
        // Somebody else was faster.
        if (!(known instanceof KafkaError && known.kind === "unknown-topic")) throw known;
      }
    }
    return there;
  });
}

/** @returns false where somebody else was faster */
async function create(admin: Admin, connection: KafkaConnection, wanted: WantedTopic, log: Log): Promise<boolean> {
  const { topic, role, partitions } = wanted;
  const replication = wanted.replication ?? replicationFor((await admin.describeCluster()).brokers.length);
  const ofRole = Object.entries(topicSettings(role, replication)).map(([name, { value }]) => [name, value] as const);
  const settings = new Map([...ofRole, ...Object.entries(wanted.settings ?? {})]);
  try {
    const made = await admin.createTopics({
      waitForLeaders: false,
      timeout: controllerTimeoutMs,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: [...settings].map(([name, value]) => ({ name, value })),
        },
      ],
    });
    if (made) log.info({ topic, role, partitions, replication }, "made a topic");
    return made;
  } catch (error) {
    throw adminError(error, connection, { topic });
  }
}

async function check(
  admin: Admin,
  connection: KafkaConnection,
  { topic, role, partitions }: WantedTopic,
  found: TopicDescription | undefined,
  log: Log,
): Promise<void> {
  if (found === undefined)
    throw new KafkaError("unknown-topic", `Topic '${topic}' was deleted just now. Start again.`, { topic });
  checkCleanup(role, found);
  if (found.partitions === partitions) return;
  if (role === "intermediary")
    throw new RuntimeError(
      "topic-differs",
      `Topic '${topic}' has ${found.partitions} partitions, and ${partitions} are wanted: the topics that the pipeline reads have changed, or its replicas. Equal keys would no longer meet. Let the pipeline finish what is in the topic, stop it, delete the topic, and start again: it is then made anew.`,
    );
  // Those that nobody has any more do no harm, and new ones are empty.
  if (found.partitions > partitions) return;
  try {
    await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }], timeout: controllerTimeoutMs });
  } catch (error) {
    const known = adminError(error, connection, { topic });
    const [now] = await describe(admin, [topic]);
    // Somebody else was faster.
    if (now === undefined || now.partitions < partitions) throw known;
  }
  log.info({ topic, role, partitions, before: found.partitions }, "added partitions to a topic");
}

function checkCleanup(role: TopicRole, { topic, settings }: TopicDescription): void {
  const policy = settings["cleanup.policy"] ?? "delete";
  const wanted = topicSettings(role, 1)["cleanup.policy"];
  if (wanted === undefined || policy === wanted.value) return;
  throw new RuntimeError(
    "topic-differs",
    `Topic '${topic}' has cleanup.policy '${policy}', and '${wanted.value}' is needed. ${wanted.why} Set it: kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config cleanup.policy=${wanted.value}`,
  );
}

const topicResource = 2;

/** Those that are there; listed before, since a cluster may make a topic that is asked for. */
async function describe(admin: Admin, topics: readonly string[]): Promise<TopicDescription[]> {
  if (topics.length === 0) return [];
  const { topics: metadata } = await admin.fetchTopicMetadata({ topics: [...topics] });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type: topicResource, name })),
  });
  return topics.flatMap((topic) => {
    const its = metadata.find(({ name }) => name === topic);
    const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    if (its === undefined) return [];
    return [
      {
        topic,
        partitions: its.partitions.length,
        replication: its.partitions[0]?.replicas.length ?? 0,
        settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
      },
    ];
  });
}
