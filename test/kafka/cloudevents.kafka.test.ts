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
  readonly input?: string;
  readonly output?: string;
}

/** What a worker makes of records, in their order: the topics have one partition. */
async function through(given: readonly RecordToStore[], how: Through): Promise<readonly StoredRecord[]> {
  const { source = structured, steps, sink = structured, options = "", client } = how;
  const [input, output] = [how.input ?? (await newTopic(1)), how.output ?? (await newTopic(1))];
  const text = `source a { kafka { topic: "${input}" } ${source} }
${steps ?? ""}
sink b from ${steps === undefined ? "a" : "s"} { kafka { topic: "${output}"${options} } ${sink} }
sink bad from b.errors { stdout {} }
`;
  await produce(input, given);
  const run = startWorker(stagesOf(newName("p").replace("-", "_"), text)[0]!, { client });
  const seen = await until(
    () => records.readAll(output),
    (all) => all.length >= given.length,
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

const order = new CloudEvent({
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
  data: { n: 1, text: "ä" },
});

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
    const asText = { key: "k", value: inBase64!.value, headers: inBase64!.headers };
    await through([asText], { client, sink: binary, output });
    const again = await through([], {
      client,
      input: output,
      source: "format bytes",
      sink: "format text",
      steps: "step s from a { map base64.encode(data) }",
      output: await newTopic(1),
    });
    expect(again).toEqual([]);
  });
});
