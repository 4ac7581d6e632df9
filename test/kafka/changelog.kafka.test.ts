/** State in a changelog topic of a real broker: what was committed with the offsets is there again, and nothing else; also after the broker has compacted it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { ChangelogStore } from "../../runtime/kafka/changelog/changelog-store.ts";
import { LocalCopy } from "../../runtime/kafka/changelog/local-copy.ts";
import { openChangelog } from "../../runtime/kafka/changelog/open-changelog.ts";
import type { KafkaClient, KafkaProducer } from "../../runtime/kafka/client.ts";
import { type KafkaClientKind, openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { ensureTopics } from "../../runtime/kafka/topics.ts";
import type { StateChanges, StateStore } from "../../runtime/state/state-store.ts";
import { bootstrap, newName, newTopic, produce } from "./broker.ts";
import { startCluster } from "./cluster.ts";
import { Records } from "./records.ts";

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

const configOf = (changelog: string): RuntimeConfig => ({
  apiVersion: "dataflow.argoproj.io/runtime/v1alpha1",
  pipeline: "p",
  stage: "s",
  delivery: "exactly_once",
  errors: { policy: "fail" },
  types: {},
  tables: [],
  nodes: [],
  kafka: { group: "g", changelog, topics: [] },
});

async function newClient(kind: KafkaClientKind, broker = bootstrap()): Promise<KafkaClient> {
  const client = await openKafkaClient(kind, { brokers: [broker], clientId: "changelog-test" });
  ending.push(() => client.close());
  return client;
}

async function open(client: KafkaClient, topic: string, partition = 0): Promise<ChangelogStore> {
  const store = await openChangelog(configOf(topic), client, partition);
  if (store === undefined) throw new Error("no changelog");
  return store;
}

const group = { group: "none", generation: -1, member: "" };

async function send(producer: KafkaProducer, store: ChangelogStore): Promise<void> {
  for (const batch of store.take()) await producer.send([batch]);
}

async function commit(producer: KafkaProducer, store: ChangelogStore): Promise<void> {
  await send(producer, store);
  await producer.commit([], group);
}

const contentOf = (store: StateStore) => ({
  values: Object.fromEntries([...store.values()].map(([name, content]) => [name, textOf(content)])),
  pages: Object.fromEntries(
    store.nodes().map((node) => [node, [...store.pages(node)].map(([page, content]) => `${page}=${textOf(content)}`)]),
  ),
});
const textOf = (content: Uint8Array) =>
  content.length > 100 ? `${content.length} of ${content[0]}` : Buffer.from(content).toString();
const put = (store: StateStore, write: (changes: StateChanges) => void) => store.transaction(write);
const bytes = (text: string) => Buffer.from(text);

async function newChangelog(settings: Record<string, string> = {}, broker = bootstrap()): Promise<string> {
  const topic = newName("changelog");
  await ensureTopics({ brokers: [broker], clientId: "changelog-test" }, [
    { topic, role: "changelog", partitions: 2, settings },
  ]);
  return topic;
}

describe.each(["native", "kafkajs"] as const)("a changelog over the %s client", (kind) => {
  it("is empty at first, and each partition has its own", async () => {
    const topic = await newChangelog();
    const client = await newClient(kind);
    const store = await open(client, topic, 0);
    expect(contentOf(store)).toEqual({ values: {}, pages: {} });
    put(store, (changes) => changes.value("a", bytes("1")));
    await commit(await client.producer({ transactionalId: newName() }), store);
    expect(contentOf(await open(client, topic, 1))).toEqual({ values: {}, pages: {} });
    expect(contentOf(await open(client, topic, 0))).toEqual({ values: { a: "1" }, pages: {} });
  });

  it("has what was committed last, whoever opens it; nothing of what was aborted or left open by a producer that is fenced", async () => {
    const topic = await newChangelog();
    const transactionalId = newName();
    const first = await newClient(kind);
    const producer = await first.producer({ transactionalId });
    const store = await open(first, topic);
    put(store, (changes) => {
      changes.value("a", bytes("1"));
      changes.value("gone", bytes("1"));
      changes.page("n", 7, new Uint8Array(700_000).fill(3));
    });
    await commit(producer, store);
    put(store, (changes) => {
      changes.value("gone", undefined);
      changes.page("n", 8, bytes("eight"));
    });
    await commit(producer, store);
    put(store, (changes) => changes.value("a", bytes("left open")));
    await send(producer, store);
    const second = await newClient(kind);
    const next = await second.producer({ transactionalId });
    const again = await open(second, topic);
    const found = contentOf(again);
    expect(found).toEqual({ values: { a: "1" }, pages: { n: ["7=700000 of 3", "8=eight"] } });
    put(again, (changes) => changes.value("a", bytes("aborted")));
    await send(next, again);
    await next.abort();
    expect(contentOf(await open(second, topic))).toEqual(found);
    await expect(commit(producer, store)).rejects.toMatchObject({ kind: "fenced" });
  });

  it("is refused where something else is in the topic", async () => {
    const topic = await newTopic(1);
    await produce(topic, [{ key: "k", value: "v" }]);
    await expect(open(await newClient(kind), topic)).rejects.toMatchObject({ code: "state-of-other-version" });
  });

  it("that lacks a partition says what to do", async () => {
    const topic = await newChangelog();
    await expect(open(await newClient(kind), topic, 2)).rejects.toMatchObject({
      code: "topic-differs",
      message: expect.stringContaining("holds the state of 2 partitions, and partition 2 has come"),
    });
  });
});

describe("a local copy of a changelog", () => {
  /** With a hundred records in the changelog, and a copy of all. */
  async function copied() {
    const folder = mkdtempSync(join(tmpdir(), "flow-copy-"));
    ending.push(async () => rmSync(folder, { recursive: true }));
    const topic = await newChangelog();
    const client = await newClient("native");
    const producer = await client.producer({ transactionalId: newName() });
    const store = await open(client, topic);
    for (let i = 0; i < 50; i++) put(store, (changes) => changes.page("n", i, bytes(`${i}`)));
    await commit(producer, store);
    const copy = await LocalCopy.open(folder, { topic, partition: 0 });
    await copy!.catchUp(client);
    copy!.close();
    return { folder, topic, client, producer, store };
  }

  /** How many records were read for it, and what there is. */
  async function restored(client: KafkaClient, topic: string, copies: string) {
    const reads: unknown[] = [];
    const log = { info: (fields: Readonly<Record<string, unknown>>) => reads.push(fields.records), warn: () => {} };
    const store = await openChangelog(configOf(topic), client, 0, { log, copies });
    const content = contentOf(store!);
    store!.close();
    return { read: reads[0], content };
  }

  it("makes a restart read only what came after it", async () => {
    const { folder, topic, client, producer, store } = await copied();
    put(store, (changes) => {
      changes.page("n", 0, bytes("new"));
      for (let i = 1; i < 49; i++) changes.page("n", i, undefined);
    });
    await commit(producer, store);
    const { read, content } = await restored(client, topic, folder);
    expect(content).toEqual({ values: {}, pages: { n: ["0=new", "49=49"] } });
    expect(read).toBe(50);
    // A transaction that was aborted is not in it.
    put(store, (changes) => changes.page("n", 0, bytes("aborted")));
    await send(producer, store);
    await producer.abort();
    const copy = await LocalCopy.open(folder, { topic, partition: 0 });
    await copy!.catchUp(client);
    copy!.close();
    expect(await restored(client, topic, folder)).toEqual({ read: 0, content });
  });

  it("that is damaged, or of something else, is not used", async () => {
    const { folder, topic, client } = await copied();
    const whole = await restored(client, topic, folder);
    expect(whole.read).toBe(0);
    const path = join(folder, `${topic}-0.copy.db`);
    for (const change of ["DELETE FROM record WHERE rowid % 2", "UPDATE place SET next = 1000000"]) {
      const copy = new DatabaseSync(path);
      copy.exec(change.replace("rowid % 2", "key = (SELECT key FROM record LIMIT 1)"));
      copy.close();
      expect(await restored(client, topic, folder)).toEqual({ ...whole, read: 100 });
      const again = await LocalCopy.open(folder, { topic, partition: 0 });
      await again!.catchUp(client);
      again!.close();
      expect(await restored(client, topic, folder)).toEqual(whole);
    }
    for (const content of [Buffer.from("no database at all"), readFileSync(path).fill(7, 5000, 9000)]) {
      writeFileSync(path, content);
      expect(await restored(client, topic, folder)).toEqual({ ...whole, read: 100 });
    }
  });

  it("that another process has is left alone", async () => {
    const { folder, topic, client } = await copied();
    const copy = await LocalCopy.open(folder, { topic, partition: 0 });
    const { read } = await restored(client, topic, folder);
    expect(read).toBe(100);
    copy!.close();
  });
});

