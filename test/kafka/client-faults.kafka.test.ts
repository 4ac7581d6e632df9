/** What both clients do when answers are lost, brokers die, and the cluster lets them do nothing or not everything. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { KafkaClient, KafkaConnection, KafkaProducer } from "../../runtime/kafka/client.ts";
import type { KafkaErrorKind } from "../../runtime/kafka/kafka-error.ts";
import { openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { newName } from "./broker.ts";
import { batchOf, failure, type Joined, joinRecorded, nobody, pullRecords, send, soon } from "./client-suite.ts";
import { type Cluster, type ClusterOptions, startCluster } from "./cluster.ts";
import { Api, KafkaProxy } from "./proxy.ts";
import { Records } from "./records.ts";
import { warmUp } from "./warm-up.ts";

const kinds = ["kafkajs", "native"] as const;
const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** Of its own for each `describe`. */
function withCluster(options: ClusterOptions): {
  readonly cluster: Cluster;
  newTopic(partitions: number): Promise<string>;
} {
  let cluster: Cluster | undefined;
  const started = () => {
    if (cluster === undefined) throw new Error("The cluster has not started");
    return cluster;
  };
  beforeAll(async () => {
    cluster = await startCluster(options);
    await warmUp(cluster.bootstrap);
  }, 180_000);
  afterAll(() => cluster?.stop(), 60_000);
  return {
    get cluster() {
      return started();
    },
    async newTopic(partitions) {
      const topic = newName("faults");
      await new Records(started().bootstrap).makeTopic(topic, partitions);
      return topic;
    },
  };
}

const valuesIn = async (cluster: Cluster, topic: string): Promise<(string | null)[]> =>
  (await new Records(cluster.bootstrap).readAll(topic)).map(({ value }) => value);

