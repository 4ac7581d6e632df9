/** A worker whose group divides anew at the worst moments, without a broker. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { builtInConnectors } from "../connectors/index.ts";
import { kafkaConnector } from "../connectors/kafka.ts";
import { memoryBroker } from "../connectors/memory.ts";
import { HandKafka } from "./hand-kafka.fixture.ts";
import { runWorker } from "./run-worker.ts";

/** The first stage of the pipeline. Its topics are there. */
function started(kafka: HandKafka, delivery: string, text: string) {
  const head = `pipeline p { delivery ${delivery} kafka { brokers: ["nowhere:9092"] } }\n`;
  const { ir, diagnostics } = compile("a.flow", memoryHost({ "a.flow": head + text }), {});
  if (ir === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const config = runtimeConfigs(ir, {}).find(({ nodes }) => JSON.stringify(nodes).includes('"topic":"in"'))!;
  const openClient = async () => kafka;
  return runWorker(
    { ...config, kafka: { ...config.kafka!, topics: [] } },
    {
      connectors: new Map([...builtInConnectors(memoryBroker().connector), ["kafka", kafkaConnector(openClient)]]),
      baseDirectory: "/",
      openClient,
      tasks: "partition",
      commitEveryMs: 20,
    },
  );
}

const passing = 'source s { kafka { topic: "in" } }\nsink o from s { kafka { topic: "out" } }\n';
const windows = `
type T { key: string, at: timestamp }
source s: T {
  kafka { topic: "in" }
  time data.at
  watermark 0s idle 300ms
}
window w from s {
  key data.key
  fixed 1s
  emit { n: count() }
}
sink o from w { kafka { topic: "out" } }
`;
const mine = [{ topic: "in", partition: 0 }];

describe("a worker that is stopped while its group divides anew", () => {
  it.each(["at_least_once", "exactly_once"])("commits what its sinks take meanwhile, with %s", async (delivery) => {
    const kafka = new HandKafka({ in: 1, out: 1 });
    const run = started(kafka, delivery, passing);
    await expect.poll(() => kafka.group).toBeDefined();
    await kafka.group!.assigned(mine);
    await expect.poll(() => kafka.reads("in", 0)).toBe(true);
    kafka.hold();
    kafka.give("in", 0, '{"n":1}', '{"n":2}');
    await expect.poll(() => kafka.sending).toBeGreaterThan(0);
    const revoked = kafka.group!.revoked();
    await sleep(10);
    run.stop();
    await sleep(10);
    kafka.goOn();
    await revoked;
    await run.done;
    expect(kafka.stored).toEqual(['out/0: {"n":1}', 'out/0: {"n":2}']);
    expect(kafka.committed.get("in/0")).toBe(2);
  });
});

describe("a source that is not asked while the group divides anew", () => {
  it.each(["at_least_once", "exactly_once"])("is not idle for that, with %s", async (delivery) => {
    const kafka = new HandKafka({ in: 1, out: 1 });
    const run = started(kafka, delivery, windows);
    await expect.poll(() => kafka.group).toBeDefined();
    await kafka.group!.assigned(mine);
    await expect.poll(() => kafka.reads("in", 0)).toBe(true);
    kafka.give("in", 0, '{"key":"a","at":"1970-01-01T00:00:01Z"}');
    await expect.poll(() => kafka.stored.some((one) => one.includes('"ms":1000'))).toBe(true);
    await kafka.group!.revoked();
    await sleep(500);
    await kafka.group!.assigned(mine);
    // The brokers are asked, and take a moment.
    await sleep(100);
    kafka.give("in", 0, '{"key":"a","at":"1970-01-01T00:00:02Z"}');
    await expect.poll(() => kafka.stored.some((one) => one.includes('"ms":2000'))).toBe(true);
    expect(kafka.stored.filter((one) => one.includes('"idle"'))).toEqual([]);
    run.stop();
    await run.done;
  });
});

describe("a source whose brokers have not answered yet", () => {
  it("is not idle, as nobody knows whether it is empty", async () => {
    const kafka = new HandKafka({ in: 1, out: 1 });
    const run = started(kafka, "exactly_once", windows);
    await expect.poll(() => kafka.group).toBeDefined();
    await kafka.group!.assigned(mine);
    await sleep(600);
    expect(kafka.stored.filter((one) => one.includes('"idle"'))).toEqual([]);
    run.stop();
    await run.done;
  });
});

describe("a commit that had to wait for brokers", () => {
  it("does not put off the next one, with exactly_once", async () => {
    const kafka = new HandKafka({ in: 1, out: 1 });
    const run = started(kafka, "exactly_once", passing);
    await expect.poll(() => kafka.group).toBeDefined();
    await kafka.group!.assigned(mine);
    await expect.poll(() => kafka.reads("in", 0)).toBe(true);
    kafka.give("in", 0, '{"n":1}');
    await expect.poll(() => kafka.committed.get("in/0")).toBe(1);
    kafka.holdCommits();
    kafka.give("in", 0, '{"n":2}');
    await expect.poll(() => kafka.committing).toBe(true);
    await sleep(3_000);
    kafka.goOn();
    await expect.poll(() => kafka.committed.get("in/0")).toBe(2);
    kafka.give("in", 0, '{"n":3}');
    await expect.poll(() => kafka.committed.get("in/0"), { timeout: 2_000 }).toBe(3);
    run.stop();
    await run.done;
  });
});