describe("a changelog that the broker has compacted", () => {
  it("holds the same state in fewer records", async () => {
    const cluster = await startCluster({ properties: ["log.cleaner.backoff.ms=100"] });
    ending.push(() => cluster.stop());
    const settings = {
      "segment.bytes": "1048576",
      "min.cleanable.dirty.ratio": "0.01",
      "delete.retention.ms": "0",
    };
    const topic = await newChangelog(settings, cluster.bootstrap);
    const client = await newClient("native", cluster.bootstrap);
    const producer = await client.producer({ transactionalId: newName() });
    const store = await open(client, topic);
    for (let round = 0; round < 60; round++) {
      put(store, (changes) => {
        changes.value("round", bytes(`${round}`));
        changes.page("n", round % 7, new Uint8Array(50_000).fill(round));
        if (round % 7 === 3) changes.page("n", 2, undefined);
        changes.page("once", round, bytes(`${round}`));
        if (round >= 10) changes.page("once", round - 10, undefined);
      });
      await commit(producer, store);
    }
    const log = new Records(cluster.bootstrap);
    await vi.waitFor(async () => expect((await log.readAll(topic)).length).toBeLessThan(150), {
      timeout: 30_000,
      interval: 200,
    });
    const { values, pages } = contentOf(await open(client, topic));
    expect(values).toEqual({ round: "59" });
    expect(pages.once).toEqual([...Array(10).keys()].map((i) => `${50 + i}=${50 + i}`));
    expect(pages.n).toEqual([0, 1, 3, 4, 5, 6].map((page) => `${page}=50000 of ${page < 4 ? 56 + page : 49 + page}`));
  });
});