describe("through a proxy", () => {
  const own = withCluster({ proxies: 1 });
  let proxy: KafkaProxy;
  beforeAll(async () => {
    proxy = await KafkaProxy.listen(own.cluster.proxies[0]!);
  });
  afterAll(() => proxy?.close());
  afterEach(() => proxy.clear());

  describe.each(kinds)("with %s", (kind) => {
    async function newClient(): Promise<KafkaClient> {
      const client = await openKafkaClient(kind, { brokers: [proxy.address], clientId: "faults" });
      ending.push(() => client.close());
      return client;
    }

    it.each(["cut-answer", "cut-request"] as const)(
      "a send is stored once, in order, whatever becomes of its answer (%s)",
      async (act) => {
        const topic = await own.newTopic(1);
        const producer = await (await newClient()).producer({});
        for (let i = 0; i < 6; i++) {
          const lost = i % 2 === 1 ? proxy.once({ api: Api.produce, act }) : undefined;
          await send(producer, topic, [{ value: `${i}a` }, { value: `${i}b` }]);
          await lost;
        }
        expect(await valuesIn(own.cluster, topic)).toEqual([..."012345"].flatMap((i) => [`${i}a`, `${i}b`]));
      },
    );

    it.each([Api.endTxn, Api.txnOffsetCommit, Api.produce])(
      "a transaction is committed once though an answer is lost (request %i)",
      async (api) => {
        const [input, output] = [await own.newTopic(1), await own.newTopic(1)];
        const client = await newClient();
        const member = await joinRecorded(client, newName("group"), [input]);
        await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
        const producer = await client.producer({ transactionalId: newName("transaction") });
        const at = { topic: input, partition: 0 };
        for (let i = 1; i <= 3; i++) {
          const lost = proxy.once({ api, act: "cut-answer" });
          await send(producer, output, [{ value: `${i}` }]);
          await producer.commit([{ ...at, offset: i }], member.member.generation);
          await lost;
          expect(await member.member.committed([at])).toEqual([i]);
        }
        expect(await valuesIn(own.cluster, output)).toEqual(["1", "2", "3"]);
      },
    );

    it("a transaction whose end the broker never heard of ends all the same", async () => {
      const topic = await own.newTopic(1);
      const producer = await (await newClient()).producer({ transactionalId: newName("transaction") });
      for (const isCommit of [true, false]) {
        const lost = proxy.once({ api: Api.endTxn, act: "cut-request" });
        await send(producer, topic, [{ value: isCommit ? "committed" : "aborted" }]);
        await (isCommit ? producer.commit([], nobody) : producer.abort());
        await lost;
      }
      await send(producer, topic, [{ value: "end" }]);
      await producer.commit([], nobody);
      expect(await valuesIn(own.cluster, topic)).toEqual(["committed", "end"]);
    });

    it("a commit of offsets counts though its answer is lost", async () => {
      const topic = await own.newTopic(1);
      const member = await joinRecorded(await newClient(), newName("group"), [topic]);
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      const at = { topic, partition: 0 };
      const lost = proxy.once({ api: Api.offsetCommit, act: "cut-answer" });
      await member.member.commit([{ ...at, offset: 3 }]);
      await lost;
      expect(await member.member.committed([at])).toEqual([3]);
      expect(member.events).toEqual(["assigned 1"]);
    });

    it("a member that loses all connections for a moment stays a member and reads on, nothing twice", async () => {
      const topic = await own.newTopic(2);
      const client = await newClient();
      const member = await joinRecorded(client, newName("group"), [topic], { sessionTimeoutMs: 10_000 });
      await vi.waitFor(() => expect(member.owned.length).toBe(2), soon);
      const readers = [0, 1].map((partition) => member.member.open({ topic, partition, offset: 0 }));
      const records = new Records(own.cluster.bootstrap);
      for (let round = 0; round < 3; round++) {
        await records.produce(
          topic,
          [0, 1].map((partition) => ({ value: `${round}`, partition })),
        );
        for (const reader of readers)
          expect((await pullRecords(reader, 1)).map(({ value }) => value)).toEqual([`${round}`]);
        proxy.cutAll();
      }
      await member.member.commit([{ topic, partition: 0, offset: 3 }]);
      expect(member.events).toEqual(["assigned 2"]);
    });

    it("a member whose heartbeats do not come through is lost, and what it commits does not count", async () => {
      const topic = await own.newTopic(1);
      const group = newName("group");
      const at = { topic, partition: 0 };
      const cutOff = await joinRecorded(await newClient(), group, [topic], { sessionTimeoutMs: 1_500 });
      await vi.waitFor(() => expect(cutOff.owned.length).toBe(1), soon);
      // The broker does not hear of it, and it believes that all is well.
      void proxy.once({ api: Api.heartbeat, act: "say-done", nth: "every" });
      const direct = await openKafkaClient(kind, { brokers: [own.cluster.bootstrap], clientId: "heir" });
      ending.push(() => direct.close());
      const heir: Joined = await joinRecorded(direct, group, [topic], {
        sessionTimeoutMs: 1_500,
        rebalanceTimeoutMs: 2_000,
      });
      await vi.waitFor(() => expect(heir.owned.length).toBe(1), soon);
      await heir.member.commit([{ ...at, offset: 9 }]);
      expect(await failure(cutOff.member.commit([{ ...at, offset: 5 }]))).toMatchObject({ kind: "rebalanced" });
      expect(await heir.member.committed([at])).toEqual([9]);
      proxy.clear();
      await vi.waitFor(() => expect(cutOff.events).toContain("lost"), soon);
    });
  });
});

