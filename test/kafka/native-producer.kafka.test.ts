/** The native producer on a real broker, looked at with kafkajs: order, transactions, fencing, and errors that name the topic and the cure. */
import { afterEach, describe, expect, it } from "vitest";
import type { KafkaClient, KafkaProducer, ProducerOptions } from "../../runtime/kafka/client.ts";
import { encodeHeaders } from "../../runtime/kafka/codec/headers.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { openNativeClient } from "../../runtime/kafka/native/native-client.ts";
import { bootstrap, newName, newTopic, readAll } from "./broker.ts";
import { batch, failure, noGroup } from "./producing.ts";
import { Records } from "./records.ts";

const clients: KafkaClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

async function newClient(): Promise<KafkaClient> {
  const client = await openNativeClient({ brokers: [bootstrap()], clientId: "test" });
  clients.push(client);
  return client;
}

async function newProducer(options: ProducerOptions = {}): Promise<KafkaProducer> {
  return (await newClient()).producer(options);
}

/** `partition:value`. */
const seen = async (topic: string) =>
  (await readAll(topic)).map(({ partition, value }) => `${partition}:${value?.slice(0, 20)}`);

/** The end of a transaction is seen a moment after it is acknowledged. */
const seenTo = (topic: string, whole: readonly string[]) =>
  expect.poll(() => seen(topic), { timeout: 10_000 }).toEqual(whole);

describe("an idempotent producer", () => {
  it("stores key, value, headers and timestamp of every record", async () => {
    const topic = await newTopic(1);
    const records = new RecordBatchWriter();
    records.add("k", "v", 5_000, encodeHeaders([["h", "x"]]));
    records.add("k", null, 6_000);
    records.add(null, "", 4_000);
    await (await newProducer()).send([{ topic, partition: 0, records }]);
    expect(await readAll(topic)).toEqual([
      { partition: 0, offset: 0, timestampMs: 5_000, key: "k", value: "v", headers: { h: "x" } },
      { partition: 0, offset: 1, timestampMs: 6_000, key: "k", value: null, headers: {} },
      { partition: 0, offset: 2, timestampMs: 4_000, key: null, value: "", headers: {} },
    ]);
  });

  it("sends to partitions of several topics at once, each in order", async () => {
    const [a, b] = [await newTopic(2), await newTopic(1)];
    const producer = await newProducer();
    for (let round = 0; round < 20; round++)
      await producer.send([batch(a, 0, `${round}`), batch(a, 1, `${round}`, "x"), batch(b, 0, `${round}`)]);
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    expect(await seen(a)).toEqual([...rounds.map((n) => `0:${n}`), ...rounds.flatMap((n) => [`1:${n}`, "1:x"])]);
    expect(await seen(b)).toEqual(rounds.map((n) => `0:${n}`));
  });

  it("goes on with the same writers once they are emptied", async () => {
    const topic = await newTopic(1);
    const producer = await newProducer();
    const sent = batch(topic, 0);
    for (const value of ["a", "b", "c"]) {
      (sent.records as RecordBatchWriter).reset();
      sent.records.add(null, value, Date.now());
      await producer.send([sent]);
    }
    expect(await seen(topic)).toEqual(["0:a", "0:b", "0:c"]);
  });

  it.each(["gzip", "snappy", "lz4", "zstd"] as const)("compresses with %s", async (compression) => {
    const topic = await newTopic(1);
    const client = await newClient();
    const producer = await client.producer({ compression });
    const values = Array.from({ length: 500 }, (_, n) => `{"value":${n}}`);
    await producer.send([batch(topic, 0, ...values)]);
    const reader = (await client.reader({})).open({ topic, partition: 0, offset: 0 });
    const block = await reader.pull();
    expect(block?.count).toBe(500);
    if (compression === "gzip") expect(await seen(topic)).toEqual(values.map((value) => `0:${value}`));
  });

  it("knows how many partitions a topic has, and says what is not there", async () => {
    const topic = await newTopic(3);
    const producer = await newProducer();
    expect(await producer.partitionsOf(topic)).toBe(3);
    expect(producer.partitionsOf(topic)).toBe(3);
    const missing = newName();
    const error = await failure(Promise.resolve(producer.partitionsOf(missing)));
    expect([error.kind, error.topic, error.retryable]).toEqual(["unknown-topic", missing, false]);
    expect(error.message).toContain(`topic '${missing}'`);
  });

  it("sends nothing for empty batches, and refuses two batches for one partition", async () => {
    const topic = await newTopic(1);
    const producer = await newProducer();
    await producer.send([]);
    await producer.send([batch(topic, 0)]);
    expect((await failure(producer.send([batch(topic, 0, "a"), batch(topic, 0, "b")]))).kind).toBe("protocol");
    await producer.send([batch(topic, 0, "c")]);
    expect(await seen(topic)).toEqual(["0:c"]);
  });

  it("refuses a second send while one is under way", async () => {
    const topic = await newTopic(1);
    const producer = await newProducer();
    const first = producer.send([batch(topic, 0, "a")]);
    expect((await failure(producer.send([batch(topic, 0, "b")]))).message).toContain("busy");
    await first;
    expect(await seen(topic)).toEqual(["0:a"]);
  });

  it("names batches that are too large, stores all others, and goes on", async () => {
    const topic = await newTopic(3, { "max.message.bytes": "1000" });
    const producer = await newProducer();
    await producer.send([batch(topic, 0, "a")]);
    const large = "x".repeat(2_000);
    const error = await failure(
      producer.send([batch(topic, 0, large), batch(topic, 1, "b"), batch(topic, 2, large, large)]),
    );
    expect([error.kind, error.topic, error.partition]).toEqual(["record-too-large", topic, 0]);
    expect(error.refused).toEqual([
      { topic, partition: 0 },
      { topic, partition: 2 },
    ]);
    expect(error.message).toMatch(/A record of .*2\d\d\d bytes.*max\.message\.bytes/);
    expect(error.message).toContain(`topic '${topic}'`);
    await producer.send([batch(topic, 0, "c"), batch(topic, 1, "d"), batch(topic, 2, "e")]);
    expect(await seen(topic)).toEqual(["0:a", "0:c", "1:b", "1:d", "2:e"]);
  });

  it("says so when a topic is deleted under it", async () => {
    const topic = await newTopic(1);
    const producer = await newProducer();
    await producer.send([batch(topic, 0, "a")]);
    await new Records(bootstrap()).asAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    // The broker lets go of it a moment later.
    const sendOn = async (): Promise<never> => {
      for (;;) await producer.send([batch(topic, 0, "b")]);
    };
    const error = await failure(sendOn());
    expect([error.kind, error.topic]).toEqual(["unknown-topic", topic]);
    expect(await failure(producer.send([batch(topic, 0, "c")]))).toBe(error);
  });
});

