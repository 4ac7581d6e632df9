/** Connections of the native client: TLS and SASL with an authority of its own, and what is said where a setting is wrong. */
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KafkaConnection } from "../../runtime/kafka/client.ts";
import { Cluster } from "../../runtime/kafka/native/cluster.ts";
import { Fetcher } from "../../runtime/kafka/native/fetcher.ts";
import { partitionsOf, topicOffsets } from "../../runtime/kafka/native/topic-offsets.ts";
import { bootstrap, newName, newTopic, produce } from "./broker.ts";
import { freePorts, startCluster, type Cluster as TestCluster } from "./cluster.ts";
import { Records } from "./records.ts";

interface Wrong {
  readonly kind: string;
  readonly message: string;
}

/** What opening says, patient for a moment only. */
async function refusal(connection: Omit<KafkaConnection, "clientId">): Promise<Wrong | undefined> {
  try {
    const cluster = await Cluster.open({ clientId: "test", ...connection }, { openForMs: 300 });
    await cluster.close();
    return undefined;
  } catch (error) {
    const { kind, message } = error as Wrong;
    return { kind, message: message.replaceAll(/127\.0\.0\.1:\d+/g, "HOST") };
  }
}

describe("a broker with TLS and SASL", () => {
  let broker: TestCluster;
  let secure: string;
  let ca: string;
  const sasl = { mechanism: "scram-sha-256", username: "test", password: "test" } as const;

  beforeAll(async () => {
    broker = await startCluster({ secure: true });
    secure = broker.secureBootstrap ?? "";
    ca = readFileSync(join(broker.folder, "ca.pem"), "utf8");
  }, 120_000);
  afterAll(() => broker?.stop());

  it("is read with user, password and the authority that signed its certificate", async () => {
    const topic = newName();
    const records = new Records(broker.bootstrap);
    await records.makeTopic(topic, 1);
    await records.produce(topic, [{ value: "1" }, { value: "2" }]);
    const cluster = await Cluster.open({ brokers: [secure], clientId: "test", tls: { ca }, sasl });
    const fetcher = new Fetcher(cluster);
    expect((await fetcher.open({ topic, partition: 0, offset: 0 }).pull())?.count).toBe(2);
    await fetcher.close();
    await cluster.close();
  });

  it("refuses a wrong password, user or mechanism", async () => {
    const refused = (how: string) => ({
      kind: "authentication",
      message: `The broker HOST refuses the login of ${how}`,
    });
    const connection = { brokers: [secure], tls: { ca } };
    expect(await refusal({ ...connection, sasl: { ...sasl, password: "no" } })).toEqual(
      refused("'test' by scram-sha-256. Check user name, password and mechanism."),
    );
    expect(await refusal({ ...connection, sasl: { ...sasl, username: "no" } })).toEqual(
      refused("'no' by scram-sha-256. Check user name, password and mechanism."),
    );
    expect(await refusal({ ...connection, sasl: { ...sasl, mechanism: "plain" } })).toEqual(
      refused(
        "'test' by plain. The broker does not know this SASL mechanism. Choose one that it has (sasl.enabled.mechanisms).",
      ),
    );
  });

  it("is not trusted without its authority", async () => {
    expect(await refusal({ brokers: [secure], tls: {}, sasl })).toEqual({
      kind: "authentication",
      message:
        "The certificate of the broker HOST is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Give the certificate of its authority as `tls ca`.",
    });
  });

  it("says what lacks where TLS or SASL is left out", async () => {
    expect(await refusal({ brokers: [secure] })).toEqual({
      kind: "authentication",
      message: "The broker HOST expects TLS. Add `tls`, or use its port without TLS.",
    });
    expect((await refusal({ brokers: [secure], sasl }))?.message).toContain("Does it expect `tls`?");
    expect((await refusal({ brokers: [secure], tls: { ca } }))?.message).toContain("Does it expect `sasl`?");
  });

  it("says what is too much at a port without", async () => {
    expect((await refusal({ brokers: [broker.bootstrap], tls: { ca } }))?.message).toBe(
      "The broker HOST does not speak TLS at this port. Leave out `tls`, or use its port with TLS. Given up after 0.3 s.",
    );
    expect(await refusal({ brokers: [broker.bootstrap], sasl })).toEqual({
      kind: "authentication",
      message:
        "The broker HOST refuses the login of 'test' by scram-sha-256. The broker does not expect SASL at this port. Leave out `sasl`, or use the port with SASL.",
    });
  });

  it("says which certificate cannot be used", async () => {
    expect((await refusal({ brokers: [secure], tls: { ca, cert: "x", key: "y" } }))?.message).toMatch(
      /^A certificate or key of `tls` cannot be used \(.*\)\. They are PEM texts\.$/,
    );
  });
});

