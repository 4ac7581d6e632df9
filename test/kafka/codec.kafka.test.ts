/** Our batches and Java's, through a real broker: each reads what the other wrote, in every compression. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordBlock } from "../../runtime/engine/connector.ts";
import type { Compression, KafkaClient } from "../../runtime/kafka/client.ts";
import { recordsOf } from "../../runtime/kafka/codec/batch-samples.fixture.ts";
import { encodeHeaders } from "../../runtime/kafka/codec/headers.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { openNativeClient } from "../../runtime/kafka/native/native-client.ts";
import { bootstrap, newTopic } from "./broker.ts";
import { type JavaRecord, javaConsume, javaProduce } from "./java.ts";

const compressions: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

const large = { "max.message.bytes": "8000000" };

const hex = (text: string): string => Buffer.from(text).toString("hex");

/** Of all kinds: texts that repeat and that do not, nothing, null, headers, long values, times in any order. */
const records: readonly JavaRecord[] = Array.from({ length: 2_000 }, (_, n) => ({
  timestampMs: 1_700_000_000_000 + ((n * 7_919) % 1_000) * 86_400,
  key: n % 7 === 0 ? null : hex(n % 11 === 0 ? "" : `customer-${n % 100}`),
  value:
    n % 13 === 0 ? null : hex(n === 500 ? "long ".repeat(60_000) : JSON.stringify({ n, name: `Ünï ${n * 31_337}` })),
  headers:
    n % 5 === 0
      ? [
          ["ce_id", hex(`e${n}`)],
          ["ä", null],
          ["ce_id", ""],
        ]
      : [],
}));

let client: KafkaClient;
/** By compression; filled by Java, and by us. */
const topicsOf = { java: new Map<Compression, string>(), ours: new Map<Compression, string>() };
let readByJava: ReadonlyMap<string, readonly JavaRecord[]>;

beforeAll(async () => {
  client = await openNativeClient({ brokers: bootstrap().split(","), clientId: "codec-test" });
  for (const compression of compressions) {
    for (const topics of Object.values(topicsOf)) topics.set(compression, await newTopic(1, large));
    await write(topicsOf.ours.get(compression)!, compression);
  }
  await javaProduce(bootstrap(), new Map(Array.from(topicsOf.java, ([name, topic]) => [topic, name])), records);
  readByJava = await javaConsume(bootstrap(), records.length, [...topicsOf.ours.values()]);
});
afterAll(() => client.close());

async function read(topic: string, count: number): Promise<JavaRecord[]> {
  const reader = await client.reader({});
  const partition = reader.open({ topic, partition: 0, offset: 0 });
  const read: JavaRecord[] = [];
  while (read.length < count) read.push(...asJava([(await partition.pull())!], read.length));
  await reader.close();
  return read;
}

const hexOf = (latin1: string | null): string | null =>
  latin1 === null ? null : Buffer.from(latin1, "latin1").toString("hex");

/** The offsets go up one by one. */
function asJava(blocks: readonly RecordBlock[], firstOffset: number): JavaRecord[] {
  return recordsOf(blocks).map(({ offset, timestampMs, key, value, headers }, at) => {
    expect(offset).toBe(firstOffset + at);
    return {
      timestampMs,
      key: hexOf(key),
      value: hexOf(value),
      headers: headers.map(([name, content]) => [name, hexOf(content)] as const),
    };
  });
}

const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, "hex"));

async function write(topic: string, compression: Compression): Promise<void> {
  const producer = await client.producer({ compression });
  const writer = new RecordBatchWriter();
  for (const { timestampMs, key, value, headers } of records)
    writer.add(
      bytesOf(key),
      bytesOf(value),
      timestampMs,
      encodeHeaders(headers.map(([name, content]) => [name, bytesOf(content)])),
    );
  await producer.send([{ topic, partition: 0, records: writer }]);
  await producer.close();
}

describe.each(compressions)("compression %s", (compression) => {
  it("of Java's producer is read by us", async () => {
    expect(await read(topicsOf.java.get(compression)!, records.length)).toEqual(records);
  });

  it("of ours is checked by the broker, and read by Java's consumer and by us", async () => {
    const topic = topicsOf.ours.get(compression)!;
    expect(readByJava.get(topic)).toEqual(records);
    expect(await read(topic, records.length)).toEqual(records);
  });

  it("of ours is taken apart and put together by a broker that keeps another one", async () => {
    const other = compression === "gzip" ? "zstd" : "gzip";
    const topic = await newTopic(1, { ...large, "compression.type": other });
    await write(topic, compression);
    expect(await read(topic, records.length)).toEqual(records);
  });
});
