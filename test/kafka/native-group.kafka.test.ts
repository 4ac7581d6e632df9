/** Members of a group by Kafka's own protocol: who has which partition, when, and whose commits count. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { GroupMember, JoinOptions, TopicPartition } from "../../runtime/kafka/client.ts";
import type { KafkaError } from "../../runtime/kafka/kafka-error.ts";
import { Cluster } from "../../runtime/kafka/native/cluster.ts";
import { Fetcher } from "../../runtime/kafka/native/fetcher.ts";
import { joinGroup } from "../../runtime/kafka/native/group-member.ts";
import { bootstrap, newName, newTopic, produce } from "./broker.ts";
import { type Cluster as RunningCluster, startCluster } from "./cluster.ts";
import { Api, KafkaProxy } from "./proxy.ts";
import { Records } from "./records.ts";
import { warmUp } from "./warm-up.ts";

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;

/** Which member believes to own what, at each moment; two at a time is what must never be. */
class Ownership {
  readonly ownerByPartition = new Map<string, string>();
  readonly clashes: string[] = [];

  take(member: string, partitions: readonly TopicPartition[]): void {
    this.release(member);
    for (const name of partitions.map(nameOf)) {
      const owner = this.ownerByPartition.get(name);
      if (owner !== undefined) this.clashes.push(`${name}: ${owner} and ${member}`);
      this.ownerByPartition.set(name, member);
    }
  }

  release(member: string): void {
    for (const [name, owner] of this.ownerByPartition) if (owner === member) this.ownerByPartition.delete(name);
  }

  countOf(member: string): number {
    return [...this.ownerByPartition.values()].filter((owner) => owner === member).length;
  }
}

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function newCluster(broker = bootstrap()): Promise<Cluster> {
  const cluster = await Cluster.open({ brokers: broker.split(","), clientId: "native-group-test" });
  ending.push(() => cluster.close());
  return cluster;
}

interface TestMember {
  readonly name: string;
  readonly member: GroupMember;
  /** `assigned 4`, `revoked`, `lost`, `failed kind`. */
  readonly events: string[];
  owned: readonly TopicPartition[];
  leave(): Promise<void>;
}

type Options = Partial<JoinOptions> & { readonly ownership?: Ownership; readonly name?: string };

async function join(cluster: Cluster, group: string, topics: readonly string[], options: Options = {}) {
  const { ownership = new Ownership(), name = newName("member"), ...rest } = options;
  const events: string[] = [];
  const state = { owned: [] as readonly TopicPartition[] };
  const member = await joinGroup(cluster, new Fetcher(cluster), {
    group,
    topics,
    sessionTimeoutMs: 3_000,
    rebalanceTimeoutMs: 10_000,
    fetch: {},
    ...rest,
    async assigned(partitions) {
      state.owned = partitions;
      ownership.take(name, partitions);
      await rest.assigned?.(partitions);
      events.push(`assigned ${partitions.length}`);
    },
    async revoked() {
      await rest.revoked?.();
      ownership.release(name);
      events.push("revoked");
    },
    async lost() {
      ownership.release(name);
      state.owned = [];
      await rest.lost?.();
      events.push("lost");
    },
    failed(error) {
      ownership.release(name);
      rest.failed?.(error);
      events.push(`failed ${error.kind}`);
    },
  });
  const test: TestMember = {
    name,
    member,
    events,
    get owned() {
      return state.owned;
    },
    async leave() {
      ownership.release(name);
      await member.leave();
    },
  };
  ending.push(() => member.leave());
  return test;
}

const soon = { timeout: 20_000, interval: 20 };

