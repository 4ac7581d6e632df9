/**
 * A member of a consumer group, by the classic protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. Who leads the group divides the partitions (assign-sticky.ts). What is
 * special: the member joins again only after `revoked` has settled, so that what it had in flight is committed under the old generation and nothing is done twice.
 * Source: https://kafka.apache.org/protocol, https://cwiki.apache.org/confluence/display/KAFKA/Kafka+Client-side+Assignment+Proposal
 */
import { setImmediate } from "node:timers/promises";
import { messageOf } from "../../engine/runtime-error.ts";
import type {
  GroupGeneration,
  GroupMember,
  JoinOptions,
  PartitionOffset,
  PartitionReader,
  TopicPartition,
} from "../client.ts";
import { KafkaError } from "../kafka-error.ts";
import { assignSticky } from "./assign-sticky.ts";
import type { Cluster } from "./cluster.ts";
import { GatedReaders, type PausableReader } from "./gated-readers.ts";
import { GroupCalls, GroupCode, isLost, type JoinGroupAnswer } from "./group-calls.ts";
import { GroupHeart } from "./group-heart.ts";
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from "./group-metadata.ts";
import { committedOffsets } from "./group-offsets.ts";
import { TopicWatch } from "./topic-watch.ts";

const defaultTimes = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 60_000, metadataIntervalMs: 30_000 };
const leaveWithinMs = 5_000;

/** Without a place in the group: how the first JoinGroup asks. */
const noMember = "";
const noGeneration = -1;

/**
 * Resolves once the group has given it its partitions, which `assigned` tells right after.
 * @param readers what reads them; closed with the member
 * @throws KafkaError "unknown-topic", "authorization", "unavailable"
 */
export async function joinGroup(cluster: Cluster, readers: PausableReader, options: JoinOptions): Promise<GroupMember> {
  const member = new NativeGroupMember(cluster, readers, options);
  await member.start();
  return member;
}

class NativeGroupMember implements GroupMember {
  readonly #cluster: Cluster;
  readonly #options: JoinOptions & typeof defaultTimes;
  readonly #calls: GroupCalls;
  readonly #readers: GatedReaders;
  readonly #watch: TopicWatch;
  #member = noMember;
  /** Of what it owns, or owned last: it tells the leader both. */
  #generation = noGeneration;
  #owned: readonly TopicPartition[] = [];
  /** It may commit: from `assigned` until `revoked` has settled. */
  #holds = false;
  #heart: GroupHeart | undefined;
  /** Of the topics, when this member last divided them; absent where another leads. */
  #dividedCounts: ReadonlyMap<string, number> | undefined;
  #committing: Promise<unknown> = Promise.resolve();
  /** The coordinator does without this member. */
  #isLost = false;
  /** What ends the membership. */
  #failure: unknown;
  /** Resolved when anything has happened to the generation. */
  #wake = Promise.withResolvers<void>();
  #ending: Promise<void> | undefined;

  constructor(cluster: Cluster, readers: PausableReader, options: JoinOptions) {
    this.#cluster = cluster;
    this.#options = { ...defaultTimes, ...options };
    this.#calls = new GroupCalls(cluster, options.group);
    this.#readers = new GatedReaders(readers);
    this.#watch = new TopicWatch(cluster, options.topics);
  }

  async start(): Promise<void> {
    try {
      await this.#watch.counts();
      await this.#enter();
    } catch (error) {
      await this.#end();
      throw error;
    }
    void this.#live();
    this.#watch
      .run(this.#options.metadataIntervalMs, (counts) => this.#compare(counts))
      .catch((error: unknown) => this.#fail(error));
  }

  get generation(): GroupGeneration {
    return { group: this.#calls.group, generation: this.#generation, member: this.#member };
  }

  open(from: PartitionOffset): PartitionReader {
    return this.#readers.open(from);
  }

  committed(of: readonly TopicPartition[]): Promise<readonly number[]> {
    return committedOffsets(this.#cluster, this.#calls.group, of);
  }

  /** One after the other: an earlier one that is tried again must not undo a later one. */
  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const before = this.#committing;
    const commit = before.then(() => this.#commit(offsets));
    this.#committing = commit.catch(() => {});
    return commit;
  }

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    if (!this.#holds)
      throw new KafkaError("rebalanced", `Group '${this.#calls.group}' has divided its partitions anew.`);
    if (offsets.length > 0) await this.#calls.commit(this.generation, offsets);
  }

  leave(): Promise<void> {
    return this.#end();
  }

  close(): Promise<void> {
    return this.#end();
  }

  #end(): Promise<void> {
    this.#ending ??= this.#leave();
    return this.#ending;
  }

  async #leave(): Promise<void> {
    this.#holds = false;
    this.#heart?.stop();
    this.#watch.stop();
    this.#wake.resolve();
    const member = this.#member;
    await Promise.all([
      this.#readers.close(),
      member === noMember || this.#cluster.isClosed ? undefined : this.#calls.leave(member, leaveWithinMs),
    ]);
    await this.#calls.close();
  }

  // What happens

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake.resolve();
  }

  #compare(counts: ReadonlyMap<string, number>): void {
    const divided = this.#dividedCounts;
    if (divided && [...counts].some(([topic, count]) => divided.get(topic) !== count)) this.#wake.resolve();
  }

