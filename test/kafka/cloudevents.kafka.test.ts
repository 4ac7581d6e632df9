/** CloudEvents in topics, by their protocol binding for Kafka, with the `cloudevents` package as the other writer and reader. Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md */
import { CloudEvent, Kafka as CloudEventsKafka, type CloudEventV1, type KafkaMessage } from "cloudevents";
import { describe, expect, it } from "vitest";
import { bootstrap, newName, newTopic, produce } from "./broker.ts";
import { Records, type RecordToStore, type StoredRecord } from "./records.ts";
import { stagesOf, startWorker, stop, until } from "./worker.ts";

const clients = ["native", "kafkajs"] as const;
const records = new Records(bootstrap());

const structured = "format cloudevents";
const binary = "format cloudevents { mode: binary }";

interface Through {
  readonly client: "native" | "kafkajs";
  readonly source?: string;
  /** From `a`; its last node is `s`. */
  readonly steps?: string;
  readonly sink?: string;
  /** Further options of the sink. */
  readonly options?: string;
  /** Further clauses of the pipeline. */
  readonly header?: string;
  readonly input?: string;
  readonly output?: string;
  /** So many come out; as many as go in where it is absent. */
  readonly awaited?: number;
}

/** What a worker makes of records, in their order: the topics have one partition. */
async function through(given: readonly RecordToStore[], how: Through): Promise<readonly StoredRecord[]> {
  const { source = structured, steps, sink = structured, options = "", client } = how;
  const [input, output] = [how.input ?? (await newTopic(1)), how.output ?? (await newTopic(1))];
  const text = `source a { kafka { topic: "${input}" } ${source} }
${steps ?? ""}
sink b from ${steps === undefined ? "a" : "s"} { kafka { topic: "${output}"${options} } ${sink} }
`;
  if (given.length > 0) await produce(input, given);
  const run = startWorker(stagesOf(newName("p").replace("-", "_"), text, { header: how.header ?? "" })[0]!, { client });
  const seen = await until(
    () => records.readAll(output),
    (all) => all.length >= (how.awaited ?? given.length),
  );
  await stop(run);
  return seen;
}

/** As the package makes it for kafkajs. */
function written(message: KafkaMessage<unknown>): RecordToStore {
  const { key, value, headers, timestamp } = message;
  const set = Object.entries(headers ?? {}).filter(([, one]) => one !== undefined);
  return {
    key: typeof key === "string" ? key : null,
    value: typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value),
    headers: Object.fromEntries(set.map(([name, one]) => [name, String(one)])),
    ...(timestamp === undefined ? {} : { timestampMs: Number(timestamp) }),
  };
}

/** As the package reads it. */
function read({ key, value, headers }: StoredRecord): CloudEventV1<unknown> {
  const message: KafkaMessage<unknown> = { key: key ?? "", value: value ?? "", headers: { ...headers }, body: value };
  const event = CloudEventsKafka.toEvent(message);
  if (Array.isArray(event)) throw new Error("a batch");
  // Its classes aside.
  return JSON.parse(JSON.stringify(event));
}

const attributes = {
  specversion: "1.0",
  id: "o-1",
  source: "/shop",
  type: "shop.order",
  subject: "orders/1",
  time: "2026-11-23T10:00:00.500Z",
  datacontenttype: "application/json",
  dataschema: "https://example.org/order.json",
  partitionkey: "ann",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  region: 'Zürich "1" 100%',
};

const order = new CloudEvent({ ...attributes, data: { n: 1, text: "ä" } });