describe("with three brokers", () => {
  const own = withCluster({ brokers: 3 });

  it.each(kinds)(
    "of which each is killed and comes back, %s loses nothing, doubles nothing and keeps the order",
    async (kind) => {
      const topic = await own.newTopic(6);
      const client = await openKafkaClient(kind, { brokers: own.cluster.bootstrap.split(","), clientId: "faults" });
      ending.push(() => client.close());
      const [plain, inTransactions] = [
        await client.producer({}),
        await client.producer({ transactionalId: newName("transaction") }),
      ];
      const member = await joinRecorded(client, newName("group"), [topic], { sessionTimeoutMs: 10_000 });
      await vi.waitFor(() => expect(member.owned.length).toBe(6), soon);
      const control = new AbortController();
      let rounds = 0;
      const writing = writeRounds([plain, inTransactions], topic, control.signal, () => rounds++);
      const read: string[][] = [];
      const reading = [...Array(6).keys()].map(async (partition) => {
        const reader = member.member.open({ topic, partition, offset: 0 });
        const values: string[] = [];
        read.push(values);
        while (values.at(-1) !== "end") for (const { value } of await pullRecords(reader, 1)) values.push(value ?? "");
      });
      for (const broker of [1, 2, 3]) {
        const before = rounds;
        await own.cluster.kill(broker);
        await vi.waitFor(() => expect(rounds).toBeGreaterThan(before + 3), { timeout: 60_000, interval: 50 });
        await own.cluster.up(broker);
        await member.member.commit([{ topic, partition: 0, offset: broker }]);
      }
      control.abort();
      await writing;
      await plain.send(
        [...Array(6).keys()].map((partition) => ({ topic, partition, records: batchOf([{ value: "end" }]) })),
      );
      await Promise.all(reading);
      const expected = [...Array(rounds).keys()].map(String);
      for (const values of read) {
        expect(values.filter((value) => value.startsWith("0:")).map((value) => value.slice(2))).toEqual(expected);
        expect(values.filter((value) => value.startsWith("1:")).map((value) => value.slice(2))).toEqual(expected);
      }
      expect(await member.member.committed([{ topic, partition: 0 }])).toEqual([3]);
    },
    240_000,
  );

  /** `0:7` is the seventh round of the first producer; the second one's are committed, and between them are some that are aborted. */
  async function writeRounds(
    [plain, inTransactions]: readonly [KafkaProducer, KafkaProducer],
    topic: string,
    signal: AbortSignal,
    written: () => void,
  ): Promise<void> {
    const all = (value: string) =>
      [...Array(6).keys()].map((partition) => ({ topic, partition, records: batchOf([{ value }]) }));
    for (let round = 0; !signal.aborted; round++) {
      await inTransactions.send(all("aborted"));
      await inTransactions.abort();
      await Promise.all([plain.send(all(`0:${round}`)), inTransactions.send(all(`1:${round}`))]);
      await inTransactions.commit([], nobody);
      written();
    }
  }
});

