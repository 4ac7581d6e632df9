/** The native producer on three brokers, one of which is killed and comes back: nothing lost, nothing twice, every partition in order. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Log } from "../../runtime/engine/connector.ts";
import type { KafkaProducer } from "../../runtime/kafka/client.ts";
import { openNativeClient } from "../../runtime/kafka/native/native-client.ts";
import { newName } from "./broker.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { batch, failure, noGroup } from "./producing.ts";
import { Records } from "./records.ts";
import { warmUp } from "./warm-up.ts";

let cluster: Cluster;
let records: Records;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  await warmUp(cluster.bootstrap);
  records = new Records(cluster.bootstrap);
}, 120_000);

afterAll(async () => {
  await cluster?.stop();
}, 60_000);

const open = (log?: Log, retryForMs = 120_000) =>
  openNativeClient({ brokers: cluster.bootstrap.split(","), clientId: "test" }, log, { retryForMs });

const partitions = [0, 1, 2, 3, 4, 5];

/** Sends numbered rounds to all partitions until `done`, and at least so many. @returns how many */
async function sendWhile(
  producer: KafkaProducer,
  topic: string,
  done: Promise<unknown>,
  after: (round: number) => Promise<void> = async () => {},
): Promise<number> {
  let isDone = false;
  void done.finally(() => {
    isDone = true;
  });
  let round = 0;
  for (let left = 20; !isDone || left > 0; round++) {
    if (isDone) left--;
    await producer.send(partitions.map((partition) => batch(topic, partition, `${round}a`, `${round}b`)));
    await after(round);
  }
  return round;
}

const expected = (rounds: number) =>
  partitions.flatMap((partition) =>
    Array.from({ length: rounds }, (_, round) => [`${partition}:${round}a`, `${partition}:${round}b`]).flat(),
  );

async function killAndRaise(broker: number): Promise<void> {
  await cluster.kill(broker);
  await cluster.up(broker);
}

/** A leader that has just come back does not know yet how far the others are; a reader that asks it then may hang. */
async function seenTo(topic: string, whole: readonly string[]): Promise<void> {
  const read = async () =>
    (await new Records(cluster.bootstrap).readAll(topic)).map(({ partition, value }) => `${partition}:${value}`);
  const values = () => Promise.race([read(), delay(10_000, ["no answer"], { ref: false })]);
  await expect.poll(values, { timeout: 60_000, interval: 500 }).toEqual(whole);
}

it("stores every record once and in order while leaders move", async () => {
  const topic = newName();
  await records.makeTopic(topic, partitions.length);
  const client = await open();
  const rounds = await sendWhile(await client.producer({}), topic, killAndRaise(1));
  await client.close();
  await seenTo(topic, expected(rounds));
}, 240_000);

it("commits every transaction whole, with its offsets, while leaders and coordinators move", async () => {
  const topic = newName();
  const group = newName();
  await records.makeTopic(topic, partitions.length);
  const client = await open();
  const producer = await client.producer({ transactionalId: newName() });
  const commit = async (round: number) => {
    if (round % 3 === 2) await producer.abort();
    else await producer.commit([{ topic, partition: 0, offset: round }], noGroup(group));
  };
  const rounds = await sendWhile(
    producer,
    topic,
    killAndRaise(2).then(() => killAndRaise(3)),
    commit,
  );
  const isCommitted = (text: string) => Number(/:(\d+)/.exec(text)?.[1]) % 3 !== 2;
  await seenTo(topic, expected(rounds).filter(isCommitted));
  const lastCommitted = (rounds - 1) % 3 === 2 ? rounds - 2 : rounds - 1;
  expect(await client.offsets({ group }, [{ topic, partition: 0 }])).toEqual([lastCommitted]);
  await client.close();
}, 240_000);

async function followerOf(topic: string): Promise<number> {
  const { topics } = await records.asAdmin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return [1, 2, 3].find((broker) => broker !== topics[0]?.partitions[0]?.leader)!;
}

it("waits with a warning while too few replicas are in sync, and stores once they are", async () => {
  const topic = newName();
  await records.makeTopic(topic, 1, { "min.insync.replicas": "3" });
  const warned = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const client = await open({ info() {}, warn: (fields) => warned.resolve(fields) });
  const producer = await client.producer({});
  await producer.send([batch(topic, 0, "a")]);
  const impatient = await open(undefined, 500);
  const other = await impatient.producer({});
  const follower = await followerOf(topic);
  await cluster.kill(follower);
  const sent = producer.send([batch(topic, 0, "b")]);
  expect(await warned.promise).toMatchObject({
    doing: `write to topic '${topic}'`,
    error: expect.stringContaining("min.insync.replicas"),
    topic,
    partition: 0,
  });
  const error = await failure(other.send([batch(topic, 0, "never")]));
  expect([error.kind, error.topic, error.retryable]).toEqual(["storage", topic, false]);
  expect(error.message).toContain("min.insync.replicas");
  await cluster.up(follower);
  await sent;
  await seenTo(topic, ["0:a", "0:b"]);
  await impatient.close();
  await client.close();
}, 120_000);