describe.each(clients)("a CloudEvent of the `cloudevents` package, with %s", (client) => {
  const modes = [
    ["binary", "structured"],
    ["binary", "binary"],
    ["structured", "structured"],
    ["structured", "binary"],
  ] as const;
  it.each(modes)(
    "written in %s mode leaves in %s mode with all attributes, as that package reads it",
    async (from, to) => {
      const [record] = await through([written(CloudEventsKafka[from](order))], {
        client,
        sink: to === "binary" ? binary : structured,
      });
      expect(read(record!)).toEqual({ ...attributes, data: { n: 1, text: "ä" } });
      expect([record!.key, record!.timestampMs]).toEqual(["ann", Date.parse(attributes.time)]);
      expect(record!.headers["content-type"]).toMatch(
        to === "binary" ? /^application\/json$/ : /^application\/cloudevents\+json/,
      );
    },
  );

  it.each(["binary", "structured"] as const)(
    "is seen by the pipeline as an event, also where it changes it, in %s mode",
    async (mode) => {
      const [record] = await through([written(CloudEventsKafka[mode](order))], {
        client,
        steps: `step s from a {
        filter event.id == "o-1" && event.source == "/shop" && event.type == "shop.order" && event.subject == "orders/1"
        filter event.partitionkey == "ann" && event.region == "Zürich \\"1\\" 100%"
        map { n: data.n + 1, id: event.id }
        attributes { type: "shop.counted", region: "south" }
      }`,
        sink: mode === "binary" ? binary : structured,
      });
      expect(read(record!)).toEqual({
        ...attributes,
        type: "shop.counted",
        region: "south",
        data: { n: 2, id: "o-1" },
      });
      expect(record!.key).toBe("ann");
    },
  );

  it("keeps data that is no JSON: text and bytes, in both modes", async () => {
    const text = new CloudEvent({ ...attributes, datacontenttype: "text/plain", data: "a\nb ä" });
    for (const [from, sink] of [
      ["binary", structured],
      ["structured", binary],
    ] as const) {
      const [record] = await through([written(CloudEventsKafka[from](text))], { client, sink });
      expect(read(record!)).toMatchObject({ datacontenttype: "text/plain", data: "a\nb ä" });
    }
    const bytes = Buffer.from([0, 255, 254, 10, 128]);
    const asBytes: RecordToStore = {
      ...written(CloudEventsKafka.binary(order)),
      headers: { ...written(CloudEventsKafka.binary(order)).headers, "content-type": "application/octet-stream" },
      value: bytes,
    };
    const [inBase64] = await through([asBytes], { client });
    expect(JSON.parse(inBase64!.value!)).toMatchObject({ id: "o-1", data_base64: bytes.toString("base64") });
    const output = await newTopic(1);
    const { value, headers } = inBase64!;
    const [inBinary] = await through([{ key: "k", value, headers }], { client, sink: binary, output });
    expect(inBinary!.headers).toMatchObject({ "content-type": "application/octet-stream", ce_id: "o-1" });
    const [again] = await through([], { client, input: output, awaited: 1 });
    expect(JSON.parse(again!.value!)).toMatchObject({ id: "o-1", data_base64: bytes.toString("base64") });
  });
});

describe.each(clients)("a record of Kafka as a CloudEvent, with %s", (client) => {
  it("has the place of the record as its id, its key as partitionkey and its timestamp as time", async () => {
    const atMs = Date.UTC(2026, 10, 23, 9);
    const given = [{ key: "ann", value: '{"n":1}', headers: { own: "h" }, timestampMs: atMs }];
    for (const sink of [structured, binary]) {
      const [record] = await through(given, { client, source: "format json", sink });
      const event = read(record!);
      expect(event).toMatchObject({ partitionkey: "ann", time: "2026-11-23T09:00:00.000Z", data: { n: 1 } });
      expect(event.id).toMatch(/^test-[a-z0-9]+\/0\/0$/);
      expect(event.source).toMatch(/^\/p[a-z0-9_]+\/a$/);
      expect(record).toMatchObject({ key: "ann", timestampMs: atMs, headers: { own: "h" } });
    }
  });

  it("that has no value is an event without data, and leaves without a value in binary mode", async () => {
    const { headers } = written(CloudEventsKafka.binary(order));
    const given: readonly RecordToStore[] = [
      { key: "ann", value: null, headers: headers! },
      { key: "bob", value: null },
    ];
    const source = { binary: structured, plain: "format json" };
    const [gone] = await through(given.slice(0, 1), { client, source: source.binary, sink: binary });
    expect(gone).toMatchObject({ key: "ann", value: null, headers: { ce_id: "o-1", ce_region: attributes.region } });
    const [inStructured] = await through(given.slice(0, 1), { client, source: source.binary });
    expect(JSON.parse(inStructured!.value!)).toMatchObject({ id: "o-1", region: attributes.region });
    expect(JSON.parse(inStructured!.value!).data ?? null).toBe(null);
    const [plain] = await through(given.slice(1), { client, source: source.plain, sink: binary });
    expect(plain).toMatchObject({ key: "bob", value: null });
    expect(plain!.headers.ce_id).toMatch(/\/0\/0$/);
  });

  it("that is no event is kept with what is wrong with it, and the others pass", async () => {
    const dead = await newTopic(1);
    const good = written(CloudEventsKafka.structured(order));
    const seen = await through([{ key: "k", value: '{"n":1}' }, good], {
      client,
      awaited: 1,
      header: `errors dead_letter { kafka { topic: "${dead}" } }`,
    });
    expect(seen.map((record) => read(record).id)).toEqual(["o-1"]);
    const [bad] = await records.readAll(dead);
    expect(bad).toMatchObject({ key: "k", value: '{"n":1}' });
    expect(bad!.headers["flow-reason"]).toMatch(/specversion|CloudEvent/);
  });
});

