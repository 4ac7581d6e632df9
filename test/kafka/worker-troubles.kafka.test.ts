/** What a worker does where something is wrong or special: an error that names the topic and the cure, or another try; and nothing is lost. */
import { describe, expect, it } from "vitest";
import { bootstrap, newName, newTopic, produce, readAll } from "./broker.ts";
import { copying, endOf, numbered, numbers, textsOf } from "./copying.ts";
import { Records } from "./records.ts";
import { crash, stagesOf, startWorker, stop, until } from "./worker.ts";

const clients = ["native", "kafkajs"] as const;
const deliveries = ["at_least_once", "exactly_once"] as const;
const everyCombination = clients.flatMap((client) => deliveries.map((delivery) => ({ client, delivery })));

const shortened = (text: string): string => `${text.length} times ${[...new Set(text)].join("")}`;

const mebibyte = 1 << 20;

const admin = new Records(bootstrap());
const texts = (topic: string) => textsOf(admin, topic);

const deleteTopic = (topic: string) => admin.asAdmin((it) => it.deleteTopics({ topics: [topic] }));

const outputHas = (topic: string, count: number) =>
  until(
    () => texts(topic),
    (seen) => seen.length >= count,
  );

describe.each(everyCombination)("large records, with $client, $delivery", ({ client, delivery }) => {
  it("of 10 MB go in and out among small ones", async () => {
    const settings = { "max.message.bytes": String(16 * mebibyte) };
    const [input, output] = [await newTopic(2, settings), await newTopic(2, settings)];
    const large = (n: number) => ({ key: "k1", value: String(n).repeat(10 * mebibyte) });
    for (const records of [numbers(50), [large(1)], numbers(50, 50), [large(2)], numbers(50, 100)])
      await produce(input, records);
    const run = startWorker(copying(input, output, { delivery }), { client });
    const seen = await outputHas(output, 152);
    await stop(run);
    expect(seen.filter((text) => text.length < 100).sort()).toEqual(numbered(150));
    expect(seen.filter((text) => text.length > 100).map((text) => [text[0], text.length])).toEqual([
      ["1", 10 * mebibyte],
      ["2", 10 * mebibyte],
    ]);
  });

  it("that the output does not take go to the dead letter with the reason and their bytes, and all others pass", async () => {
    const [input, output] = [await newTopic(2), await newTopic(2, { "max.message.bytes": "20000" })];
    const dead = await newTopic(1);
    const header = `errors dead_letter { kafka { topic: "${dead}" } }`;
    const large = (n: number) => ({ key: `large${n}`, value: String(n).repeat(30_000), headers: { own: `h${n}` } });
    await produce(input, [
      ...numbers(1_000),
      large(1),
      ...numbers(1_000, 1_000),
      large(2),
      large(3),
      ...numbers(1_000, 2_000),
    ]);
    const run = startWorker(copying(input, output, { delivery, header }), { client });
    await outputHas(output, 3_000);
    await outputHas(dead, 3);
    await stop(run);
    expect([...(await texts(output))].sort()).toEqual(numbered(3_000));
    const kept = [...(await readAll(dead))].sort((a, b) => a.value!.localeCompare(b.value!));
    expect(kept.map(({ key, value }) => [key, value === null ? "" : shortened(value)])).toEqual(
      [1, 2, 3].map((n) => [large(n).key, shortened(large(n).value)]),
    );
    for (const [at, { headers }] of kept.entries()) {
      expect(headers).toMatchObject({ own: `h${at + 1}`, "flow-node": "b", "flow-kept": "output" });
      expect(headers["flow-reason"]).toContain(`topic '${output}'`);
      expect(headers["flow-reason"]).toContain("max.message.bytes");
    }
  });
});

describe.each(everyCombination)("bad records, with $client, $delivery", ({ client, delivery }) => {
  it("stop nothing, and are kept once each as they came: bytes, key, headers and timestamp", async () => {
    const [input, output, dead] = [await newTopic(2), await newTopic(2), await newTopic(2)];
    const text = `source a { kafka { topic: "${input}" } }
step s from a { filter data.n >= 0 }
sink b from s { kafka { topic: "${output}" } }
`;
    const header = `errors dead_letter { kafka { topic: "${dead}" } }`;
    const config = stagesOf(newName("p").replace("-", "_"), text, { delivery, header })[0]!;
    const good = (n: number) => ({ key: `k${n % 7}`, value: JSON.stringify({ n }) });
    const bad = [
      { key: "text", value: "no JSON", headers: { own: "1" }, timestampMs: Date.UTC(2026, 10, 1) },
      { key: null, value: '{"n": "x"}', headers: {}, timestampMs: Date.UTC(2026, 10, 2) },
      { key: "none", value: null, headers: { own: "3" }, timestampMs: Date.UTC(2026, 10, 3) },
    ];
    await produce(input, [...numberedFrom(0).map(good), ...bad, ...numberedFrom(500).map(good)]);
    const run = startWorker(config, { client });
    await outputHas(output, 1_000);
    await outputHas(dead, 3);
    await stop(run);
    expect([...(await texts(output))].sort()).toEqual(
      [...numberedFrom(0), ...numberedFrom(500)].map((n) => good(n).value).sort(),
    );
    const kept = [...(await readAll(dead))].sort((a, b) => a.timestampMs - b.timestampMs);
    expect(kept.map(({ key, value, timestampMs }) => ({ key, value, timestampMs }))).toEqual(
      bad.map(({ headers: _, ...record }) => record),
    );
    for (const [at, { headers }] of kept.entries()) {
      expect(headers).toMatchObject(bad[at]!.headers);
      expect(headers["flow-reason"]).not.toBe("");
      expect(headers["flow-position"]).toMatch(new RegExp(`^${input}/\\d/\\d+$`));
    }
  });
});

