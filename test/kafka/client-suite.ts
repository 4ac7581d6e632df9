/** What holds for every client of Kafka, as sentences; `describeClient` runs them with one kind on the broker of the test run. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RecordBlock } from "../../runtime/engine/connector.ts";
import { RecordField, recordStride } from "../../runtime/engine/connector.ts";
import type {
  Compression,
  GroupGeneration,
  GroupMember,
  JoinOptions,
  KafkaClient,
  KafkaProducer,
  PartitionReader,
  ProducerOptions,
  ReaderOptions,
  TopicPartition,
} from "../../runtime/kafka/client.ts";
import { decodeHeaders, encodeHeaders } from "../../runtime/kafka/codec/headers.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import type { KafkaError } from "../../runtime/kafka/kafka-error.ts";
import { type KafkaClientKind, openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { bootstrap, newName, newTopic, produce, readAll } from "./broker.ts";
import { Records } from "./records.ts";

export interface SentRecord {
  readonly key?: string | null;
  readonly value: string | Uint8Array | null;
  readonly timestampMs?: number;
  readonly headers?: readonly (readonly [string, string | null])[];
}

interface ReadRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Long enough for a broker on a busy machine, and for a group to divide anew. */
export const soon = { timeout: 20_000, interval: 20 };

export function describeClient(kind: KafkaClientKind): void {
  const ending: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function newClient(): Promise<KafkaClient> {
    const client = await openKafkaClient(kind, { brokers: [bootstrap()], clientId: `${kind}-suite` });
    ending.push(() => client.close());
    return client;
  }

  async function newProducer(options: ProducerOptions = {}, client?: KafkaClient): Promise<KafkaProducer> {
    return (client ?? (await newClient())).producer(options);
  }

  async function open(at: TopicPartition, offset = 0, options: ReaderOptions = {}): Promise<PartitionReader> {
    const reader = await (await newClient()).reader(options);
    return reader.open({ ...at, offset });
  }

  const pulls = async (at: TopicPartition, count: number, options: ReaderOptions = {}, from = 0) =>
    pullRecords(await open(at, from, options), count);

  describe("records", () => {
    it("come back as they were sent: keys, headers in their order, times, tombstones and empty values", async () => {
      const topic = await newTopic(1);
      const sent: SentRecord[] = [
        { key: "a", value: "one", timestampMs: 1_700_000_000_000, headers: [["x", "1"]] },
        { key: null, value: "no key", timestampMs: 1_700_000_000_005 },
        { key: "", value: "", timestampMs: 1_600_000_000_000 },
        { key: "gone", value: null, timestampMs: 1_700_000_000_001 },
        {
          key: "ü€😀",
          value: "ü€😀",
          headers: [
            ["b", "2"],
            ["a", "1"],
            ["b", "3"],
            ["7", ""],
            ["none", null],
          ],
        },
        { key: "z", value: "x".repeat(5_000), timestampMs: 0 },
      ];
      await send(await newProducer(), topic, sent);
      const read = await pulls({ topic, partition: 0 }, sent.length);
      expect(read).toEqual(
        sent.map((record, offset) => ({
          offset,
          key: record.key,
          value: record.value,
          timestampMs: record.timestampMs ?? defaultMs,
          headers: record.headers ?? [],
        })),
      );
    });

    it("are what other clients read, and theirs are read", async () => {
      const topic = await newTopic(1);
      await send(await newProducer(), topic, [
        { key: "k", value: "ours", headers: [["h", "1"]], timestampMs: 1_000 },
        { key: "k", value: null },
      ]);
      await produce(topic, [{ key: "k", value: "theirs", headers: { h: "2" }, timestampMs: 2_000 }], {
        compression: "gzip",
      });
      expect((await readAll(topic)).map(({ key, value, headers }) => [key, value, headers])).toEqual([
        ["k", "ours", { h: "1" }],
        ["k", null, {}],
        ["k", "theirs", { h: "2" }],
      ]);
      const read = await pulls({ topic, partition: 0 }, 3);
      expect(read[2]).toEqual({ offset: 2, key: "k", value: "theirs", headers: [["h", "2"]], timestampMs: 2_000 });
    });

    it.each<Compression>(["none", "gzip", "snappy", "lz4", "zstd"])("survive compression %s", async (compression) => {
      const topic = await newTopic(1);
      const sent = numbered(300, "some text that repeats, some text that repeats");
      await send(await newProducer({ compression }), topic, sent);
      expect(valuesOf(await pulls({ topic, partition: 0 }, 300))).toEqual(sent.map(({ value }) => value));
    });

    it("of 10 MB come through, and small ones behind them", async () => {
      const topic = await newTopic(1, { "max.message.bytes": "12000000" });
      const large = Buffer.alloc(10_000_000, "0123456789abcdef");
      const producer = await newProducer();
      await send(producer, topic, [{ value: "before" }]);
      await send(producer, topic, [{ value: large }]);
      await send(producer, topic, [{ value: "after" }]);
      const [before, middle, after] = valuesOf(await pulls({ topic, partition: 0 }, 3, { maxBytes: 100_000 }));
      expect([before, after]).toEqual(["before", "after"]);
      expect(middle === large.toString()).toBe(true);
    });

    it("too large for the topic are refused with its name and its setting; all others of the send are stored, and the producer goes on", async () => {
      const topic = await newTopic(2, { "max.message.bytes": "10000" });
      const producer = await newProducer();
      const batches = (...values: string[]) =>
        values.map((value, partition) => ({ topic, partition, records: batchOf([{ value }]) }));
      const error = await failure(producer.send(batches("x".repeat(20_000), "stored")));
      expect(error).toMatchObject({ kind: "record-too-large", retryable: false, refused: [{ topic, partition: 0 }] });
      expect(error.message).toContain(topic);
      expect(error.message).toMatch(/max\.message\.bytes/);
      await producer.send(batches("next", "next"));
      const stored = (await readAll(topic)).map(({ partition, value }) => `${partition} ${value}`);
      expect(stored).toEqual(["0 next", "1 stored", "1 next"]);
    });

    it("without a key are refused by a compacted topic with its name and the cure", async () => {
      const topic = await newTopic(1, { "cleanup.policy": "compact" });
      const error = await failure(send(await newProducer(), topic, [{ key: null, value: "1" }]));
      expect(error).toMatchObject({ kind: "protocol", topic });
      expect(error.message).toMatch(/needs a key/);
    });

    it("go to the partition that they are for, all partitions of several topics in one send", async () => {
      const topics = [await newTopic(4), await newTopic(3)];
      const producer = await newProducer();
      const batches = topics.flatMap((topic, place) =>
        [...Array(4 - place).keys()].map((partition) => ({
          topic,
          partition,
          records: batchOf([{ value: `${topic}/${partition}` }]),
        })),
      );
      await producer.send(batches);
      for (const topic of topics)
        for (const { partition, value } of await readAll(topic)) expect(value).toBe(`${topic}/${partition}`);
      expect((await readAll(topics[0]!)).length + (await readAll(topics[1]!)).length).toBe(7);
    });

    it("of many sends keep their order, each once", async () => {
      const topic = await newTopic(2);
      const producer = await newProducer();
      for (let round = 0; round < 100; round++)
        await producer.send(
          [0, 1].map((partition) => ({
            topic,
            partition,
            records: batchOf([{ value: `${round}a` }, { value: `${round}b` }]),
          })),
        );
      const expected = [...Array(100).keys()].flatMap((round) => [`${round}a`, `${round}b`]);
      for (const partition of [0, 1]) expect(valuesOf(await pulls({ topic, partition }, 200))).toEqual(expected);
    });
  });

  describe("offsets", () => {
    it("are asked for from the start, at the end and as committed, in the order asked", async () => {
      const topic = await newTopic(3);
      const client = await newClient();
      await produce(
        topic,
        [...Array(5)].map(() => ({ value: "1", partition: 1 })),
      );
      await deleteRecords(topic, 1, 2);
      const group = newName("group");
      await new Records(bootstrap()).asAdmin((admin) =>
        admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 1, offset: "3" }] }),
      );
      const of = [2, 1, 0].map((partition) => ({ topic, partition }));
      expect(await client.offsets("start", of)).toEqual([0, 2, 0]);
      expect(await client.offsets("end", of)).toEqual([0, 5, 0]);
      expect(await client.offsets({ group }, of)).toEqual([-1, 3, -1]);
      expect(await client.offsets({ group: newName("nobody") }, of)).toEqual([-1, -1, -1]);
      expect(await client.offsets("end", [])).toEqual([]);
    });

    it("that retention has taken away are an error with the topic and the cure", async () => {
      const topic = await newTopic(1);
      await produce(
        topic,
        [...Array(5)].map(() => ({ value: "1", partition: 0 })),
      );
      await deleteRecords(topic, 0, 4);
      const error = await failure((await open({ topic, partition: 0 }, 1)).pull());
      expect(error).toMatchObject({ kind: "offset-out-of-range", topic, partition: 0, retryable: false });
      expect(error.message).toMatch(/reset the group/);
    });
  });

  describe("a topic", () => {
    it("tells how many partitions it has", async () => {
      const topic = await newTopic(3);
      const client = await newClient();
      expect(await client.partitionsOf(topic)).toBe(3);
      expect(await (await client.producer({})).partitionsOf(topic)).toBe(3);
      expect(await client.partitionsOf(newName("none"))).toBe(undefined);
    });

    it("that does not exist is named by whatever is tried with it", async () => {
      const topic = newName("none");
      const client = await newClient();
      const reader = (await client.reader({})).open({ topic, partition: 0, offset: 0 });
      const writer = await client.producer({});
      const asked = await client.producer({});
      const events = { revoked() {}, assigned() {}, lost() {}, failed() {} };
      const tried = {
        read: failure(reader.pull()),
        write: failure(send(writer, topic, [{ value: "1" }])),
        count: failure(asked.partitionsOf(topic)),
        offsets: failure(client.offsets("end", [{ topic, partition: 0 }])),
        join: failure(client.join({ group: newName("group"), topics: [topic], fetch: {}, ...events })),
      };
      for (const [what, failed] of Object.entries(tried)) {
        const error = await failed;
        expect([what, error.kind, error.topic, error.retryable]).toEqual([what, "unknown-topic", topic, false]);
        expect(error.message).toMatch(/Create/);
      }
    });

    it("that is deleted while it is read is an error that names it", async () => {
      const topic = await newTopic(1);
      await produce(topic, [{ value: "1" }]);
      const reader = await open({ topic, partition: 0 });
      await pullRecords(reader, 1);
      const next = failure(reader.pull());
      await new Records(bootstrap()).asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
      expect(await next).toMatchObject({ kind: "unknown-topic", topic });
    });
  });

  describe("reading", () => {
    it("begins at any offset, also inside of a batch", async () => {
      const topic = await newTopic(1);
      await send(await newProducer({ compression: "gzip" }), topic, numbered(10));
      const reader = await open({ topic, partition: 0 }, 7);
      expect(reader.position).toBe(7);
      expect((await pullRecords(reader, 3)).map(({ offset }) => offset)).toEqual([7, 8, 9]);
      expect([reader.position, reader.endOffset]).toEqual([10, 10]);
    });

    it("waits for what comes, and closing ends the wait", async () => {
      const topic = await newTopic(2);
      const client = await newClient();
      const readers = await client.reader({});
      const [first, second] = [0, 1].map((partition) => readers.open({ topic, partition, offset: 0 }));
      const pending = [first!.pull(), second!.pull()];
      await produce(topic, [{ value: "1", partition: 0 }]);
      expect((await pending[0])?.count).toBe(1);
      second!.close();
      expect(await pending[1]).toBe(undefined);
      const last = first!.pull();
      await readers.close();
      expect(await last).toBe(undefined);
      expect(await first!.pull()).toBe(undefined);
    });

    it("fetches nothing more of a partition that is not pulled, while others go on", async () => {
      const topic = await newTopic(2);
      const producer = await newProducer();
      await send(producer, topic, numbered(3), 0);
      await send(producer, topic, numbered(3), 1);
      const readers = await (await newClient()).reader({ maxBytes: 200_000 });
      const [slow, quick] = [0, 1].map((partition) => readers.open({ topic, partition, offset: 0 }));
      await vi.waitFor(() => expect(slow!.endOffset).toBe(3), soon);
      const large = Buffer.alloc(40_000, "x");
      const read: ReadRecord[] = await pullRecords(quick!, 3);
      for (let round = 0; round < 20; round++) {
        await send(producer, topic, [{ value: large }], 0);
        await send(producer, topic, [{ value: large }], 1);
        read.push(...(await pullRecords(quick!, 1)));
      }
      expect(read.length).toBe(23);
      expect(slow!.endOffset).toBeLessThan(10);
      expect((await pullRecords(slow!, 23)).map(({ offset }) => offset)).toEqual([...Array(23).keys()]);
    });

    it("of many partitions with little room comes to the end of all", async () => {
      const topic = await newTopic(8);
      const producer = await newProducer();
      const large = Buffer.alloc(100_000, "x");
      for (let partition = 0; partition < 8; partition++)
        for (let i = 0; i < 5; i++) await send(producer, topic, [{ value: large }], partition);
      const readers = await (await newClient()).reader({ maxBytes: 150_000 });
      const all = await Promise.all(
        [...Array(8).keys()].map((partition) => pullRecords(readers.open({ topic, partition, offset: 0 }), 5)),
      );
      expect(all.map((records) => records.length)).toEqual(Array(8).fill(5));
    });
  });

  describe("a group", () => {
    it("gives all to one, then to each its share, `revoked` before `assigned`, one number of all topics to one member", async () => {
      const topics = [await newTopic(4), await newTopic(4)];
      const group = newName("group");
      const first = await join(group, topics);
      await vi.waitFor(() => expect(first.events).toEqual(["assigned 8"]), soon);
      const second = await join(group, topics);
      await vi.waitFor(() => expect([first.owned.length, second.owned.length]).toEqual([4, 4]), soon);
      expect(first.events).toEqual(["assigned 8", "revoked", "assigned 4"]);
      expect(second.events).toEqual(["assigned 4"]);
      for (const { owned } of [first, second]) {
        const [a, b] = topics.map((topic) => owned.filter((p) => p.topic === topic).map(({ partition }) => partition));
        expect(a).toEqual(b);
      }
      const [a, b] = [first.member.generation, second.member.generation];
      expect([a.group, a.generation]).toEqual([group, b.generation]);
      expect(a.member).not.toBe(b.member);
    });

    it("counts what is committed while it is being revoked, and gives it to who comes", async () => {
      const topic = await newTopic(2);
      const group = newName("group");
      const of = [0, 1].map((partition) => ({ topic, partition }));
      const first: Joined = await join(group, [topic], {
        revoked: () => first.member.commit(of.map((at) => ({ ...at, offset: 40 + at.partition }))),
      });
      await vi.waitFor(() => expect(first.owned.length).toBe(2), soon);
      expect(await first.member.committed(of)).toEqual([-1, -1]);
      let atAssignment: readonly number[] | undefined;
      const second: Joined = await join(group, [topic], {
        assigned: async () => {
          atAssignment ??= await second.member.committed(of);
        },
      });
      await vi.waitFor(() => expect(second.owned.length).toBe(1), soon);
      expect(atAssignment).toEqual([40, 41]);
    });

    it("waits for `assigned` before it calls `revoked`", async () => {
      const topic = await newTopic(2);
      const group = newName("group");
      const go = Promise.withResolvers<void>();
      const first = await join(group, [topic], { assigned: () => go.promise, rebalanceTimeoutMs: 30_000 });
      const joining = join(group, [topic]);
      // The other one has been waiting for longer than a heartbeat takes.
      await vi.waitFor(() => expect(first.member.generation.generation).toBeGreaterThan(0), soon);
      await new Promise((resolve) => setTimeout(resolve, 800));
      expect(first.events).toEqual([]);
      go.resolve();
      const second = await joining;
      await vi.waitFor(() => expect(second.owned.length).toBe(1), soon);
      expect(first.events).toEqual(["assigned 2", "revoked", "assigned 1"]);
    });

    it("refuses the commit of a member that it went on without, which is told that all is lost and comes back", async () => {
      const topic = await newTopic(2);
      const group = newName("group");
      const at = { topic, partition: 0 };
      const late = Promise.withResolvers<void>();
      const outcome = Promise.withResolvers<unknown>();
      const zombie: Joined = await join(group, [topic], {
        rebalanceTimeoutMs: 1_000,
        async revoked() {
          await late.promise;
          await zombie.member.commit([{ ...at, offset: 7 }]).then(outcome.resolve, outcome.resolve);
        },
      });
      await vi.waitFor(() => expect(zombie.owned.length).toBe(2), soon);
      const heir = await join(group, [topic], { rebalanceTimeoutMs: 1_000 });
      await vi.waitFor(() => expect(heir.owned.length).toBe(2), soon);
      await heir.member.commit([{ ...at, offset: 9 }]);
      late.resolve();
      expect(await outcome.promise).toMatchObject({ kind: "rebalanced" });
      expect(await heir.member.committed([at])).toEqual([9]);
      await vi.waitFor(() => expect(zombie.events).toEqual(["assigned 2", "revoked", "lost", "assigned 1"]), soon);
    });

    it("takes a member out that stood still for longer than the session time-out; what it commits then does not count", async () => {
      const topic = await newTopic(1);
      const group = newName("group");
      const at = { topic, partition: 0 };
      const member = await join(group, [topic], { sessionTimeoutMs: 1_000 });
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      await member.member.commit([{ ...at, offset: 1 }]);
      const reader = member.member.open({ ...at, offset: 0 });
      const pending = reader.pull();
      standStill(2_500);
      expect(await failure(member.member.commit([{ ...at, offset: 5 }]))).toMatchObject({ kind: "rebalanced" });
      await vi.waitFor(() => expect(member.events).toEqual(["assigned 1", "lost", "assigned 1"]), soon);
      expect(await pending).toBe(undefined);
      expect(await member.member.committed([at])).toEqual([1]);
    });

    it("keeps a member whose work takes longer than the session time-out", async () => {
      const topic = await newTopic(1);
      const busy = Promise.withResolvers<void>();
      const member = await join(newName("group"), [topic], { sessionTimeoutMs: 1_000, assigned: () => busy.promise });
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      busy.resolve();
      await vi.waitFor(() => expect(member.events).toEqual(["assigned 1"]), soon);
      await member.member.commit([{ topic, partition: 0, offset: 1 }]);
    });

    it("gives the partitions of one that leaves to the others at once", async () => {
      const topic = await newTopic(2);
      const group = newName("group");
      const first = await join(group, [topic], { sessionTimeoutMs: 30_000 });
      const second = await join(group, [topic], { sessionTimeoutMs: 30_000 });
      await vi.waitFor(() => expect([first.owned.length, second.owned.length]).toEqual([1, 1]), soon);
      const events = [...second.events];
      await second.member.leave();
      await vi.waitFor(() => expect(first.owned.length).toBe(2), { timeout: 10_000, interval: 20 });
      expect(second.events).toEqual(events);
      expect(await failure(second.member.commit([{ topic, partition: 0, offset: 1 }]))).toMatchObject({
        kind: "rebalanced",
      });
    });

    it("gives no records between `revoked` and `assigned`; readers of partitions that stay go on, the others end", async () => {
      const topic = await newTopic(2);
      const group = newName("group");
      const revoking = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const first = await join(group, [topic], {
        async revoked() {
          revoking.resolve();
          await go.promise;
        },
      });
      await vi.waitFor(() => expect(first.owned.length).toBe(2), soon);
      const both = (value: string) => [0, 1].map((partition) => ({ value, partition }));
      const readers = [0, 1].map((partition) => first.member.open({ topic, partition, offset: 0 }));
      await produce(topic, both("a"));
      for (const reader of readers) expect((await reader.pull())?.count).toBe(1);
      let came = 0;
      const pending = readers.map(async (reader) => {
        const block = await reader.pull();
        came++;
        return block?.count;
      });
      const joining = join(group, [topic]);
      await revoking.promise;
      await produce(topic, both("b"));
      expect(valuesOf(await pulls({ topic, partition: 1 }, 2))).toEqual(["a", "b"]);
      expect(came).toBe(0);
      go.resolve();
      await joining;
      await vi.waitFor(() => expect(first.events).toEqual(["assigned 2", "revoked", "assigned 1"]), soon);
      const kept = first.owned[0]!.partition;
      expect(await pending[kept]).toBe(1);
      expect(await pending[1 - kept]).toBe(undefined);
      expect(readers[kept]!.position).toBe(2);
    });

    it("divides anew when a topic gets more partitions", async () => {
      const topic = await newTopic(1);
      const member = await join(newName("group"), [topic], { metadataIntervalMs: 100 });
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      await new Records(bootstrap()).asAdmin((admin) =>
        admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }),
      );
      await vi.waitFor(() => expect(member.owned.length).toBe(3), soon);
      expect(member.events).toEqual(["assigned 1", "revoked", "assigned 3"]);
    });

    it("ends with an error that names the topic where that is deleted", async () => {
      const topic = await newTopic(1);
      const member = await join(newName("group"), [topic], { metadataIntervalMs: 100 });
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      await new Records(bootstrap()).asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
      await vi.waitFor(() => expect(member.failure).toMatchObject({ kind: "unknown-topic", topic }), soon);
    });
  });

  describe("a transaction", () => {
    it("that is aborted is never seen by readers of what is committed, whatever stands around it", async () => {
      const topic = await newTopic(1);
      const client = await newClient();
      const plain = await client.producer({});
      const [a, b] = [await newProducer(transactional(), client), await newProducer(transactional(), client)];
      // A key like that of a marker must not be taken for one.
      await send(a, topic, [{ key: "\0\0\0\0", value: "a1 aborted" }]);
      await send(b, topic, [{ value: "b1" }]);
      await send(plain, topic, [{ value: "plain" }]);
      await send(a, topic, [{ value: "a2 aborted" }]);
      await a.abort();
      await send(a, topic, [{ value: "a3" }]);
      await b.commit([], nobody);
      await send(b, topic, [{ value: "b2 aborted" }]);
      await a.commit([], nobody);
      await b.abort();
      await send(plain, topic, [{ value: "end" }]);
      const at = { topic, partition: 0 };
      expect(valuesOf(await pulls(at, 4))).toEqual(["b1", "plain", "a3", "end"]);
      expect(
        valuesOf(await pulls(at, 7, { isolation: "read_uncommitted" })).filter((v) => v?.includes("aborted")),
      ).toEqual(["a1 aborted", "a2 aborted", "b2 aborted"]);
    });

    it("that is open holds readers back until it is committed; all partitions come together", async () => {
      const topic = await newTopic(2);
      const producer = await newProducer(transactional());
      await producer.send([0, 1].map((partition) => ({ topic, partition, records: batchOf([{ value: "t" }]) })));
      await produce(topic, [{ value: "behind", partition: 0 }]);
      const uncommitted = await pulls({ topic, partition: 0 }, 2, { isolation: "read_uncommitted" });
      expect(valuesOf(uncommitted)).toEqual(["t", "behind"]);
      const reader = await open({ topic, partition: 0 });
      await vi.waitFor(() => expect(reader.endOffset).toBe(0), soon);
      await producer.commit([], nobody);
      expect(valuesOf(await pullRecords(reader, 2))).toEqual(["t", "behind"]);
      expect(valuesOf(await pulls({ topic, partition: 1 }, 1))).toEqual(["t"]);
    });

    it("has the offsets in it: committed with the records, or not at all", async () => {
      const [input, output] = [await newTopic(2), await newTopic(1)];
      const member = await join(newName("group"), [input]);
      await vi.waitFor(() => expect(member.owned.length).toBe(2), soon);
      const of = [0, 1].map((partition) => ({ topic: input, partition }));
      const producer = await newProducer(transactional());
      await send(producer, output, [{ value: "1" }]);
      await producer.commit(
        of.map((at) => ({ ...at, offset: 10 + at.partition })),
        member.member.generation,
      );
      expect(await member.member.committed(of)).toEqual([10, 11]);
      await send(producer, output, [{ value: "2" }]);
      await producer.abort();
      await producer.commit([{ ...of[0]!, offset: 12 }], member.member.generation);
      expect(await member.member.committed(of)).toEqual([12, 11]);
      expect((await readAll(output)).map(({ value }) => value)).toEqual(["1"]);
    });

    it("of a generation that is over is refused and aborted", async () => {
      const [input, output] = [await newTopic(1), await newTopic(1)];
      const member = await join(newName("group"), [input]);
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      const at = { topic: input, partition: 0 };
      const { generation } = member.member;
      for (const stale of [
        { ...generation, generation: generation.generation - 1 },
        { ...generation, member: "somebody-else" },
      ]) {
        const producer = await newProducer(transactional());
        await send(producer, output, [{ value: "never" }]);
        expect(await failure(producer.commit([{ ...at, offset: 3 }], stale))).toMatchObject({ kind: "rebalanced" });
        await producer.close();
      }
      expect(await member.member.committed([at])).toEqual([-1]);
      await send(await newProducer(), output, [{ value: "end" }]);
      expect(valuesOf(await pulls({ topic: output, partition: 0 }, 1))).toEqual(["end"]);
    });

    it("of a producer whose id somebody else took is fenced, and nothing of it is seen", async () => {
      const topic = await newTopic(1);
      const options = transactional();
      const old = await newProducer(options);
      await send(old, topic, [{ value: "old" }]);
      const heir = await newProducer(options);
      expect(await failure(send(old, topic, [{ value: "old too" }]))).toMatchObject({
        kind: "fenced",
        retryable: false,
      });
      await old.close();
      const open = await newProducer(options);
      expect(await failure(send(heir, topic, [{ value: "heir" }]).then(() => heir.commit([], nobody)))).toMatchObject({
        kind: "fenced",
      });
      await send(open, topic, [{ value: "new" }]);
      await open.commit([], nobody);
      expect(valuesOf(await pulls({ topic, partition: 0 }, 1))).toEqual(["new"]);
    });

    it("that takes longer than its time-out is fenced", async () => {
      const topic = await newTopic(1);
      const producer = await newProducer({ ...transactional(), transactionTimeoutMs: 1_000 });
      await send(producer, topic, [{ value: "overdue" }]);
      await send(await newProducer(), topic, [{ value: "end" }]);
      // Readable when the broker has aborted it.
      expect(valuesOf(await pulls({ topic, partition: 0 }, 1))).toEqual(["end"]);
      expect(await failure(producer.commit([], nobody))).toMatchObject({ kind: "fenced" });
    });

    it("begins at once after the last one: a hundred take no more than seconds", async () => {
      const topic = await newTopic(1);
      const producer = await newProducer(transactional());
      const started = performance.now();
      for (let i = 0; i < 100; i++) {
        await send(producer, topic, [{ value: `${i}` }]);
        if (i % 10 === 9) await producer.abort();
        else await producer.commit([], nobody);
      }
      expect(performance.now() - started).toBeLessThan(10_000);
      expect((await readAll(topic)).length).toBe(90);
    });

    it("that is open when the client closes is aborted", async () => {
      const topic = await newTopic(1);
      const client = await newClient();
      await send(await newProducer(transactional(), client), topic, [{ value: "open" }]);
      await client.close();
      await send(await newProducer(), topic, [{ value: "end" }]);
      expect(valuesOf(await pulls({ topic, partition: 0 }, 1))).toEqual(["end"]);
    });
  });

  describe("the client", () => {
    it("says that nobody is there, naming the address", async () => {
      const error = await failure(openKafkaClient(kind, { brokers: ["127.0.0.1:1"], clientId: "x" }));
      expect(error).toMatchObject({ kind: "unavailable" });
      expect(error.message).toContain("127.0.0.1:1");
    });

    it("reaches the cluster where the first broker named is not there", async () => {
      const client = await openKafkaClient(kind, { brokers: ["127.0.0.1:1", bootstrap()], clientId: "x" });
      ending.push(() => client.close());
      expect(await client.partitionsOf(await newTopic(2))).toBe(2);
    });

    it("ends what waits when it closes, and can be closed twice", async () => {
      const topic = await newTopic(1);
      const client = await newClient();
      const pending = (await client.reader({})).open({ topic, partition: 0, offset: 0 }).pull();
      await client.close();
      await client.close();
      expect(await pending).toBe(undefined);
    });

    it("writes no warnings of the process", async () => {
      const warnings: string[] = [];
      const listen = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
      const topic = await newTopic(1);
      process.on("warning", listen);
      await send(await newProducer(), topic, [{ value: "1" }]);
      await pulls({ topic, partition: 0 }, 1);
      process.off("warning", listen);
      expect(warnings.filter((warning) => !/experimental/i.test(warning))).toEqual([]);
    });
  });

  async function join(group: string, topics: readonly string[], options: Partial<JoinOptions> = {}): Promise<Joined> {
    return joinRecorded(await newClient(), group, topics, options);
  }
}