describe.each(clients)("what nobody touched, with %s", (client) => {
  it("leaves with its bytes, key, headers and timestamp; tombstones too", async () => {
    const atMs = Date.UTC(2026, 10, 23, 8);
    const given: readonly RecordToStore[] = [
      { key: "a", value: '{ "n": 1.0 }', headers: { h: "1", empty: "" }, timestampMs: atMs },
      { key: null, value: '{"big": 12345678901234567890}', timestampMs: atMs + 1 },
      { key: "b", value: null, headers: { h: "2" }, timestampMs: atMs + 2 },
    ];
    const seen = await through(given, { client, source: "format json", sink: "format json" });
    expect(seen).toEqual(
      given.map(({ headers = {}, ...record }, offset) => ({ partition: 0, offset, headers, ...record })),
    );
  });

  it("has its key, headers, partition and value taken from expressions where the sink says so", async () => {
    const output = await newTopic(4);
    const given = [
      { key: "x", value: '{"user":"ann","part":2,"gone":false}', headers: { own: "1", kind: "old" } },
      { key: "x", value: '{"user":"bob","part":7,"gone":true}' },
      { key: "x", value: '{"user":null,"part":0,"gone":false}' },
    ];
    const options = `, key: data.user, headers: {"kind": "order", "from": event.id}, partition: int(data.part), tombstone: data.gone`;
    const seen = await through(given, { client, source: "format json", sink: "format json", options, output });
    const ids = seen.map(({ headers }) => headers.from);
    expect(ids.every((id) => /\/0\/\d$/.test(id!))).toBe(true);
    expect(
      seen.map(({ partition, key, value, headers: { from: _, ...headers } }) => ({ partition, key, value, headers })),
    ).toEqual([
      { partition: 0, key: null, value: given[2]!.value, headers: { kind: "order" } },
      { partition: 2, key: "ann", value: given[0]!.value, headers: { own: "1", kind: "order" } },
      { partition: 3, key: "bob", value: null, headers: { kind: "order" } },
    ]);
  });

  it.each(["gzip", "snappy", "lz4", "zstd"])("is compressed with %s where the sink says so", async (compression) => {
    // It takes the record only where that is compressed.
    const [input, output] = [await newTopic(1), await newTopic(1, { "max.message.bytes": "20000" })];
    const given = [{ key: "k", value: "abc".repeat(30_000) }];
    await produce(input, given);
    const text = `source a { kafka { topic: "${input}" } format text }
sink b from a { kafka { topic: "${output}", compression: "${compression}" } format text }
`;
    const run = startWorker(stagesOf(newName("p").replace("-", "_"), text)[0]!, { client });
    // The other reader knows gzip only.
    const seen = await through([], { client, source: "format text", sink: "format text", input: output, awaited: 1 });
    await stop(run);
    expect(seen).toMatchObject(given);
  });
});
