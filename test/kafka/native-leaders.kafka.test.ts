/** Reading on while brokers go and come, and while connections are cut. */
import { afterEach, describe, expect, it } from "vitest";
import type { PartitionReader } from "../../runtime/kafka/client.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { Cluster } from "../../runtime/kafka/native/cluster.ts";
import { Fetcher } from "../../runtime/kafka/native/fetcher.ts";
import { NativeProducer } from "../../runtime/kafka/native/producer.ts";
import { topicOffsets } from "../../runtime/kafka/native/topic-offsets.ts";
import { newName } from "./broker.ts";
import { startCluster, type Cluster as TestCluster } from "./cluster.ts";
import { KafkaProxy } from "./proxy.ts";
import { Records } from "./records.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function started(options: Parameters<typeof startCluster>[0]): Promise<TestCluster> {
  const brokers = await startCluster(options);
  open.push(() => brokers.stop());
  return brokers;
}

async function fetcherOf(bootstrap: string): Promise<{ readonly cluster: Cluster; readonly fetcher: Fetcher }> {
  const cluster = await Cluster.open({ brokers: bootstrap.split(","), clientId: "test" });
  const fetcher = new Fetcher(cluster);
  open.push(
    () => cluster.close(),
    () => fetcher.close(),
  );
  return { cluster, fetcher };
}

/** Fails where an offset is missing or comes twice: all batches are of one record, without transactions. */
async function readTo(reader: PartitionReader, offset: number): Promise<void> {
  while (reader.position < offset) {
    const from = reader.position;
    const block = await reader.pull();
    expect([block?.baseOffset, (block?.nextOffset ?? 0) - from]).toEqual([from, block?.count]);
  }
}

function twentyRecords(): RecordBatchWriter {
  const records = new RecordBatchWriter();
  for (let at = 0; at < 20; at += 1) records.add(null, String(at), 0);
  return records;
}

const some = (partition: number) => Array.from({ length: 20 }, (_, at) => ({ value: String(at), partition }));

describe("reading partitions", () => {
  it("follows the leader when its broker is killed, and again when it is back", { timeout: 240_000 }, async () => {
    const brokers = await started({ brokers: 3 });
    const { cluster, fetcher } = await fetcherOf(brokers.bootstrap);
    const topic = newName();
    await new Records(brokers.bootstrap).makeTopic(topic, 3);
    const partitions = [0, 1, 2];
    const producer = await NativeProducer.open(cluster, {}, () => {});
    open.push(() => producer.close());
    const readers = partitions.map((partition) => fetcher.open({ topic, partition, offset: 0 }));
    const produceAndRead = async (offset: number) => {
      await producer.send(partitions.map((partition) => ({ topic, partition, records: twentyRecords() })));
      await Promise.all(readers.map((reader) => readTo(reader, offset)));
    };
    await produceAndRead(20);
    await brokers.kill(2);
    await produceAndRead(40);
    const all = partitions.map((partition) => ({ topic, partition }));
    expect(await topicOffsets(cluster, "end", all)).toEqual([40, 40, 40]);
    await brokers.up(2);
    await brokers.kill(3);
    await produceAndRead(60);
  });

  it("goes on after its connections were cut, and when nobody could be reached for a while", {
    timeout: 120_000,
  }, async () => {
    const broker = await started({ proxies: 1 });
    const proxy = await KafkaProxy.listen(broker.proxies[0]!);
    open.push(() => proxy.close());
    const records = new Records(broker.bootstrap);
    const topic = newName();
    await records.makeTopic(topic, 1);
    const { fetcher } = await fetcherOf(proxy.address);
    const reader = fetcher.open({ topic, partition: 0, offset: 0 });
    for (const round of [1, 2, 3]) {
      await records.produce(topic, some(0));
      await readTo(reader, round * 20);
      proxy.cutAll();
    }
    proxy.refuse();
    await records.produce(topic, some(0));
    const pull = reader.pull();
    proxy.clear();
    expect((await pull)?.count).toBe(20);
  });
});