export interface Joined {
  readonly member: GroupMember;
  /** `assigned 4`, `revoked`, `lost`, `failed`: when each has settled. */
  readonly events: readonly string[];
  readonly owned: readonly TopicPartition[];
  readonly failure: KafkaError | undefined;
}

/** A member that writes down what it is told. */
export async function joinRecorded(
  client: KafkaClient,
  group: string,
  topics: readonly string[],
  options: Partial<JoinOptions> = {},
): Promise<Joined> {
  const events: string[] = [];
  const state: { owned: readonly TopicPartition[]; failure: KafkaError | undefined } = {
    owned: [],
    failure: undefined,
  };
  const member = await client.join({
    group,
    topics,
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 10_000,
    fetch: {},
    ...options,
    async assigned(partitions) {
      await options.assigned?.(partitions);
      state.owned = partitions;
      events.push(`assigned ${partitions.length}`);
    },
    async revoked() {
      await options.revoked?.();
      events.push("revoked");
    },
    async lost() {
      await options.lost?.();
      state.owned = [];
      events.push("lost");
    },
    failed(error) {
      state.failure = error;
      events.push("failed");
    },
  });
  return {
    member,
    events,
    get owned() {
      return state.owned;
    },
    get failure() {
      return state.failure;
    },
  };
}