const numberedFrom = (from: number): readonly number[] => Array.from({ length: 500 }, (_, i) => from + i);

describe.each(clients)("a topic that is not there, with %s", (client) => {
  const failing = async (config: ReturnType<typeof copying>) => endOf(startWorker(config, { client, mayFail: true }));
  it("to read is named", async () => {
    const missing = newName("missing");
    const end = await failing(copying(missing, await newTopic(1)));
    expect(end).toContain(`no topic '${missing}'`);
    expect(end).toContain("--create");
  });
  it("to write is named, and nothing counts as read", async () => {
    const missing = newName("missing");
    const input = await newTopic(2);
    await produce(input, numbers(20));
    const config = copying(input, missing);
    const end = await failing(config);
    expect(end).toContain(`topic '${missing}'`);
    expect(end).toContain("--create");
    await admin.makeTopic(missing, 2);
    const run = startWorker(config, { client });
    await outputHas(missing, 20);
    await stop(run);
    expect([...(await texts(missing))].sort()).toEqual(numbered(20));
  });
  it("for the dead letter is named before anything is read, and the bad record is kept once it is there", async () => {
    const missing = newName("missing");
    const [input, output] = [await newTopic(1), await newTopic(1)];
    const text = `source a { kafka { topic: "${input}" } }\nsink b from a { kafka { topic: "${output}" } }\n`;
    const header = `errors dead_letter { kafka { topic: "${missing}" } }`;
    const config = stagesOf(newName("p").replace("-", "_"), text, { header })[0]!;
    await produce(input, [{ value: "1" }, { value: "no JSON" }, { value: "2" }]);
    const end = await failing(config);
    expect(end).toContain(`topic '${missing}'`);
    expect(end).toContain("--create");
    expect(await texts(output)).toEqual([]);
    await admin.makeTopic(missing, 1);
    const run = startWorker(config, { client });
    await outputHas(missing, 1);
    await outputHas(output, 2);
    await stop(run);
    expect(await texts(missing)).toEqual(["no JSON"]);
    expect([...new Set(await texts(output))]).toEqual(["1", "2"]);
  });
});

describe.each(everyCombination)(
  "a topic deleted under a running worker, with $client, $delivery",
  ({ client, delivery }) => {
    it("that it reads ends it with the name and the cure; made anew it is read from its beginning", async () => {
      const [input, output] = [await newTopic(2), await newTopic(2)];
      const config = copying(input, output, { delivery });
      await produce(input, numbers(50));
      const run = startWorker(config, { client, mayFail: true });
      await outputHas(output, 50);
      await deleteTopic(input);
      const end = await endOf(run);
      expect(end).toContain(`topic '${input}'`);
      expect(end).toMatch(/create/i);
      await admin.makeTopic(input, 2);
      await produce(input, numbers(50, 50));
      const again = startWorker(config, { client });
      await outputHas(output, 100);
      await stop(again);
      expect([...(await texts(output))].sort()).toEqual(numbered(100));
    });
    it("that it writes ends it with the name and the cure; made anew it gets all that was not written", async () => {
      const [input, output] = [await newTopic(2), await newTopic(2)];
      const config = copying(input, output, { delivery });
      await produce(input, numbers(50));
      const run = startWorker(config, { client, mayFail: true });
      await outputHas(output, 50);
      await until(
        () => committedOf(config),
        (count) => count === 50,
      );
      await deleteTopic(output);
      await produce(input, numbers(50, 50));
      const end = await endOf(run);
      expect(end).toContain(`topic '${output}'`);
      expect(end).toMatch(/create/i);
      await admin.makeTopic(output, 2);
      const again = startWorker(config, { client });
      await outputHas(output, 50);
      await stop(again);
      expect([...(await texts(output))].sort()).toEqual(numbered(50, 50));
    });

    it("that it writes and that is made anew at once goes on being written", async () => {
      const [input, output] = [await newTopic(2), await newTopic(2)];
      await produce(input, numbers(50));
      const config = copying(input, output, { delivery });
      const run = startWorker(config, { client });
      await outputHas(output, 50);
      await until(
        () => committedOf(config),
        (count) => count === 50,
      );
      await deleteTopic(output);
      await produce(input, numbers(50, 50));
      await admin.makeTopic(output, 2);
      await outputHas(output, 50);
      await produce(input, numbers(50, 100));
      await outputHas(output, 100);
      await stop(run);
      expect([...(await texts(output))].sort()).toEqual(numbered(100, 50));
    });
  },
);

