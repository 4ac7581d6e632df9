/** A worker on a real broker: what it reads, writes and remembers, over restarts, crashes and a group that divides anew. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newName, newTopic, produce, readAll } from "./broker.ts";
import { crash, stagesOf, startWorker, stop, until } from "./worker.ts";

const clients = ["native", "kafkajs"] as const;
const deliveries = ["at_least_once", "exactly_once"] as const;
const everyCombination = clients.flatMap((client) => deliveries.map((delivery) => ({ client, delivery })));

const texts = async (topic: string): Promise<readonly string[]> =>
  (await readAll(topic, "read_committed")).map(({ value }) => value?.toString() ?? "null");

const numbers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 7}`, value: JSON.stringify({ n: from + i }) }));

const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => JSON.stringify({ n })).sort();

describe.each(everyCombination)("a worker with $client, $delivery", ({ client, delivery }) => {
  const copy = async () => {
    const [input, output] = [await newTopic(4), await newTopic(4)];
    const text = `source a { kafka { topic: "${input}" } }\nsink b from a { kafka { topic: "${output}" } }\n`;
    const [config] = stagesOf(newName("p").replace("-", "_"), text, { delivery });
    return { input, output, config: config! };
  };

  it("gives every record once, with its key, to a partition of that key", async () => {
    const { input, output, config } = await copy();
    await produce(input, numbers(500));
    const run = startWorker(config, { client });
    await until(
      () => texts(output),
      (seen) => seen.length >= 500,
    );
    await stop(run);
    expect([...(await texts(output))].sort()).toEqual(numbered(500));
    const records = await readAll(output, "read_committed");
    const byKey = new Map<string, Set<number>>();
    for (const { key, partition } of records)
      byKey.set(String(key), (byKey.get(String(key)) ?? new Set()).add(partition));
    expect([...byKey.values()].every((partitions) => partitions.size === 1)).toBe(true);
  });

  it("goes on behind what it has committed when it is started again", async () => {
    const { input, output, config } = await copy();
    await produce(input, numbers(100));
    const first = startWorker(config, { client });
    await until(
      () => texts(output),
      (seen) => seen.length >= 100,
    );
    await stop(first);
    await produce(input, numbers(100, 100));
    const second = startWorker(config, { client });
    await until(
      () => texts(output),
      (seen) => seen.length >= 200,
    );
    await stop(second);
    expect([...(await texts(output))].sort()).toEqual(numbered(200));
  });

  it("shares the work with a second one that joins under load, in order for each key, and nothing twice", async () => {
    const { input, output, config } = await copy();
    await produce(input, numbers(300));
    const first = startWorker(config, { client });
    await until(
      () => texts(output),
      (seen) => seen.length >= 100,
    );
    const second = startWorker(config, { client });
    for (let from = 300; from < 900; from += 100) await produce(input, numbers(100, from));
    await until(
      () => texts(output),
      (seen) => seen.length >= 900,
    );
    await stop(first);
    await produce(input, numbers(100, 900));
    await until(
      () => texts(output),
      (seen) => seen.length >= 1_000,
    );
    await stop(second);
    const records = await readAll(output, "read_committed");
    expect(records.map(({ value }) => value!.toString()).sort()).toEqual(numbered(1_000));
    const last = new Map<string, number>();
    const disordered = records.filter(({ key, value }) => {
      const { n }: { n: number } = JSON.parse(value!.toString());
      const isBehind = n < (last.get(String(key)) ?? -1);
      last.set(String(key), n);
      return isBehind;
    });
    expect(disordered).toEqual([]);
  });

  it("keeps what windows hold over a crash: nothing is lost and nothing counted twice", async () => {
    const [input, output] = [await newTopic(2), await newTopic(1)];
    const text = `type E { at: timestamp, user: string }
source clicks: E { kafka { topic: "${input}" } time data.at }
window w from clicks { key data.user fixed 1m emit { user: key, n: count(), at: window.start } }
sink out from w { kafka { topic: "${output}" } }
`;
    const configs = stagesOf(newName("p").replace("-", "_"), text, { delivery });
    const event = (second: number, user: string) => ({
      key: user,
      value: JSON.stringify({ at: new Date(Date.UTC(2026, 10, 23, 10, 0, second)).toISOString(), user }),
    });
    const users = ["ann", "bob", "eve", "joe"];
    await produce(
      input,
      Array.from({ length: 100 }, (_, i) => event(Math.floor(i / 4), users[i % 4]!)),
    );
    const start = () => configs.map((config) => startWorker(config, { client }));
    const first = start();
    const inWindow = () =>
      first
        .at(-1)!
        .stats()
        .nodes.find(({ node }) => node === "w")?.eventsIn ?? 0;
    await until(
      async () => inWindow(),
      (seen) => seen >= 100,
    );
    // In at_least_once the stage before may send again what it had not committed, and that is counted: it ends in order.
    const isExact = delivery === "exactly_once";
    await Promise.all(first.map((run, stage) => (isExact || stage === first.length - 1 ? crash(run) : stop(run))));
    await produce(
      input,
      Array.from({ length: 100 }, (_, i) => event(25 + Math.floor(i / 4), users[i % 4]!)),
    );
    // Closes the windows, in each of the partitions.
    const second = start();
    await produce(
      input,
      [0, 1].map((partition) => ({ ...event(3_600, "zoe"), partition })),
    );
    const results = await until(
      () => texts(output),
      (seen) => seen.length >= 4,
    );
    await Promise.all(second.map(stop));
    expect([...new Set(results)].sort()).toEqual(
      users.map((user) => JSON.stringify({ user, n: 50, at: "2026-11-23T10:00:00Z" })),
    );
  });
});

describe("a worker with a folder for copies of its state", () => {
  it("reads only the rest of the changelog when it is started again there, and all of it anywhere else", async () => {
    const copies = mkdtempSync(join(tmpdir(), "flow-copies-"));
    const [input, output] = [await newTopic(1), await newTopic(1)];
    const text = `source a { kafka { topic: "${input}" } } step s from a { dedupe data.n within 1h } sink out from s { kafka { topic: "${output}" } }\n`;
    const config = stagesOf(newName("p").replace("-", "_"), text, { local: true })[0]!;
    const runUntil = async (count: number, options: { readonly copies?: string }) => {
      const run = startWorker(config, { tasks: "all", ...options });
      await until(
        () => texts(output),
        (seen) => seen.length >= count && run.restored.length > 0,
      );
      await stop(run);
      return run.restored[0]!;
    };
    try {
      await produce(input, numbers(200));
      await runUntil(200, {});
      // The copy is made when it is read for the first time.
      const all = await runUntil(200, { copies });
      const rest = await runUntil(200, { copies });
      const elsewhere = await runUntil(200, {});
      expect(all).toBeGreaterThan(5);
      expect(rest).toBeLessThan(all);
      expect(elsewhere).toBeGreaterThanOrEqual(all);
      // What it has seen is still known.
      await produce(input, [...numbers(200), ...numbers(1, 200)]);
      await runUntil(201, { copies });
      expect(await texts(output)).toHaveLength(201);
    } finally {
      rmSync(copies, { recursive: true });
    }
  });
});