/** For transactions without offsets. */
export const nobody: GroupGeneration = { group: "none", generation: -1, member: "" };
const defaultMs = 1_750_000_000_000;

const transactional = (): ProducerOptions => ({ transactionalId: newName("transaction") });

export function batchOf(records: readonly SentRecord[]): RecordBatchWriter {
  const writer = new RecordBatchWriter();
  for (const { key, value, timestampMs, headers } of records)
    writer.add(key ?? null, value, timestampMs ?? defaultMs, headers && encodeHeaders(headers));
  return writer;
}

export function send(
  producer: KafkaProducer,
  topic: string,
  records: readonly SentRecord[],
  partition = 0,
): Promise<void> {
  return producer.send([{ topic, partition, records: batchOf(records) }]);
}

const numbered = (count: number, text = "value"): SentRecord[] =>
  [...Array(count).keys()].map((i) => ({ key: `k${i}`, value: `${text} ${i}` }));

const valuesOf = (records: readonly ReadRecord[]): (string | null)[] => records.map(({ value }) => value);

/** @throws where the reader ends before */
export async function pullRecords(reader: PartitionReader, count: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  while (records.length < count) {
    const block = await reader.pull();
    if (block === undefined) throw new Error(`The reader ended after ${records.length} records`);
    records.push(...recordsOf(block));
  }
  return records;
}

