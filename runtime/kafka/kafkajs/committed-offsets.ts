/** What a group has committed, asked by whoever wants to know. */
import type { TopicPartition } from "../client.ts";
import type { KafkajsCluster } from "./kafkajs-cluster.ts";
import { committedCall } from "./wire.ts";

/** In the order asked; −1 where there is none. @param isStable waits while a transaction over them is open */
export function committedOffsets(
  cluster: KafkajsCluster,
  group: string,
  of: readonly TopicPartition[],
  isStable: boolean,
): Promise<readonly number[]> {
  if (of.length === 0) return Promise.resolve([]);
  return cluster.retry(`read committed offsets of group '${group}'`, async () => {
    const { errorCode, offsets } = await cluster.callCoordinator("group", group, (at) =>
      cluster.shortRequests.send(at, () => committedCall(group, of, isStable)),
    );
    if (errorCode !== 0) throw cluster.coordinatorError(errorCode, "group", group);
    return of.map(({ topic, partition }) => {
      const found = offsets.find((one) => one.topic === topic && one.partition === partition);
      if (found !== undefined && found.errorCode !== 0)
        throw cluster.coordinatorError(found.errorCode, "group", group, { topic, partition });
      return found?.offset ?? -1;
    });
  });
}