  async #live(): Promise<void> {
    try {
      // Whoever waits for `join` has the member before `assigned` is called.
      await setImmediate();
      while (!this.#ending) await this.#serve();
    } catch (error) {
      if (this.#ending) return;
      void this.#end();
      this.#options.failed(
        error instanceof KafkaError ? error : new KafkaError("protocol", messageOf(error), { cause: error }),
      );
    }
  }

  /** One generation, from `assigned` to the next. */
  async #serve(): Promise<void> {
    this.#holds = true;
    this.#readers.release(this.#owned);
    await this.#options.assigned(this.#owned);
    await this.#wake.promise;
    this.#readers.hold();
    if (this.#goesOn() && !this.#isLost) await this.#options.revoked();
    if (!this.#goesOn()) return;
    this.#holds = false;
    if (this.#isLost) await this.#lose();
    await this.#enter();
  }

  /** @throws what ends the membership */
  #goesOn(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ending === undefined;
  }

  /** Others have its partitions. */
  async #lose(): Promise<void> {
    this.#heart?.stop();
    this.#holds = false;
    this.#member = noMember;
    this.#generation = noGeneration;
    this.#owned = [];
    this.#readers.drop();
    if (!this.#ending) await this.#options.lost();
  }

  // Joining

  /** Until there is a new generation with partitions for it, and its heart beats. */
  async #enter(): Promise<void> {
    while (!this.#ending && !(await this.#tryToEnter()));
  }

  async #tryToEnter(): Promise<boolean> {
    const joined = await this.#join();
    if (joined === undefined || this.#ending) return false;
    const generation = { group: this.#calls.group, generation: joined.generationId, member: joined.memberId };
    const isLeader = joined.leader === joined.memberId;
    this.#dividedCounts = undefined;
    const assignments = isLeader ? await this.#divide(joined) : [];
    const synced = await this.#calls.sync(generation, assignments, this.#options.rebalanceTimeoutMs);
    if (this.#ending) return false;
    if (isLost(synced.errorCode)) await this.#leaveBehind();
    if (synced.errorCode !== GroupCode.none) return false;
    this.#begin(generation, decodeAssignment(synced.assignment));
    return true;
  }

  /** @returns undefined where it has to ask again */
  async #join(): Promise<JoinGroupAnswer | undefined> {
    this.#heart?.stop();
    const subscription = encodeSubscription({
      topics: this.#options.topics,
      owned: this.#owned,
      generation: this.#generation,
    });
    const joined = await this.#calls.join(this.#member, subscription, this.#options);
    if (joined.errorCode === GroupCode.none) {
      this.#member = joined.memberId;
      return joined;
    }
    if (joined.errorCode === GroupCode.memberIdRequired) this.#member = joined.memberId;
    else await this.#leaveBehind();
    return undefined;
  }

  /** The group did not wait for it. What it had before is gone, if it had anything. */
  async #leaveBehind(): Promise<void> {
    if (this.#generation === noGeneration) this.#member = noMember;
    else await this.#lose();
  }

  async #divide({ members }: JoinGroupAnswer): Promise<{ memberId: string; assignment: Buffer }[]> {
    const subscribers = members.map(({ memberId, metadata }) => ({
      member: memberId,
      ...decodeSubscription(metadata),
    }));
    this.#dividedCounts = await this.#watch.counts();
    const others = [...new Set(subscribers.flatMap(({ topics }) => topics))].filter(
      (topic) => !this.#dividedCounts?.has(topic),
    );
    if (others.length > 0) await this.#cluster.retry("look at topics", () => this.#cluster.refresh(others));
    const counts = new Map(this.#dividedCounts);
    for (const topic of others) counts.set(topic, this.#cluster.knownTopic(topic)?.partitions.length ?? 0);
    return [...assignSticky(subscribers, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(partitions),
    }));
  }

  #begin(generation: GroupGeneration, owned: readonly TopicPartition[]): void {
    this.#generation = generation.generation;
    this.#owned = owned;
    this.#isLost = false;
    this.#wake = Promise.withResolvers<void>();
    if (this.#failure !== undefined) this.#wake.resolve();
    this.#heart = new GroupHeart(this.#calls, generation, this.#options.sessionTimeoutMs, {
      rebalance: () => this.#wake.resolve(),
      lost: () => {
        this.#isLost = true;
        this.#wake.resolve();
      },
      failed: (error) => this.#fail(error),
    });
  }
}