describe("a broker that is not there", () => {
  it("is named, with what to look at", async () => {
    const [port] = await freePorts(1);
    expect(await refusal({ brokers: [`127.0.0.1:${port}`] })).toEqual({
      kind: "unavailable",
      message:
        "Nobody listens at HOST (ECONNREFUSED). Is the broker running, and is the address right? Given up after 0.3 s.",
    });
    expect((await refusal({ brokers: ["nowhere.invalid:9092"] }))?.message).toContain(
      "The host of the broker nowhere.invalid:9092 is not known.",
    );
    expect(await refusal({ brokers: ["127.0.0.1:99999"] })).toEqual({
      kind: "protocol",
      message: "'HOST' is no address of a broker. Write it as host:port.",
    });
  });

  it("does not matter while another one of the list is", async () => {
    const [port] = await freePorts(1);
    expect(await refusal({ brokers: [`127.0.0.1:${port}`, bootstrap()] })).toBeUndefined();
  });

  it("that takes connections and hangs up is no broker", async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listen(server);
    expect((await refusal({ brokers: [`127.0.0.1:${port}`] }))?.message).toContain(
      "The broker HOST does not answer (Connection closed). Does it expect `tls` or `sasl`?",
    );
    server.close();
  });

  it("that answers nonsense neither crashes nor hangs the client", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      socket.on("data", () => socket.write(Buffer.from("00000010000000017fffffffffffffffffffffff", "hex")));
    });
    const port = await listen(server);
    expect((await refusal({ brokers: [`127.0.0.1:${port}`] }))?.kind).toBe("unavailable");
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe("topics", () => {
  it("have partitions, or are not there", async () => {
    const cluster = await Cluster.open({ brokers: [bootstrap()], clientId: "test" });
    const topic = await newTopic(3);
    expect(await partitionsOf(cluster, topic)).toBe(3);
    expect(await partitionsOf(cluster, `${topic}-not`)).toBeUndefined();
    await cluster.close();
  });

  it("have a start and an end, in the order asked for", async () => {
    const cluster = await Cluster.open({ brokers: [bootstrap()], clientId: "test" }, { retryForMs: 300 });
    const [topic, other] = [await newTopic(2), await newTopic(1)];
    await produce(topic, [
      { value: "1", partition: 1 },
      { value: "2", partition: 1 },
    ]);
    await produce(other, [{ value: "1" }], { transaction: "committed" });
    const all = [
      { topic: other, partition: 0 },
      { topic, partition: 1 },
      { topic, partition: 0 },
      { topic, partition: 1 },
    ];
    expect(await topicOffsets(cluster, "end", all)).toEqual([2, 2, 0, 2]);
    expect(await topicOffsets(cluster, "start", all)).toEqual([0, 0, 0, 0]);
    expect(await topicOffsets(cluster, "end", [])).toEqual([]);
    await expect(topicOffsets(cluster, "end", [{ topic, partition: 9 }])).rejects.toMatchObject({
      kind: "unknown-topic",
      topic,
    });
    await cluster.close();
  });
});
