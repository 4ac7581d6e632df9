/** Reading partitions with the native client, against a real broker: order, bounds of memory, transactions, and what goes wrong with topics. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RecordBlock, RecordField, recordStride } from "../../runtime/engine/connector.ts";
import type { PartitionReader, ReaderOptions } from "../../runtime/kafka/client.ts";
import { Cluster } from "../../runtime/kafka/native/cluster.ts";
import { Fetcher } from "../../runtime/kafka/native/fetcher.ts";
import { bootstrap, newTopic, produce } from "./broker.ts";
import { Records } from "./records.ts";

let cluster: Cluster;
const fetchers: Fetcher[] = [];

beforeEach(async () => {
  cluster = await Cluster.open({ brokers: [bootstrap()], clientId: "test" }, { retryForMs: 500 });
});
afterEach(async () => {
  await Promise.all(fetchers.splice(0).map((fetcher) => fetcher.close()));
  await cluster.close();
});

function fetcher(options?: ReaderOptions): Fetcher {
  const made = new Fetcher(cluster, options);
  fetchers.push(made);
  return made;
}

function valuesOf(block: RecordBlock): readonly string[] {
  return Array.from({ length: block.count }, (_, record) => {
    const at = record * recordStride;
    const from = block.index[at + RecordField.valueStart] ?? -1;
    return from < 0 ? "null" : block.bytes.toString("utf8", from, block.index[at + RecordField.valueEnd]);
  });
}

async function read(reader: PartitionReader, count: number): Promise<readonly string[]> {
  const values: string[] = [];
  while (values.length < count) {
    const block = await reader.pull();
    if (!block) break;
    expect([block.topic, block.partition, reader.position]).toEqual([reader.topic, reader.partition, block.nextOffset]);
    values.push(...valuesOf(block));
  }
  return values;
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => String(from + at));
const records = (from: number, to: number, partition = 0) =>
  numbers(from, to).map((value) => ({ value, partition, key: null }));

async function untilTrue(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 5 }).toBe(true);
}

describe("reading partitions", () => {
  it("gives every record in order, of several partitions, as it is written", async () => {
    const topic = await newTopic(3);
    const own = fetcher();
    const readers = [0, 1, 2].map((partition) => own.open({ topic, partition, offset: 0 }));
    const reading = Promise.all(readers.map((reader) => read(reader, 300)));
    for (let from = 0; from < 300; from += 100)
      for (const partition of [2, 0, 1]) await produce(topic, records(from, from + 100, partition));
    expect(await reading).toEqual([numbers(0, 300), numbers(0, 300), numbers(0, 300)]);
    expect(readers.map(({ position }) => position)).toEqual([300, 300, 300]);
  });

  it("begins in the middle of a batch", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 100));
    expect(await read(fetcher().open({ topic, partition: 0, offset: 57 }), 43)).toEqual(numbers(57, 100));
  });

  it("reads compressed batches", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 1_000), { compression: "gzip" });
    expect(await read(fetcher().open({ topic, partition: 0, offset: 10 }), 990)).toEqual(numbers(10, 1_000));
  });

  it("knows the end", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 10));
    const reader = fetcher().open({ topic, partition: 0, offset: 0 });
    expect(reader.endOffset).toBe(-1);
    await read(reader, 10);
    expect(reader.endOffset).toBe(10);
  });

  it("lets a record through that is larger than all limits, between small ones", async () => {
    const topic = await newTopic(2, { "max.message.bytes": "12000000" });
    const large = "x".repeat(10 << 20);
    await produce(topic, records(0, 100));
    await produce(topic, [{ value: large, partition: 0 }]);
    await produce(topic, records(100, 200));
    await produce(topic, records(0, 100, 1));
    const own = fetcher({ maxBytes: 200_000 });
    const [first, second] = [0, 1].map((partition) => own.open({ topic, partition, offset: 0 }));
    expect(await read(second!, 100)).toEqual(numbers(0, 100));
    const values = await read(first!, 201);
    expect(values.filter((value) => value.length < 10)).toEqual(numbers(0, 200));
    expect(values[100] === large).toBe(true);
  });

  it("ends a pull that waits when its partition is closed, and all of them when everything is", async () => {
    const topic = await newTopic(2);
    const own = fetcher();
    const [first, second] = [0, 1].map((partition) => own.open({ topic, partition, offset: 0 }));
    const pulls = [first!.pull(), second!.pull()];
    first!.close();
    expect(await pulls[0]).toBeUndefined();
    await own.close();
    expect(await pulls[1]).toBeUndefined();
    expect(await second!.pull()).toBeUndefined();
    expect(await own.open({ topic, partition: 0, offset: 0 }).pull()).toBeUndefined();
  });

  it("goes on reading a partition that was closed and opened again", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 20));
    const own = fetcher();
    const first = own.open({ topic, partition: 0, offset: 0 });
    await read(first, 20);
    first.close();
    expect(await read(own.open({ topic, partition: 0, offset: 5 }), 15)).toEqual(numbers(5, 20));
  });

  it("fetches nothing while it is paused", async () => {
    const topic = await newTopic(1);
    const own = fetcher({ maxWaitMs: 10 });
    own.pause();
    const reader = own.open({ topic, partition: 0, offset: 0 });
    await produce(topic, records(0, 5));
    await produce(await newTopic(1), records(0, 5));
    expect([reader.endOffset, own.heldBytes]).toEqual([-1, 0]);
    own.resume();
    expect(await read(reader, 5)).toEqual(numbers(0, 5));
  });
});

describe("memory", () => {
  it("holds no more than asked for while nobody pulls, and gives everything then", async () => {
    const topic = await newTopic(4);
    const value = "v".repeat(10_000);
    for (const partition of [0, 1, 2, 3])
      await produce(
        topic,
        Array.from({ length: 90 }, () => ({ value, partition })),
      );
    const own = fetcher({ maxBytes: 400_000, maxWaitMs: 5 });
    const readers = [0, 1, 2, 3].map((partition) => own.open({ topic, partition, offset: 0 }));
    await untilTrue(() => readers.every(({ endOffset }) => endOffset === 90));
    await produce(await newTopic(1), records(0, 5));
    expect(own.heldBytes).toBeGreaterThan(0);
    // The broker gives its first batch whole.
    expect(own.heldBytes).toBeLessThanOrEqual(400_000 + 910_000);
    const counts = await Promise.all(readers.map(async (reader) => (await read(reader, 90)).length));
    expect(counts).toEqual([90, 90, 90, 90]);
    expect(own.heldBytes).toBe(0);
  });

  it("does not let a partition that nobody pulls hold up the others", async () => {
    const topic = await newTopic(2);
    const own = fetcher({ maxBytes: 100_000 });
    own.open({ topic, partition: 0, offset: 0 });
    const reader = own.open({ topic, partition: 1, offset: 0 });
    const value = "v".repeat(1_000);
    for (let round = 0; round < 5; round += 1) {
      await produce(
        topic,
        Array.from({ length: 200 }, (_, at) => ({ value: `${round} ${at} ${value}`, partition: at % 2 })),
      );
      expect(await read(reader, 100)).toHaveLength(100);
    }
  });
});

describe("transactions", () => {
  it("gives no record of one that was aborted, and goes on behind it", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 5), { transaction: "committed" });
    await produce(topic, records(5, 10), { transaction: "aborted" });
    await produce(topic, records(10, 15));
    await produce(topic, records(15, 20), { transaction: "aborted" });
    await produce(topic, records(20, 25), { transaction: "committed" });
    const reader = fetcher().open({ topic, partition: 0, offset: 0 });
    expect(await read(reader, 15)).toEqual([...numbers(0, 5), ...numbers(10, 15), ...numbers(20, 25)]);
    // One marker behind each transaction.
    expect([reader.position, reader.endOffset]).toEqual([29, 29]);
  });

  it("passes over a partition with nothing but aborted records", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 5), { transaction: "aborted" });
    const reader = fetcher().open({ topic, partition: 0, offset: 0 });
    const pull = reader.pull();
    await untilTrue(() => reader.position === 6);
    await produce(topic, records(5, 6));
    expect(valuesOf((await pull)!)).toEqual(["5"]);
  });

  it("waits for one that is open", async () => {
    const topic = await newTopic(1);
    const producer = new Records(bootstrap()).kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: topic,
    });
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: "open", partition: 0 }] });
      await produce(topic, [{ value: "behind", partition: 0 }]);
      const hasty = fetcher({ isolation: "read_uncommitted" }).open({ topic, partition: 0, offset: 0 });
      expect(await read(hasty, 2)).toEqual(["open", "behind"]);
      const patient = fetcher({ maxWaitMs: 20 }).open({ topic, partition: 0, offset: 0 });
      const reading = read(patient, 2);
      await untilTrue(() => patient.endOffset === 0);
      await transaction.commit();
      expect(await reading).toEqual(["open", "behind"]);
    } finally {
      await producer.disconnect();
    }
  });
});

describe("what goes wrong", () => {
  it("says that retention has taken an offset away", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 10));
    await new Records(bootstrap()).asAdmin(async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "5" }] });
    });
    await expect(fetcher().open({ topic, partition: 0, offset: 2 }).pull()).rejects.toMatchObject({
      kind: "offset-out-of-range",
      topic,
      partition: 0,
    });
    await expect(fetcher().open({ topic, partition: 0, offset: 11 }).pull()).rejects.toMatchObject({
      kind: "offset-out-of-range",
    });
  });

  it("says that there is no such topic, or no such partition", async () => {
    const topic = await newTopic(1);
    const own = fetcher();
    await expect(own.open({ topic: `${topic}-not`, partition: 0, offset: 0 }).pull()).rejects.toMatchObject({
      kind: "unknown-topic",
      topic: `${topic}-not`,
    });
    await expect(own.open({ topic, partition: 7, offset: 0 }).pull()).rejects.toMatchObject({ kind: "unknown-topic" });
  });

  it("waits a little for a topic that is just being made", async () => {
    const topic = `test-${Math.random().toString(36).slice(2)}`;
    const patient = await Cluster.open({ brokers: [bootstrap()], clientId: "test" });
    const own = new Fetcher(patient);
    try {
      const reading = read(own.open({ topic, partition: 0, offset: 0 }), 3);
      await new Records(bootstrap()).makeTopic(topic, 1);
      await produce(topic, records(0, 3));
      expect(await reading).toEqual(numbers(0, 3));
    } finally {
      await own.close();
      await patient.close();
    }
  });

  it("gives what is there when a topic is deleted, then says so", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 3));
    const reader = fetcher({ maxWaitMs: 20 }).open({ topic, partition: 0, offset: 0 });
    await read(reader, 3);
    const next = reader.pull();
    await new Records(bootstrap()).asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await expect(next).rejects.toMatchObject({ kind: "unknown-topic", topic });
    await expect(reader.pull()).rejects.toMatchObject({ kind: "unknown-topic" });
  });

  it("does not take a topic that was made anew for the one that it read", async () => {
    const topic = await newTopic(1);
    await produce(topic, records(0, 3));
    const patient = await Cluster.open({ brokers: [bootstrap()], clientId: "test" });
    const own = new Fetcher(patient, { maxWaitMs: 20 });
    try {
      const reader = own.open({ topic, partition: 0, offset: 0 });
      await read(reader, 3);
      const next = Promise.resolve(reader.pull()).catch((error: unknown) => error);
      const admin = new Records(bootstrap());
      await admin.asAdmin((connected) => connected.deleteTopics({ topics: [topic] }));
      await expect.poll(() => admin.makeTopic(topic, 1).then(() => admin.readAll(topic))).toEqual([]);
      await produce(topic, records(10, 20));
      expect(await next).toMatchObject({ kind: "unknown-topic", topic, message: expect.stringContaining("made anew") });
    } finally {
      await own.close();
      await patient.close();
    }
  });
});