describe("a cluster with security", () => {
  const own = withCluster({
    secure: true,
    properties: [
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found=true",
      "super.users=User:ANONYMOUS",
    ],
  });
  const user = { mechanism: "scram-sha-256", username: "test", password: "test" } as const;
  const connection = (changes: Partial<KafkaConnection> = {}): KafkaConnection => ({
    brokers: [own.cluster.secureBootstrap ?? ""],
    clientId: "faults",
    tls: { ca: readFileSync(join(own.cluster.folder, "ca.pem"), "utf8") },
    sasl: user,
    ...changes,
  });

  async function deny(
    resourceType: AclResourceTypes,
    resourceName: string,
    operation: AclOperationTypes,
  ): Promise<void> {
    await new Records(own.cluster.bootstrap).asAdmin((admin) =>
      admin.createAcls({
        acl: [
          {
            resourceType,
            resourceName,
            resourcePatternType: ResourcePatternTypes.LITERAL,
            principal: "User:test",
            host: "*",
            operation,
            permissionType: AclPermissionTypes.DENY,
          },
        ],
      }),
    );
  }

  describe.each(kinds)("with %s", (kind) => {
    async function newClient(changes: Partial<KafkaConnection> = {}): Promise<KafkaClient> {
      const client = await openKafkaClient(kind, connection(changes));
      ending.push(() => client.close());
      return client;
    }

    it("is read and written with TLS and a password", async () => {
      const topic = await own.newTopic(1);
      const client = await newClient();
      await send(await client.producer({ transactionalId: newName("transaction") }), topic, [{ value: "aborted" }]);
      await send(await client.producer({}), topic, [{ value: "1" }]);
      const member = await joinRecorded(client, newName("group"), [topic]);
      await vi.waitFor(() => expect(member.owned.length).toBe(1), soon);
      await member.member.commit([{ topic, partition: 0, offset: 1 }]);
      expect(await client.offsets("end", [{ topic, partition: 0 }])).toEqual([2]);
    });

    it("says what is wrong with the log-in, the certificate and the port", async () => {
      const { tls: _tls, ...noTls } = connection();
      const { sasl: _sasl, ...noLogin } = connection();
      const tried: readonly [string, KafkaErrorKind, KafkaConnection, RegExp][] = [
        ["password", "authentication", connection({ sasl: { ...user, password: "no" } }), /'test'.*password/],
        ["mechanism", "authentication", connection({ sasl: { ...user, mechanism: "plain" } }), /mechanism/],
        ["authority", "authentication", connection({ tls: {} }), /not trusted.*tls ca/],
        ["no TLS", "unavailable", noTls, /expect `tls`/],
        ["no log-in", "unavailable", noLogin, /expect `sasl`/],
        ["TLS at a plain port", "unavailable", connection({ brokers: [own.cluster.bootstrap] }), /Leave out `tls`/],
      ];
      const outcomes = tried.map(async ([what, expected, settings, text]) => {
        const error = await failure(openKafkaClient(kind, settings));
        expect([what, error.kind]).toEqual([what, expected]);
        expect(error.message).toMatch(text);
        expect(error.message).toContain(settings.brokers[0]);
      });
      await Promise.all(outcomes);
    });

    it("that forbids a topic or a group says which one and what to grant, at once", async () => {
      const [unreadable, unwritable, readable] = [await own.newTopic(1), await own.newTopic(1), await own.newTopic(1)];
      const [group, transactionalId] = [newName("group"), newName("transaction")];
      await deny(AclResourceTypes.TOPIC, unreadable, AclOperationTypes.READ);
      await deny(AclResourceTypes.TOPIC, unwritable, AclOperationTypes.WRITE);
      await deny(AclResourceTypes.GROUP, group, AclOperationTypes.READ);
      await deny(AclResourceTypes.TRANSACTIONAL_ID, transactionalId, AclOperationTypes.WRITE);
      const client = await newClient();
      const reader = (await client.reader({})).open({ topic: unreadable, partition: 0, offset: 0 });
      expect(await failure(reader.pull())).toMatchObject({ kind: "authorization", topic: unreadable });
      const plain = await client.producer({});
      expect(await failure(send(plain, unwritable, [{ value: "1" }]))).toMatchObject({
        kind: "authorization",
        topic: unwritable,
      });
      const other = await client.producer({ transactionalId: newName("transaction") });
      expect(await failure(send(other, unwritable, [{ value: "1" }]))).toMatchObject({ kind: "authorization" });
      const join = await failure(joinRecorded(client, group, [readable]));
      expect(join).toMatchObject({ kind: "authorization" });
      expect(join.message).toContain(group);
      const producer = await failure(client.producer({ transactionalId }));
      expect(producer).toMatchObject({ kind: "authorization" });
      expect(producer.message).toContain(transactionalId);
    });

    it("that takes a right away while it is used ends the reading with an error that says so", async () => {
      const topic = await own.newTopic(1);
      const client = await newClient();
      await send(await client.producer({}), topic, [{ value: "1" }]);
      const reader = (await client.reader({})).open({ topic, partition: 0, offset: 0 });
      await pullRecords(reader, 1);
      const next = failure(reader.pull());
      await deny(AclResourceTypes.TOPIC, topic, AclOperationTypes.READ);
      expect(await next).toMatchObject({ kind: "authorization", topic });
    });
  });
});