describe("a transactional producer", () => {
  it("shows what was committed and never what was aborted", async () => {
    const topic = await newTopic(2);
    const producer = await newProducer({ transactionalId: newName() });
    await producer.send([batch(topic, 0, "a"), batch(topic, 1, "a")]);
    expect(await seen(topic)).toEqual([]);
    await producer.send([batch(topic, 0, "b")]);
    await producer.commit([], noGroup("none"));
    await producer.send([batch(topic, 0, "c"), batch(topic, 1, "c")]);
    await producer.abort();
    await producer.send([batch(topic, 0, "d")]);
    await producer.commit([], noGroup("none"));
    await producer.abort();
    await producer.commit([], noGroup("none"));
    await seenTo(topic, ["0:a", "0:b", "0:d", "1:a"]);
  });

  it("commits offsets with the records, or without any", async () => {
    const topic = await newTopic(2);
    const group = newName();
    const client = await newClient();
    const producer = await client.producer({ transactionalId: newName() });
    const committed = () =>
      client.offsets(
        { group },
        [0, 1].map((partition) => ({ topic, partition })),
      );
    await producer.send([batch(topic, 0, "a")]);
    await producer.commit([{ topic, partition: 0, offset: 7 }], noGroup(group));
    expect(await committed()).toEqual([7, -1]);
    await producer.commit(
      [
        { topic, partition: 0, offset: 8 },
        { topic, partition: 1, offset: 3 },
      ],
      noGroup(group),
    );
    expect(await committed()).toEqual([8, 3]);
  });

  it("is fenced by the next producer of its id, which takes back what it left open", async () => {
    const topic = await newTopic(1);
    const transactionalId = newName();
    const old = await newProducer({ transactionalId });
    await old.send([batch(topic, 0, "old")]);
    const next = await newProducer({ transactionalId });
    const error = await failure(old.commit([], noGroup("none")));
    expect(error.kind).toBe("fenced");
    expect(error.message).toContain(transactionalId);
    expect(await failure(old.send([batch(topic, 0, "old")]))).toBe(error);
    await old.close();
    await next.send([batch(topic, 0, "new")]);
    await next.commit([], noGroup("none"));
    await seenTo(topic, ["0:new"]);
  });

  it("is fenced in the middle of its transaction too", async () => {
    const topic = await newTopic(1);
    const transactionalId = newName();
    const old = await newProducer({ transactionalId });
    await old.send([batch(topic, 0, "old")]);
    const next = await newProducer({ transactionalId });
    expect((await failure(old.send([batch(topic, 0, "old")]))).kind).toBe("fenced");
    await next.send([batch(topic, 0, "new")]);
    await next.commit([], noGroup("none"));
    await seenTo(topic, ["0:new"]);
  });

  it("has the broker refuse what comes after the transaction's time", async () => {
    const topic = await newTopic(1);
    const transactionalId = newName();
    const producer = await newProducer({ transactionalId, transactionTimeoutMs: 500 });
    await producer.send([batch(topic, 0, "late")]);
    const records = new Records(bootstrap());
    // The broker's abort marker is a record too.
    await expect
      .poll(async () => (await records.asAdmin((admin) => admin.fetchTopicOffsets(topic)))[0]?.high, {
        timeout: 20_000,
      })
      .toBe("2");
    const error = await failure(producer.commit([], noGroup("none")));
    expect(error.kind).toBe("fenced");
    const next = await newProducer({ transactionalId });
    await next.send([batch(topic, 0, "new")]);
    await next.commit([], noGroup("none"));
    await seenTo(topic, ["0:new"]);
  });

  it("takes everything back when the group has divided its partitions anew", async () => {
    const topic = await newTopic(1);
    const client = await newClient();
    const group = newName();
    const assigned = Promise.withResolvers<void>();
    const member = await client.join({
      group,
      topics: [topic],
      fetch: {},
      revoked() {},
      assigned: () => assigned.resolve(),
      lost() {},
      failed() {},
    });
    await assigned.promise;
    const stale = { ...member.generation, generation: member.generation.generation - 1 };
    const transactionalId = newName();
    const producer = await client.producer({ transactionalId });
    await producer.send([batch(topic, 0, "stale")]);
    const error = await failure(producer.commit([{ topic, partition: 0, offset: 1 }], stale));
    expect(error.kind).toBe("rebalanced");
    expect(error.message).toContain(group);
    const next = await client.producer({ transactionalId });
    await next.send([batch(topic, 0, "a")]);
    await next.commit([{ topic, partition: 0, offset: 9 }], member.generation);
    await seenTo(topic, ["0:a"]);
    expect(await member.committed([{ topic, partition: 0 }])).toEqual([9]);
    await member.leave();
  });

  it("takes back what is open when it is closed, so that readers do not wait for it", async () => {
    const topic = await newTopic(1);
    const left = await newProducer({ transactionalId: newName() });
    await left.send([batch(topic, 0, "open")]);
    await (await newProducer()).send([batch(topic, 0, "plain")]);
    expect(await seen(topic)).toEqual([]);
    await left.close();
    await left.close();
    await seenTo(topic, ["0:plain"]);
  });

  it("goes on after a batch that is too large", async () => {
    const topic = await newTopic(1, { "max.message.bytes": "1000" });
    const producer = await newProducer({ transactionalId: newName() });
    await producer.send([batch(topic, 0, "a")]);
    expect((await failure(producer.send([batch(topic, 0, "x".repeat(2_000))]))).kind).toBe("record-too-large");
    await producer.send([batch(topic, 0, "b")]);
    await producer.commit([], noGroup("none"));
    await seenTo(topic, ["0:a", "0:b"]);
  });

  it("says which topic is not there", async () => {
    const producer = await newProducer({ transactionalId: newName() });
    const missing = newName();
    const error = await failure(producer.send([batch(missing, 0, "a")]));
    expect([error.kind, error.topic]).toEqual(["unknown-topic", missing]);
  });
});
