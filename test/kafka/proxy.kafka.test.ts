/** The proxy does to a real broker's clients what its rules say, and else nothing. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { Api, KafkaProxy } from "./proxy.ts";
import { Records } from "./records.ts";

let cluster: Cluster;
let proxy: KafkaProxy;
let direct: Records;
let through: Records;
let topics = 0;

beforeAll(async () => {
  cluster = await startCluster({ proxies: 1 });
  proxy = await KafkaProxy.listen(cluster.proxies[0]!);
  direct = new Records(cluster.bootstrap);
  through = new Records(proxy.address);
}, 120_000);

afterAll(async () => {
  await proxy?.close();
  await cluster?.stop();
});

async function topic(): Promise<string> {
  const name = `proxied-${++topics}`;
  await direct.makeTopic(name, 1);
  return name;
}

const valuesOf = async (name: string) => (await direct.readAll(name)).map(({ value }) => value);

describe("the proxy", () => {
  it("passes on what has no rule, several megabytes too", async () => {
    const name = await topic();
    const large = "x".repeat(900_000);
    for (let n = 0; n < 3; n++) await through.produce(name, [{ value: large }]);
    expect((await through.readAll(name)).map(({ value }) => value?.length)).toEqual([900_000, 900_000, 900_000]);
  });

  it("loses the answer to a Produce that the broker has stored; the same bytes sent again are stored once", async () => {
    const name = await topic();
    const cut = proxy.once({ api: Api.produce, act: "cut-answer" });
    await through.produce(name, [{ value: "1" }, { value: "2" }]);
    await cut;
    expect(await valuesOf(name)).toEqual(["1", "2"]);
  });

  it("counts requests of one kind up to the one that is meant", async () => {
    const name = await topic();
    let happened = false;
    const cut = proxy.once({ api: Api.produce, nth: 2, act: "cut-request" }).then(() => {
      happened = true;
    });
    await through.produce(name, [{ value: "1" }]);
    expect(happened).toBe(false);
    await through.produce(name, [{ value: "2" }]);
    await cut;
    expect(await valuesOf(name)).toEqual(["1", "2"]);
  });

  it("holds a request that the broker then never hears of", async () => {
    const name = await topic();
    const held = proxy.once({ api: Api.produce, act: "hold" });
    const waiting = through.produce(name, [{ value: "1" }]);
    await held;
    expect(await valuesOf(name)).toEqual([]);
    proxy.cutAll();
    await waiting;
    expect(await valuesOf(name)).toEqual(["1"]);
  });

  it("delays answers and keeps their order", async () => {
    const name = await topic();
    proxy.delay(50);
    const start = performance.now();
    await through.produce(name, [{ value: "1" }]);
    expect(performance.now() - start).toBeGreaterThan(100);
    proxy.clear();
    expect(await valuesOf(name)).toEqual(["1"]);
  });

  it("refuses connections until it is told not to", async () => {
    const name = await topic();
    proxy.refuse();
    const [host, port] = proxy.address.split(":");
    const refused = connect(Number(port), host);
    refused.on("error", () => {});
    await once(refused, "close");
    proxy.clear();
    await through.produce(name, [{ value: "1" }]);
    expect(await valuesOf(name)).toEqual(["1"]);
  });

  it("keeps a member in the belief that it has its partitions, which the group has given to another", async () => {
    const name = await topic();
    const believing = through.kafka.consumer({ groupId: name, sessionTimeout: 2_000, heartbeatInterval: 300 });
    await believing.connect();
    await believing.subscribe({ topic: name, fromBeginning: true });
    const joined = new Promise((resolve) => believing.on("consumer.group_join", resolve));
    await believing.run({ eachMessage: async () => {} });
    await joined;
    let told = false;
    believing.on("consumer.rebalancing", () => {
      told = true;
    });
    const spoken = proxy.once({ api: Api.heartbeat, nth: "every", act: "say-done" });
    await spoken;
    const other = direct.kafka.consumer({ groupId: name, sessionTimeout: 2_000, heartbeatInterval: 300 });
    await other.connect();
    await other.subscribe({ topic: name, fromBeginning: true });
    const taken = new Promise<readonly number[]>((resolve) =>
      other.on("consumer.group_join", ({ payload }) => resolve(payload.memberAssignment[name] ?? [])),
    );
    await other.run({ eachMessage: async () => {} });
    expect(await taken).toEqual([0]);
    expect(told).toBe(false);
    proxy.clear();
    await Promise.all([believing.disconnect(), other.disconnect()]);
  });
});