/** Records that count as read, of all partitions. */
async function committedOf({ kafka, pipeline }: ReturnType<typeof copying>): Promise<number> {
  const groupId = kafka?.group ?? `argo.${pipeline}`;
  const offsets = await admin.asAdmin((it) => it.fetchOffsets({ groupId }));
  return offsets
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

it("a topic made anew while a native worker reads it ends that; a new one reads all of it", async () => {
  const [input, output] = [await newTopic(1), await newTopic(1)];
  const config = copying(input, output);
  await produce(input, numbers(50));
  const run = startWorker(config, { metadataIntervalMs: 200, mayFail: true });
  await outputHas(output, 50);
  await until(
    () => committedOf(config),
    (count) => count === 50,
  );
  await deleteTopic(input);
  await admin.makeTopic(input, 1);
  await produce(input, numbers(100, 50));
  const end = await endOf(run);
  expect(end).toContain(`Topic '${input}' was deleted and made anew while it was read`);
  const again = startWorker(config);
  await outputHas(output, 150);
  await stop(again);
  expect([...(await texts(output))].sort()).toEqual(numbered(150));
});

describe.each(clients)("a topic that gets more partitions, with %s", (client) => {
  const grow = (topic: string, count: number) =>
    admin.asAdmin((it) => it.createPartitions({ topicPartitions: [{ topic, count }] }));

  it("is read whole by a stage that keeps nothing", async () => {
    const [input, output] = [await newTopic(1), await newTopic(1)];
    await produce(input, numbers(10));
    const run = startWorker(copying(input, output), { client, metadataIntervalMs: 200 });
    await outputHas(output, 10);
    await grow(input, 3);
    const perPartition = [0, 1, 2].flatMap((partition) =>
      numbers(10, 10 * (partition + 1)).map((record) => ({ ...record, partition })),
    );
    await produce(input, perPartition);
    await outputHas(output, 40);
    await stop(run);
    expect([...(await texts(output))].sort()).toEqual(numbered(40));
  });

  it("ends a stage with state, which says what to do; nothing of it was read", async () => {
    const [input, output] = [await newTopic(1), await newTopic(1)];
    const text = `type E { user: string }
source clicks: E { kafka { topic: "${input}" } }
window w from clicks { key data.user fixed 1m emit { user: key, n: count() } }
sink out from w { kafka { topic: "${output}" } }
`;
    const configs = stagesOf(newName("p").replace("-", "_"), text);
    const stage = configs.findIndex(({ kafka }) => kafka?.changelog !== undefined);
    const runs = configs.map((config) => startWorker(config, { client, metadataIntervalMs: 200, mayFail: true }));
    await produce(input, [{ key: "ann", value: '{"user":"ann"}' }]);
    const read = () => runs[stage]!.stats().nodes.find(({ node }) => node === "w")?.eventsIn ?? 0;
    await until(
      async () => read(),
      (count) => count === 1,
    );
    const reads = configs[stage]!.nodes.find(({ kind }) => kind === "source")!;
    const topic = "connector" in reads ? String(reads.connector.options.topic) : "";
    await grow(topic, 2);
    const end = await endOf(runs[stage]!);
    expect(end).toContain(`Topic '${topic}' had 1 partitions and now has 2`);
    expect(end).toContain("delete the changelog topic");
    await Promise.all(runs.map(crash));
  });
});

describe.each(everyCombination)(
  "records that retention took before they were read, with $client, $delivery",
  ({ client, delivery }) => {
    it("end the worker with the topic and the cure, and a running one passes over nothing in silence", async () => {
      const [input, output] = [await newTopic(1), await newTopic(1)];
      const config = copying(input, output, { delivery });
      await produce(input, numbers(10));
      const run = startWorker(config, { client });
      await outputHas(output, 10);
      await stop(run);
      await produce(input, numbers(20, 10));
      await admin.asAdmin(async (it) => {
        // It only knows leaders of topics that it has asked about.
        await it.fetchTopicOffsets(input);
        await it.deleteTopicRecords({ topic: input, partitions: [{ partition: 0, offset: "25" }] });
      });
      const end = await endOf(startWorker(config, { client, mayFail: true }));
      expect(end).toContain(`Partition 0 of topic '${input}'`);
      expect(end).toContain("retention");
      expect(end).toMatch(/reset/i);
      // The cure that it names.
      const groupId = config.kafka?.group ?? `argo.${config.pipeline}`;
      await admin.asAdmin((it) =>
        it.setOffsets({ groupId, topic: input, partitions: [{ partition: 0, offset: "25" }] }),
      );
      const again = startWorker(config, { client });
      await outputHas(output, 15);
      await stop(again);
      expect([...(await texts(output))].sort()).toEqual([...numbered(10), ...numbered(5, 25)].sort());
    });
  },
);
