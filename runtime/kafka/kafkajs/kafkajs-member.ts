/**
 * A member of a consumer group over kafkajs's connections. It joins again only after `revoked` has settled, so that what was in flight counts in the generation it was read
 * in; heartbeats go on by themselves whatever the member works on. kafkajs's own consumer joins at once, which is why it is not used.
 */
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { messageOf } from "../../engine/runtime-error.ts";
import type {
  GroupGeneration,
  GroupMember,
  JoinOptions,
  PartitionOffset,
  PartitionReader,
  TopicPartition,
} from "../client.ts";
import { kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import { assignSticky } from "../native/assign-sticky.ts";
import { GatedReaders } from "../native/gated-readers.ts";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "../native/group-metadata.ts";
import type { Channel } from "./channel.ts";
import { committedOffsets } from "./committed-offsets.ts";
import type { KafkajsCluster } from "./kafkajs-cluster.ts";
import { KafkajsReaders } from "./kafkajs-readers.ts";

/** As the native client's, so that members of both can be in one group. */
const protocolName = "flow-sticky";
const watchTopicsEveryMs = 30_000;
const code = { rebalanceInProgress: 27, memberIdRequired: 79 } as const;
const lostCodes: ReadonlySet<number> = new Set([22, 25, 82]);

/** What makes the member go on to its next assignment. */
type Change = "divides anew" | "lost" | "left";

interface Place {
  readonly member: string;
  readonly generation: number;
  readonly owned: readonly TopicPartition[];
  readonly isLeader: boolean;
}

export class KafkajsMember implements GroupMember {
  private readonly cluster: KafkajsCluster;
  private readonly options: JoinOptions;
  private readonly sessionTimeoutMs: number;
  private readonly rebalanceTimeoutMs: number;
  /** Joining waits in the broker; heartbeats and commits must not wait behind it. */
  private readonly joining: Channel;
  private readonly quick: Channel;
  private readonly readers: GatedReaders;
  private readonly leaving = new AbortController();
  private place: Place = { member: "", generation: -1, owned: [], isLeader: false };
  private isMember = false;
  private partitionCounts: ReadonlyMap<string, number> = new Map();
  private committing: Promise<void> = Promise.resolve();
  private left: Promise<void> | undefined;
  private wake: (what: Change) => void = () => {};

  /** @throws KafkaError where the group does not take it in */
  static async join(cluster: KafkajsCluster, options: JoinOptions): Promise<KafkajsMember> {
    const member = new KafkajsMember(cluster, options);
    try {
      await member.enter();
    } catch (error) {
      member.closeAll();
      throw error;
    }
    void member.run();
    return member;
  }

  private constructor(cluster: KafkajsCluster, options: JoinOptions) {
    this.cluster = cluster;
    this.options = options;
    this.sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
    this.rebalanceTimeoutMs = options.rebalanceTimeoutMs ?? 60_000;
    this.joining = cluster.newChannel();
    this.quick = cluster.newChannel();
    cluster.users.add(this);
    this.readers = new GatedReaders(new KafkajsReaders(cluster, options.fetch));
  }

  get generation(): GroupGeneration {
    return { group: this.options.group, generation: this.place.generation, member: this.place.member };
  }

  open(from: PartitionOffset): PartitionReader {
    return this.readers.open(from);
  }

  committed(of: readonly TopicPartition[]): Promise<readonly number[]> {
    return committedOffsets(this.cluster, this.options.group, of, true);
  }

  /** One after the other: an earlier one that is tried again must not undo a later one. */
  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const commit = this.committing.then(() => this.commitNow(offsets));
    this.committing = commit.catch(() => {});
    return commit;
  }

  private async commitNow(offsets: readonly PartitionOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const { group } = this.options;
    const { member, generation, owned } = this.place;
    if (!this.isMember) throw kafkaError(25, { group });
    for (const { topic, partition } of offsets)
      if (!owned.some((one) => one.topic === topic && one.partition === partition))
        throw kafkaError(22, { group, topic, partition });
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, its]) => ({
      topic,
      partitions: its.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    }));
    const args = { groupId: group, groupGenerationId: generation, memberId: member, topics };
    await this.cluster.retry(`commit offsets of group '${group}'`, async () => {
      const answer = await this.cluster.callCoordinator("group", group, (at) =>
        this.quick.call<OffsetCommitAnswer>(at, "OffsetCommit", args),
      );
      for (const { topic, partitions } of answer.responses)
        for (const { partition, errorCode } of partitions)
          if (errorCode !== 0) throw this.cluster.coordinatorError(errorCode, "group", group, { topic, partition });
    });
  }

  leave(): Promise<void> {
    this.left ??= this.leaveNow();
    return this.left;
  }

  /** Does not wait for `assigned` or `revoked`, which may be what called it. */
  private async leaveNow(): Promise<void> {
    this.wake("left");
    this.leaving.abort(new KafkaError("unavailable", `The member has left group '${this.options.group}'.`));
    const { group } = this.options;
    const { member } = this.place;
    await this.readers.close();
    if (member !== "")
      await this.cluster
        .retry(
          `leave group '${group}'`,
          () =>
            this.cluster.callCoordinator("group", group, (at) =>
              // Version 3 takes a list.
              this.quick.call(at, "LeaveGroup", { groupId: group, memberId: member, members: [{ memberId: member }] }),
            ),
          3_000,
        )
        .catch(() => {});
    this.closeAll();
  }

  close(): Promise<void> {
    return this.leave();
  }

  /** From one assignment to the next. Never rejects. */
  private async run(): Promise<void> {
    try {
      // Whoever waits for `join` has the member before `assigned` is called.
      await setImmediate();
      while (!this.leaving.signal.aborted) {
        const change = this.nextChange();
        this.readers.release(this.place.owned);
        await this.options.assigned(this.place.owned);
        const what = await change;
        if (what === "left") return;
        this.readers.hold();
        if (what === "lost") await this.dropAll();
        else await this.options.revoked();
        if (this.leaving.signal.aborted) return;
        await this.enter();
      }
    } catch (error) {
      if (this.leaving.signal.aborted || this.cluster.isClosed) return;
      this.isMember = false;
      this.closeAll();
      this.options.failed(
        error instanceof KafkaError ? error : new KafkaError("protocol", messageOf(error), { cause: error }),
      );
    }
  }

  private async dropAll(): Promise<void> {
    this.isMember = false;
    this.place = { member: "", generation: -1, owned: [], isLeader: false };
    this.readers.drop();
    await this.options.lost();
  }

  private closeAll(): void {
    void this.readers.close();
    this.cluster.closeChannel(this.joining);
    this.cluster.closeChannel(this.quick);
    this.cluster.users.delete(this);
  }

  // Joining

  /** Until it is in with an assignment. `revoked` has settled before, or there was nothing to revoke. @throws KafkaError that is final */
  private async enter(): Promise<void> {
    const { group, topics } = this.options;
    for (;;) {
      this.leaving.signal.throwIfAborted();
      this.partitionCounts = await this.countPartitions();
      const { owned, generation } = this.place;
      const joined = await this.ask<JoinAnswer>("join", [code.memberIdRequired], "JoinGroup", {
        groupId: group,
        sessionTimeout: this.sessionTimeoutMs,
        rebalanceTimeout: this.rebalanceTimeoutMs,
        memberId: this.place.member,
        protocolType: "consumer",
        groupProtocols: [{ name: protocolName, metadata: encodeSubscription({ topics, owned, generation }) }],
      });
      if (joined.errorCode === code.memberIdRequired) {
        this.place = { ...this.place, member: joined.memberId };
        continue;
      }
      if (joined.errorCode !== 0) {
        await this.forgetMember();
        continue;
      }
      const { memberId: member, generationId } = joined;
      const isLeader = joined.leaderId === member;
      const synced = await this.ask<SyncAnswer>("take part in", [code.rebalanceInProgress], "SyncGroup", {
        groupId: group,
        generationId,
        memberId: member,
        groupAssignment: isLeader ? await this.divide(joined.members) : [],
      });
      this.place = { ...this.place, member };
      if (synced.errorCode === code.rebalanceInProgress) continue;
      if (synced.errorCode !== 0) {
        await this.forgetMember();
        continue;
      }
      this.place = { member, generation: generationId, owned: decodeAssignment(synced.memberAssignment), isLeader };
      this.isMember = true;
      return;
    }
  }

  /** The group does not know it any more. */
  private async forgetMember(): Promise<void> {
    if (this.isMember) await this.dropAll();
    else this.place = { member: "", generation: -1, owned: [], isLeader: false };
  }

  private async divide(members: JoinAnswer["members"]) {
    const subscribers = members.map(({ memberId, memberMetadata }) => ({
      member: memberId,
      ...decodeSubscription(memberMetadata),
    }));
    const others = subscribers.flatMap(({ topics }) => topics).filter((topic) => !this.partitionCounts.has(topic));
    const counts = new Map(this.partitionCounts);
    for (const topic of others) counts.set(topic, (await this.cluster.leaders(topic))?.length ?? 0);
    return [...assignSticky(subscribers, counts)].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: encodeAssignment(partitions),
    }));
  }

  private ask<Answer extends { readonly errorCode: number }>(
    doing: string,
    expected: readonly number[],
    api: string,
    args: object,
  ): Promise<Answer> {
    const { group } = this.options;
    const attempt = async () => {
      const answer = await this.cluster.callCoordinator("group", group, (at) =>
        this.joining.call<Answer>(at, api, args),
      );
      const { errorCode } = answer;
      if (errorCode === 0 || lostCodes.has(errorCode) || expected.includes(errorCode)) return answer;
      throw this.cluster.coordinatorError(errorCode, "group", group);
    };
    return this.cluster.retry(`${doing} group '${group}'`, attempt, undefined, this.leaving.signal);
  }

  private async countPartitions(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const topic of this.options.topics) {
      const count = await this.cluster.retry(
        `look up topic '${topic}'`,
        async () => {
          await this.cluster.refresh([topic]);
          const leaders = await this.cluster.leaders(topic);
          if (leaders === undefined) throw kafkaError(3, { topic });
          return leaders.length;
        },
        undefined,
        this.leaving.signal,
      );
      counts.set(topic, count);
    }
    return counts;
  }

  // Staying

  /** Heartbeats until something changes. They go on while `revoked` works, so that the group does not take the member for dead. @throws KafkaError where a topic is gone */
  private nextChange(): Promise<Change> {
    const change = Promise.withResolvers<Change>();
    // Looked at only after `assigned` has settled.
    change.promise.catch(() => {});
    const { generation } = this.place;
    const isCurrent = () => this.isMember && this.place.generation === generation && !this.leaving.signal.aborted;
    this.wake = change.resolve;
    void this.beat(isCurrent, change.resolve);
    void this.watchTopics(isCurrent).then(
      (hasChanged) => hasChanged && change.resolve("divides anew"),
      (error) => change.reject(error),
    );
    return change.promise;
  }

  private async beat(isCurrent: () => boolean, changed: (what: Change) => void): Promise<void> {
    const { group } = this.options;
    const { member, generation } = this.place;
    const everyMs = Math.min(500, this.sessionTimeoutMs / 5);
    let heardMs = performance.now();
    while (isCurrent()) {
      await this.pause(everyMs);
      if (!isCurrent()) return;
      const errorCode = await this.heartbeat(group, member, generation);
      if (errorCode === 0 || errorCode === code.rebalanceInProgress) heardMs = performance.now();
      const isOver = performance.now() - heardMs > this.sessionTimeoutMs;
      if (isOver || (errorCode !== undefined && lostCodes.has(errorCode))) return changed("lost");
      if (errorCode === code.rebalanceInProgress) changed("divides anew");
    }
  }

  /** @returns undefined where nobody answers in time */
  private async heartbeat(group: string, member: string, generation: number): Promise<number | undefined> {
    const beating = this.cluster.callCoordinator("group", group, (at) =>
      this.quick.call<{ readonly errorCode: number }>(at, "Heartbeat", {
        groupId: group,
        groupGenerationId: generation,
        memberId: member,
      }),
    );
    beating.catch(() => {});
    try {
      const answer = await Promise.race([beating, this.pause(this.sessionTimeoutMs)]);
      if (answer === undefined) return undefined;
      if (answer.errorCode !== 0) this.cluster.coordinatorError(answer.errorCode, "group", group);
      return answer.errorCode;
    } catch (error) {
      if (error instanceof KafkaError) return undefined;
      throw error;
    }
  }

  /** Resolves with true when the leader has to divide anew since there are more partitions. @throws KafkaError "unknown-topic" */
  private async watchTopics(isCurrent: () => boolean): Promise<boolean> {
    while (isCurrent()) {
      await this.pause(this.options.metadataIntervalMs ?? watchTopicsEveryMs);
      if (!isCurrent()) return false;
      const counts = await this.countPartitions();
      if (this.place.isLeader && [...counts].some(([topic, count]) => count !== this.partitionCounts.get(topic)))
        return isCurrent();
    }
    return false;
  }

  private pause(ms: number): Promise<undefined> {
    return delay(ms, undefined, { signal: this.leaving.signal, ref: false }).catch(() => undefined);
  }
}

interface JoinAnswer {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

interface SyncAnswer {
  readonly errorCode: number;
  readonly memberAssignment: Buffer;
}

interface OffsetCommitAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}
