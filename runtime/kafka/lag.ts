/** How far consumer groups are behind: of each partition where it ends and what the group has committed. Through kafkajs's admin; joins nothing. */
import { type Admin, withAdmin } from "./admin.ts";
import type { KafkaConnection } from "./client.ts";

export interface LagQuestion {
  readonly group: string;
  /** Absent: those that the group has committed offsets of. */
  readonly topics?: readonly string[];
  /** Topics of which a group that has committed nothing begins at the end. */
  readonly fromEnd?: ReadonlySet<string>;
}

export interface GroupLag {
  readonly group: string;
  /** Kafka knows it, or it has committed. */
  readonly started: boolean;
  /** As Kafka has it: `Stable`, `Empty`, `PreparingRebalance`, `Dead` where it does not know the group. */
  readonly state: string;
  readonly members: number;
  readonly partitions: readonly PartitionLag[];
  /** Topics that are not there. */
  readonly missing: readonly string[];
}

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
  /** Undefined where there is none. */
  readonly committed: number | undefined;
  /** Offsets between where the group goes on and the end. Markers of transactions count like records. */
  readonly lag: number;
}

/** In the order asked. @throws KafkaError */
export function lagOf(connection: KafkaConnection, questions: readonly LagQuestion[]): Promise<readonly GroupLag[]> {
  return withAdmin(connection, async (admin) => {
    const known = new Set(await admin.listTopics());
    const lags: GroupLag[] = [];
    for (const question of questions) lags.push(await lagOfGroup(admin, question, known));
    return lags;
  });
}

/** Names of topics that are there, for messages. */
export const topicsIn = (connection: KafkaConnection): Promise<readonly string[]> =>
  withAdmin(connection, (admin) => admin.listTopics());

async function lagOfGroup(admin: Admin, question: LagQuestion, known: ReadonlySet<string>): Promise<GroupLag> {
  const { group, fromEnd } = question;
  const wanted = question.topics?.filter((topic) => known.has(topic));
  const { groups } = await admin.describeGroups([group]);
  const committed =
    wanted?.length === 0 ? [] : await admin.fetchOffsets({ groupId: group, ...(wanted && { topics: [...wanted] }) });
  const partitions: PartitionLag[] = [];
  for (const { topic, partitions: offsets } of committed) {
    if (!known.has(topic)) continue;
    const byPartition = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      const offset = byPartition.get(partition) ?? -1;
      const end = Number(high);
      const next = offset >= 0 ? Math.max(offset, Number(low)) : fromEnd?.has(topic) ? end : Number(low);
      const lag = Math.max(0, end - next);
      partitions.push({ topic, partition, end, committed: offset >= 0 ? offset : undefined, lag });
    }
  }
  partitions.sort((a, b) => compare(a.topic, b.topic) || a.partition - b.partition);
  const state = groups[0]?.state ?? "Dead";
  return {
    group,
    started: state !== "Dead" || partitions.some((one) => one.committed !== undefined),
    state,
    members: groups[0]?.members.length ?? 0,
    partitions,
    missing: (question.topics ?? []).filter((topic) => !known.has(topic)),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
