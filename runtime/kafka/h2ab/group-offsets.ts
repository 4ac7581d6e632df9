/** What a group has committed, asked by whoever wants to know. */
import { offsetFetchV9 } from "@platformatic/kafka";
import type { TopicPartition } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import type { Cluster } from "./cluster.ts";

/** In the order asked; −1 where there is none. Waits while a transaction over them is still open: what it commits would be read twice. */
export function committedOffsets(
  cluster: Cluster,
  group: string,
  of: readonly TopicPartition[],
): Promise<readonly number[]> {
  if (of.length === 0) return Promise.resolve([]);
  const topics = [...Map.groupBy(of, ({ topic }) => topic)].map(([name, its]) => ({
    name,
    partitionIndexes: [...new Set(its.map(({ partition }) => partition))],
  }));
  const check = (code: number, place: Partial<TopicPartition> = {}): void => {
    if (code === 0) return;
    if (errorRow(code).remedy === "coordinator") cluster.forgetCoordinator("group", group);
    throw kafkaError(code, { group, ...place });
  };
  return cluster.retry(`read committed offsets of group '${group}'`, async () => {
    const node = await cluster.coordinator("group", group);
    const request = [{ groupId: group, memberId: null, memberEpoch: -1, topics }];
    const answer = await cluster.call(node, offsetFetchV9.api, [request, true]).catch((error: unknown) => {
      cluster.forgetCoordinator("group", group);
      throw error;
    });
    const offsets = new Map<string, number>();
    for (const { errorCode, topics: found } of answer.groups) {
      check(errorCode);
      for (const { name, partitions } of found)
        for (const { partitionIndex, committedOffset, errorCode: code } of partitions) {
          check(code, { topic: name, partition: partitionIndex });
          offsets.set(`${partitionIndex} ${name}`, Number(committedOffset));
        }
    }
    return of.map(({ topic, partition }) => offsets.get(`${partition} ${topic}`) ?? -1);
  });
}