describe("a group", () => {
  it("gives a member all partitions, then each more its share, and all to the last: never one to two at a time", async () => {
    const topics = [await newTopic(6), await newTopic(6)];
    const group = newName("group");
    const ownership = new Ownership();
    const cluster = await newCluster();
    const members = [await join(cluster, group, topics, { ownership })];
    const balanced = () =>
      vi.waitFor(() => {
        const share = 12 / members.length;
        expect(members.map(({ name }) => ownership.countOf(name))).toEqual(members.map(() => share));
      }, soon);
    await balanced();
    expect(members[0]?.events).toEqual(["assigned 12"]);
    members.push(await join(cluster, group, topics, { ownership }));
    await balanced();
    members.push(await join(cluster, group, topics, { ownership }));
    await balanced();
    const before = new Map(ownership.ownerByPartition);
    await members.pop()!.leave();
    await balanced();
    const moved = [...ownership.ownerByPartition].filter(([name, owner]) => before.get(name) !== owner);
    expect(moved.length).toBe(4);
    for (const { owned } of members) {
      const [first, second] = topics.map((topic) => owned.filter((p) => p.topic === topic).map((p) => p.partition));
      expect(first).toEqual(second);
    }
    await members.shift()!.leave();
    await balanced();
    expect(ownership.clashes).toEqual([]);
    expect(members[0]?.events.at(-1)).toBe("assigned 12");
  });

  it("that many join at the same moment comes to rest, and never has a partition twice", async () => {
    const topic = await newTopic(12);
    const group = newName("group");
    const ownership = new Ownership();
    const clusters = await Promise.all([newCluster(), newCluster()]);
    const members = await Promise.all(
      [...Array(4).keys()].map((i) => join(clusters[i % 2]!, group, [topic], { ownership })),
    );
    await vi.waitFor(() => expect(members.map(({ name }) => ownership.countOf(name))).toEqual([3, 3, 3, 3]), soon);
    const [stays, ...others] = members;
    await Promise.all(others.map((member) => member.leave()));
    await vi.waitFor(() => expect(ownership.countOf(stays!.name)).toBe(12), soon);
    expect(ownership.clashes).toEqual([]);
  });

  it("counts what is committed while partitions are being revoked, and gives it to who comes", async () => {
    const topic = await newTopic(2);
    const group = newName("group");
    const cluster = await newCluster();
    let first: TestMember | undefined;
    first = await join(cluster, group, [topic], {
      async revoked() {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await first!.member.commit([0, 1].map((partition) => ({ topic, partition, offset: 40 + partition })));
      },
    });
    const partitions = [0, 1].map((partition) => ({ topic, partition }));
    const second = await join(cluster, group, [topic]);
    await vi.waitFor(() => expect(second.events).toEqual(["assigned 1"]), soon);
    expect(await second.member.committed(partitions)).toEqual([40, 41]);
    expect(first.events).toEqual(["assigned 2", "revoked", "assigned 1"]);
  });

  it("refuses a commit of a member that it went on without, which then comes back", async () => {
    const topic = await newTopic(2);
    const group = newName("group");
    const cluster = await newCluster();
    const partition = { topic, partition: 0 };
    const zombieRevoked = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<unknown>();
    const zombie = await join(cluster, group, [topic], {
      rebalanceTimeoutMs: 1_000,
      async revoked() {
        // Takes longer than the group waits.
        await zombieRevoked.promise;
        await zombie.member.commit([{ ...partition, offset: 7 }]).then(outcome.resolve, outcome.resolve);
      },
    });
    const second = await join(cluster, group, [topic], { rebalanceTimeoutMs: 1_000 });
    await vi.waitFor(() => expect(second.owned.length).toBe(2), soon);
    await second.member.commit([{ ...partition, offset: 9 }]);
    zombieRevoked.resolve();
    expect(await outcome.promise).toMatchObject({ kind: "rebalanced" });
    expect(await second.member.committed([partition])).toEqual([9]);
    await vi.waitFor(
      () => expect(zombie.events.slice(0, 4)).toEqual(["assigned 2", "revoked", "lost", "assigned 1"]),
      soon,
    );
  });

  it("has one generation for all members, which each commit names", async () => {
    const topic = await newTopic(2);
    const group = newName("group");
    const cluster = await newCluster();
    const members = [await join(cluster, group, [topic]), await join(cluster, group, [topic])];
    await vi.waitFor(() => expect(members.map(({ owned }) => owned.length)).toEqual([1, 1]), soon);
    const [a, b] = members.map(({ member }) => member.generation);
    expect(a?.generation).toBe(b?.generation);
    expect(a?.member).not.toBe(b?.member);
    expect(a).toMatchObject({ group });
  });

  it("takes no commit from a member that has left", async () => {
    const topic = await newTopic(2);
    const { member } = await join(await newCluster(), newName("group"), [topic]);
    await member.leave();
    await member.leave();
    await expect(member.commit([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({ kind: "rebalanced" });
  });
});

describe("topics of a group", () => {
  it("that get more partitions are divided anew", async () => {
    const topic = await newTopic(2);
    const group = newName("group");
    const cluster = await newCluster();
    const members = [
      await join(cluster, group, [topic], { metadataIntervalMs: 100 }),
      await join(cluster, group, [topic], { metadataIntervalMs: 100 }),
    ];
    await vi.waitFor(() => expect(members.map(({ owned }) => owned.length)).toEqual([1, 1]), soon);
    const before = members.map(({ owned }) => owned);
    await new Records(bootstrap()).asAdmin((admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] }),
    );
    await vi.waitFor(() => expect(members.map(({ owned }) => owned.length).sort()).toEqual([2, 3]), soon);
    for (const [i, { owned }] of members.entries()) expect(owned).toEqual(expect.arrayContaining([...before[i]!]));
  });

  it("that are deleted end the membership with an error that names them", async () => {
    const topic = await newTopic(2);
    const other = await newTopic(1);
    const errors: KafkaError[] = [];
    const member = await join(await newCluster(), newName("group"), [topic, other], {
      metadataIntervalMs: 100,
      failed: (error) => errors.push(error),
    });
    await vi.waitFor(() => expect(member.events).toEqual(["assigned 3"]), soon);
    await new Records(bootstrap()).asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await vi.waitFor(() => expect(errors.length).toBe(1), soon);
    expect(errors[0]).toMatchObject({ kind: "unknown-topic", topic });
    expect(errors[0]?.message).toContain(`Topic '${topic}' was deleted while it was read`);
  });

  it("that are deleted and made anew end it too: what was committed is of the old one", async () => {
    const topic = await newTopic(2);
    const errors: KafkaError[] = [];
    await join(await newCluster(), newName("group"), [topic], {
      metadataIntervalMs: 1_500,
      failed: (error) => errors.push(error),
    });
    const records = new Records(bootstrap());
    await records.asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await vi.waitFor(() => records.makeTopic(topic, 2), soon);
    await vi.waitFor(() => expect(errors.length).toBe(1), soon);
    expect(errors[0]).toMatchObject({ kind: "unknown-topic", topic });
    expect(errors[0]?.message).toContain("was deleted and made anew while it was read");
  });

  it("that do not exist are refused when joining", async () => {
    const joining = join(await newCluster(), newName("group"), ["no-such-topic"]);
    await expect(joining).rejects.toMatchObject({ kind: "unknown-topic", topic: "no-such-topic" });
  });
});

describe("reading as a member", () => {
  it("gives nothing between revoked and assigned, and goes on where it was with what it keeps", async () => {
    const topic = await newTopic(2);
    const group = newName("group");
    const cluster = await newCluster();
    const revoking = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const first = await join(cluster, group, [topic], {
      async revoked() {
        revoking.resolve();
        await go.promise;
      },
    });
    await vi.waitFor(() => expect(first.events).toEqual(["assigned 2"]), soon);
    const readers = [0, 1].map((partition) => first.member.open({ topic, partition, offset: 0 }));
    await produce(
      topic,
      [0, 1].map((partition) => ({ value: "a", partition })),
    );
    for (const reader of readers) expect((await reader.pull())?.count).toBe(1);
    const pending = readers.map(async (reader) => (await reader.pull())?.count);
    const second = join(cluster, group, [topic]);
    await revoking.promise;
    await produce(
      topic,
      [0, 1].map((partition) => ({ value: "b", partition })),
    );
    let came = 0;
    for (const one of pending) void one.then(() => came++);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(came).toBe(0);
    go.resolve();
    await second;
    await vi.waitFor(() => expect(first.events).toEqual(["assigned 2", "revoked", "assigned 1"]), soon);
    const kept = first.owned[0]!.partition;
    expect(await pending[kept]).toBe(1);
    expect(await pending[1 - kept]).toBe(undefined);
    expect(readers[kept]?.position).toBe(2);
    expect(() => first.member.open({ topic, partition: 1 - kept, offset: 0 })).toThrow("another member's");
  });
});

/** JoinGroup, SyncGroup, OffsetCommit. Source: https://kafka.apache.org/protocol#protocol_api_keys */
const groupRequests = { joinGroup: 11, syncGroup: 14, offsetCommit: Api.offsetCommit } as const;

describe("a member behind a bad connection", () => {
  let broker: RunningCluster;
  let proxy: KafkaProxy;
  beforeAll(async () => {
    broker = await startCluster({ proxies: 1 });
    await warmUp(broker.bootstrap);
    proxy = await KafkaProxy.listen(broker.proxies[0]!);
  });
  afterAll(async () => {
    await proxy?.close();
    await broker?.stop();
  });
  afterEach(() => proxy.clear());

  async function makeTopic(partitions: number): Promise<string> {
    const topic = newName("topic");
    await new Records(broker.bootstrap).makeTopic(topic, partitions);
    return topic;
  }

  it("that is not heard of for longer than its session time-out loses its partitions, cannot commit, and joins again", async () => {
    const topic = await makeTopic(2);
    const group = newName("group");
    const partition = { topic, partition: 0 };
    const zombie = await join(await newCluster(proxy.address), group, [topic], { sessionTimeoutMs: 1_500 });
    await vi.waitFor(() => expect(zombie.owned.length).toBe(2), soon);
    void proxy.once({ api: Api.heartbeat, nth: "every", act: "say-done" });
    const other = await join(await newCluster(broker.bootstrap), group, [topic]);
    await vi.waitFor(() => expect(other.owned.length).toBe(2), soon);
    await other.member.commit([{ ...partition, offset: 9 }]);
    // It does not know yet.
    expect(zombie.events).toEqual(["assigned 2"]);
    await expect(zombie.member.commit([{ ...partition, offset: 7 }])).rejects.toMatchObject({ kind: "rebalanced" });
    proxy.clear();
    await vi.waitFor(() => expect(zombie.events).toEqual(["assigned 2", "lost", "assigned 1"]), soon);
    expect(await zombie.member.committed([partition])).toEqual([9]);
    expect(other.events).toEqual(["assigned 2", "revoked", "assigned 1"]);
  });

  it.each(Object.entries(groupRequests))("goes on where the answer to %s is lost", async (_name, api) => {
    const topic = await makeTopic(4);
    const group = newName("group");
    const ownership = new Ownership();
    const cluster = await newCluster(proxy.address);
    const lost = proxy.once({ api, act: "cut-answer" });
    const members = [
      await join(cluster, group, [topic], { ownership }),
      await join(cluster, group, [topic], { ownership }),
    ];
    await vi.waitFor(() => expect(members.map(({ name }) => ownership.countOf(name))).toEqual([2, 2]), soon);
    for (const { member, owned } of members) await member.commit(owned.map((one) => ({ ...one, offset: 5 })));
    await lost;
    const partitions = [0, 1, 2, 3].map((partition) => ({ topic, partition }));
    expect(await members[0]!.member.committed(partitions)).toEqual([5, 5, 5, 5]);
    expect(ownership.clashes).toEqual([]);
  });

  it("keeps its partitions when all connections are cut for less than the session time-out", async () => {
    const topic = await makeTopic(2);
    const member = await join(await newCluster(proxy.address), newName("group"), [topic]);
    await vi.waitFor(() => expect(member.owned.length).toBe(2), soon);
    proxy.refuse();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    proxy.clear();
    await member.member.commit([{ topic, partition: 1, offset: 3 }]);
    expect(await member.member.committed([{ topic, partition: 1 }])).toEqual([3]);
    expect(member.events).toEqual(["assigned 2"]);
  });

  it("leaves at once while it waits for others to join", async () => {
    const topic = await makeTopic(4);
    const group = newName("group");
    const cluster = await newCluster(broker.bootstrap);
    const slow = Promise.withResolvers<void>();
    ending.push(async () => slow.resolve());
    let isSlow = false;
    const first = await join(cluster, group, [topic], { revoked: () => (isSlow ? slow.promise : undefined) });
    const second = await join(cluster, group, [topic]);
    await vi.waitFor(() => expect([first.owned.length, second.owned.length]).toEqual([2, 2]), soon);
    isSlow = true;
    const third = join(cluster, group, [topic]);
    // It has asked to join again, and waits for the first one.
    await vi.waitFor(() => expect(second.events.at(-1)).toBe("revoked"), soon);
    const startMs = performance.now();
    await second.leave();
    expect(performance.now() - startMs).toBeLessThan(1_000);
    slow.resolve();
    await third;
    await vi.waitFor(async () => expect([first.owned.length, (await third).owned.length]).toEqual([2, 2]), soon);
    expect(second.events.at(-1)).toBe("revoked");
  });
});

describe("a group of a cluster", () => {
  it("stays as it is when the broker that coordinates it dies, and commits go on", async () => {
    const brokers = await startCluster({ brokers: 3 });
    ending.push(() => brokers.stop());
    const topic = newName("topic");
    const group = newName("group");
    await new Records(brokers.bootstrap).makeTopic(topic, 4);
    const cluster = await newCluster(brokers.bootstrap);
    const members = [
      await join(cluster, group, [topic], { sessionTimeoutMs: 20_000 }),
      await join(cluster, group, [topic], { sessionTimeoutMs: 20_000 }),
    ];
    await vi.waitFor(() => expect(members.map(({ owned }) => owned.length)).toEqual([2, 2]), soon);
    const before = members.map(({ events }) => [...events]);
    await brokers.kill(await cluster.coordinator("group", group));
    for (const { member, owned } of members) await member.commit(owned.map((one) => ({ ...one, offset: 5 })));
    const partitions = [0, 1, 2, 3].map((partition) => ({ topic, partition }));
    expect(await members[0]!.member.committed(partitions)).toEqual([5, 5, 5, 5]);
    expect(members.map(({ events }) => events)).toEqual(before);
    // Three brokers take their time to start on a busy machine.
  }, 180_000);
});
