/** From the producer's send to a read_committed reader of the output, at 10,000 events a second, one process in between. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type RecordBlock, RecordField, recordStride } from "../../runtime/engine/connector.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { openKafkaClient } from "../../runtime/kafka/open-client.ts";
import { type Cluster, partitions } from "./cluster.ts";
import { flowContender } from "./contenders.ts";
import { eventText, keyOf } from "./events.ts";

const perSecond = 10_000;
const seconds = 15;
const everyMs = 5;

export async function latency(cluster: Cluster, delivery: string): Promise<string> {
  const [input, output] = [await cluster.newTopic("slow"), await cluster.newTopic("slow-out")];
  const folder = mkdtempSync(join(cluster.folder, "job-"));
  const job = {
    bootstrap: cluster.bootstrap,
    input,
    output,
    group: `group-${output}`,
    delivery,
    work: "route",
    folder,
  };
  const [command = "", ...words] = flowContender.command(job);
  const child = spawn(command, words, { stdio: "ignore" });
  const client = await openKafkaClient("native", { brokers: [cluster.bootstrap], clientId: "bench" });
  try {
    const taken: number[] = [];
    const reader = await client.reader({ maxWaitMs: 20 });
    for (let partition = 0; partition < partitions; partition++)
      void follow(reader.open({ topic: output, partition, offset: 0 }), taken);
    const producer = await client.producer({});
    const writers = Array.from({ length: partitions }, () => new RecordBatchWriter());
    const start = performance.now();
    for (let sent = 0; sent < perSecond * seconds; ) {
      const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - start) * perSecond) / 1000));
      for (const writer of writers) writer.reset();
      for (; sent < due; sent++) writers[sent % partitions]!.add(keyOf(sent), eventText(sent), Date.now());
      const batches = writers.flatMap((records, partition) =>
        records.count > 0 ? [{ topic: input, partition, records }] : [],
      );
      if (batches.length > 0) await producer.send(batches);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // The first seconds are those of the start.
    const steady = taken.slice(Math.floor(taken.length / 3)).sort((a, b) => a - b);
    const at = (share: number): number => steady[Math.floor(steady.length * share)] ?? Number.NaN;
    return `latency ${delivery} at ${perSecond} events a second (${steady.length} of them): p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms`;
  } finally {
    child.kill("SIGKILL");
    await client.close();
  }
}

async function follow(
  reader: { pull(): RecordBlock | undefined | Promise<RecordBlock | undefined> },
  taken: number[],
): Promise<void> {
  for (let block = await reader.pull(); block !== undefined; block = await reader.pull()) {
    const now = Date.now();
    for (let i = 0; i < block.count; i++)
      if (block.index[i * recordStride + RecordField.valueStart]! >= 0) taken.push(now - block.timestamps[i]!);
  }
}
