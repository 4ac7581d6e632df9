/** Answers and requests that are lost between the native producer and a real broker: everything is stored once, in order, and no transaction is left in doubt. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KafkaClient } from "../../runtime/kafka/client.ts";
import { openNativeClient } from "../../runtime/kafka/native/native-client.ts";
import { newName } from "./broker.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { batch, failure, noGroup } from "./producing.ts";
import { Api, KafkaProxy } from "./proxy.ts";
import { Records } from "./records.ts";
import { warmUp } from "./warm-up.ts";

const addPartitions = 24;
const addOffsets = 25;
const initProducer = 22;

let cluster: Cluster;
let proxy: KafkaProxy;
let records: Records;
let client: KafkaClient;
let topic: string;

beforeAll(async () => {
  cluster = await startCluster({ proxies: 1 });
  await warmUp(cluster.bootstrap);
  proxy = await KafkaProxy.listen(cluster.proxies[0]!);
  records = new Records(cluster.bootstrap);
  client = await openNativeClient({ brokers: [proxy.address], clientId: "test" });
}, 120_000);

afterAll(async () => {
  await client?.close();
  await proxy?.close();
  await cluster?.stop();
});

beforeEach(async () => {
  proxy.clear();
  topic = newName();
  await records.makeTopic(topic, 3);
});

const seen = async () => (await records.readAll(topic)).map(({ partition, value }) => `${partition}:${value}`);

/** The end of a transaction is seen a moment after it is acknowledged. */
const seenTo = (whole: readonly string[]) => expect.poll(seen, { timeout: 10_000 }).toEqual(whole);

describe.each(["cut-answer", "cut-request"] as const)("an idempotent producer, %s", (act) => {
  it("stores the first batch once", async () => {
    const producer = await client.producer({});
    const cut = proxy.once({ api: Api.produce, act });
    await producer.send([batch(topic, 0, "a", "b")]);
    await cut;
    await producer.send([batch(topic, 0, "c")]);
    expect(await seen()).toEqual(["0:a", "0:b", "0:c"]);
    await producer.close();
  });

  it("stores every batch once and in order when every third connection ends", async () => {
    const producer = await client.producer({});
    for (let round = 0; round < 12; round++) {
      const cut = round % 3 === 0 ? proxy.once({ api: Api.produce, act }) : undefined;
      await producer.send([0, 1, 2].map((partition) => batch(topic, partition, `${round}a`, `${round}b`)));
      await cut;
    }
    const rounds = Array.from({ length: 12 }, (_, round) => [`${round}a`, `${round}b`]).flat();
    expect(await seen()).toEqual([0, 1, 2].flatMap((partition) => rounds.map((value) => `${partition}:${value}`)));
    await producer.close();
  });

  it("stores a batch once when its connection ends three times", async () => {
    const producer = await client.producer({});
    await producer.send([batch(topic, 0, "a")]);
    const cuts = [1, 2, 3].map(() => proxy.once({ api: Api.produce, act }));
    await producer.send([batch(topic, 0, "b")]);
    await Promise.all(cuts);
    await producer.send([batch(topic, 0, "c")]);
    expect(await seen()).toEqual(["0:a", "0:b", "0:c"]);
    await producer.close();
  });
});

describe.each(["cut-answer", "cut-request"] as const)("a transactional producer, %s", (act) => {
  it.each([
    ["the beginning", initProducer],
    ["the partitions", addPartitions],
    ["the records", Api.produce],
    ["the group", addOffsets],
    ["the offsets", Api.txnOffsetCommit],
    ["the commit", Api.endTxn],
  ])("commits everything once when %s had to be said again", async (_, api) => {
    const group = newName();
    const transactionalId = newName();
    const first = api === initProducer ? proxy.once({ api, act }) : undefined;
    const producer = await client.producer({ transactionalId });
    await first;
    const cut = api === initProducer ? undefined : proxy.once({ api, act });
    await producer.send([batch(topic, 0, "a"), batch(topic, 1, "b")]);
    await producer.commit([{ topic, partition: 0, offset: 1 }], noGroup(group));
    await cut;
    await producer.send([batch(topic, 0, "c")]);
    await producer.commit([{ topic, partition: 0, offset: 2 }], noGroup(group));
    expect(await client.offsets({ group }, [{ topic, partition: 0 }])).toEqual([2]);
    await seenTo(["0:a", "0:c", "1:b"]);
    await producer.close();
  });

  it("aborts everything when the abort had to be said again", async () => {
    const producer = await client.producer({ transactionalId: newName() });
    await producer.send([batch(topic, 0, "a")]);
    const cut = proxy.once({ api: Api.endTxn, act });
    await producer.abort();
    await cut;
    await producer.send([batch(topic, 0, "b")]);
    await producer.commit([], noGroup("none"));
    await seenTo(["0:b"]);
    await producer.close();
  });
});

it("gives up when nobody answers any more, and the next producer of the id takes back what was open", async () => {
  const impatient = await openNativeClient({ brokers: [proxy.address], clientId: "test" }, undefined, {
    retryForMs: 300,
  });
  const transactionalId = newName();
  const producer = await impatient.producer({ transactionalId });
  await producer.send([batch(topic, 0, "a")]);
  proxy.refuse();
  const error = await failure(producer.send([batch(topic, 0, "b")]));
  expect([error.kind, error.topic, error.retryable]).toEqual(["unavailable", topic, false]);
  await producer.close();
  await impatient.close();
  proxy.clear();
  const next = await client.producer({ transactionalId });
  await next.send([batch(topic, 0, "c")]);
  await next.commit([], noGroup("none"));
  await seenTo(["0:c"]);
  await next.close();
});

it("ends a send that waits when it is closed", async () => {
  const producer = await client.producer({});
  void proxy.once({ api: Api.produce, act: "hold" });
  const sent = failure(producer.send([batch(topic, 0, "a")]));
  await producer.close();
  expect((await sent).message).toContain("closed");
});
