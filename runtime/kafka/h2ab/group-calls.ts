/**
 * The requests of one member to the coordinator of its group, each tried again until it is answered. They have a channel of their own: joining waits in the broker
 * until all members have come, and what stands behind it on the same connection waits too.
 */
import { type API, heartbeatV4, joinGroupV9, leaveGroupV5, offsetCommitV9, syncGroupV5 } from "@platformatic/kafka";
import type { GroupGeneration, PartitionOffset } from "../client.ts";
import { errorRow, kafkaError } from "../error-table.ts";
import { KafkaError } from "../kafka-error.ts";
import type { BrokerChannel } from "./broker-channel.ts";
import type { Cluster } from "./cluster.ts";

export type JoinGroupAnswer = ReturnType<typeof joinGroupV9.parseResponse>;
type OffsetCommitAnswer = ReturnType<typeof offsetCommitV9.parseResponse>;

/** Codes that a member acts on. The others are errors: https://kafka.apache.org/protocol#protocol_error_codes */
export const GroupCode = {
  none: 0,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalanceInProgress: 27,
  memberIdRequired: 79,
  fencedInstance: 82,
} as const;

/** The member is in the group no more. */
export const isLost = (code: number): boolean =>
  code === GroupCode.illegalGeneration || code === GroupCode.unknownMember || code === GroupCode.fencedInstance;

const protocolType = "consumer";
/** Members that divide in another way cannot be in the same group. */
const protocolName = "flow-sticky";
/** Beyond what the broker is told to wait. */
const graceMs = 10_000;

export class GroupCalls {
  readonly group: string;
  readonly #cluster: Cluster;
  readonly #channel: BrokerChannel;

  constructor(cluster: Cluster, group: string) {
    this.group = group;
    this.#cluster = cluster;
    this.#channel = cluster.newChannel();
  }

  /** Waits until all members have come, or the rebalance time-out is over. Codes 22, 25, 79 and 82 are in the answer, all others are thrown. */
  join(
    member: string,
    subscription: Buffer,
    times: { readonly sessionTimeoutMs: number; readonly rebalanceTimeoutMs: number },
  ): Promise<JoinGroupAnswer> {
    const { sessionTimeoutMs, rebalanceTimeoutMs } = times;
    const protocols = [{ name: protocolName, metadata: subscription }];
    return this.#cluster.retry(`join group '${this.group}'`, async () => {
      const answer = await this.#ask(
        joinGroupV9.api,
        [this.group, sessionTimeoutMs, rebalanceTimeoutMs, member, null, protocolType, protocols],
        rebalanceTimeoutMs + graceMs,
      );
      return this.#checked(answer, answer.errorCode, [GroupCode.memberIdRequired]);
    });
  }

  /** @param assignments of all members from the leader, none from the others, which wait for it. Codes 22, 25, 27 and 82 are in the answer */
  sync(
    { member, generation }: GroupGeneration,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
    rebalanceTimeoutMs: number,
  ): Promise<{ readonly errorCode: number; readonly assignment: Buffer }> {
    return this.#cluster.retry(`take part in group '${this.group}'`, async () => {
      const answer = await this.#ask(
        syncGroupV5.api,
        [this.group, generation, member, null, protocolType, protocolName, [...assignments]],
        rebalanceTimeoutMs + graceMs,
      );
      return this.#checked(answer, answer.errorCode, [GroupCode.rebalanceInProgress]);
    });
  }

  /** One attempt. @returns the code: 0, 22, 25, 27 or 82; all others are thrown */
  async heartbeat({ member, generation }: GroupGeneration, timeoutMs: number): Promise<number> {
    const { errorCode } = await this.#ask(heartbeatV4.api, [this.group, generation, member, null], timeoutMs);
    return this.#checked(errorCode, errorCode, [GroupCode.rebalanceInProgress]);
  }

  /** @throws KafkaError "rebalanced" where the generation is over */
  commit({ member, generation }: GroupGeneration, offsets: readonly PartitionOffset[]): Promise<void> {
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, its]) => ({
      name,
      partitions: its.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }));
    return this.#cluster.retry(`commit offsets of group '${this.group}'`, async () => {
      const answer = await this.#ask(offsetCommitV9.api, [this.group, generation, member, null, topics], 30_000);
      this.#checkCommit(answer);
    });
  }

  #checkCommit({ topics }: OffsetCommitAnswer): void {
    for (const { name, partitions } of topics)
      for (const { partitionIndex, errorCode } of partitions)
        if (errorCode !== 0) {
          this.#look(errorCode);
          throw kafkaError(errorCode, { group: this.group, topic: name, partition: partitionIndex });
        }
  }

  /** At once, also while `join` waits. Never fails: where it cannot be said, the session time-out says it. */
  async leave(member: string, withinMs: number): Promise<void> {
    const channel = this.#cluster.newChannel();
    try {
      await this.#cluster.retry(
        `leave group '${this.group}'`,
        async () => {
          const members = [{ memberId: member, groupInstanceId: null, reason: "the worker stops" }];
          const { errorCode } = await this.#ask(leaveGroupV5.api, [this.group, members], withinMs, channel);
          this.#checked(errorCode, errorCode, []);
        },
        { forMs: withinMs },
      );
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
    } finally {
      await channel.close();
    }
  }

  /** What waits is rejected. */
  close(): Promise<void> {
    return this.#channel.close();
  }

  async #ask<Arguments extends unknown[], Answer>(
    api: API<Arguments, Answer>,
    args: Arguments,
    timeoutMs: number,
    channel: BrokerChannel = this.#channel,
  ): Promise<Answer> {
    const node = await this.#cluster.coordinator("group", this.group);
    try {
      return await channel.call(node, api, args, { timeoutMs });
    } catch (error) {
      this.#cluster.forgetCoordinator("group", this.group);
      throw error;
    }
  }

  #checked<T>(answer: T, code: number, more: readonly number[]): T {
    if (code === GroupCode.none || isLost(code) || more.includes(code)) return answer;
    this.#look(code);
    throw kafkaError(code, { group: this.group });
  }

  #look(code: number): void {
    if (errorRow(code).remedy === "coordinator") this.#cluster.forgetCoordinator("group", this.group);
  }
}