function recordsOf({ bytes, index, count, baseOffset, timestamps }: RecordBlock): ReadRecord[] {
  return [...Array(count).keys()].map((record) => {
    const field = (which: number) => index[record * recordStride + which]!;
    const text = (start: number, end: number) => (start < 0 ? null : bytes.toString("utf8", start, end));
    return {
      offset: baseOffset + field(RecordField.offsetDelta),
      key: text(field(RecordField.keyStart), field(RecordField.keyEnd)),
      value: text(field(RecordField.valueStart), field(RecordField.valueEnd)),
      timestampMs: timestamps[record]!,
      headers: decodeHeaders(bytes, field(RecordField.headersStart), field(RecordField.headersEnd)).map(
        ([name, value]) => [name, value === null ? null : Buffer.from(value).toString()] as const,
      ),
    };
  });
}

/** Those before the offset, as retention does. */
async function deleteRecords(topic: string, partition: number, before: number): Promise<void> {
  await new Records(bootstrap()).asAdmin(async (admin) => {
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
  });
}

/** What it is rejected with. */
export async function failure(promise: unknown): Promise<KafkaError> {
  const outcome = await Promise.resolve(promise).then(
    () => new Error("It did not fail"),
    (error: unknown) => error,
  );
  return outcome as KafkaError;
}

/** As a process that is stopped, or collects garbage for long. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
