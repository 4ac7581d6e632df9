/**
 * What a record costs in the engine and the codec alone, without a broker: blocks of fetched bytes in, batches out. CPU µs a record, median of the rounds:
 * node bench/kafka/engine.ts [--records 400000] [--rounds 5] [--only w1,route].
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compile } from "../../compiler/compile.ts";
import { runtimeConfigs } from "../../compiler/emit/runtime-config.ts";
import { memoryHost } from "../../compiler/source/host.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import type { Connector, RecordBlock, RecordSink, RecordSource } from "../../runtime/engine/connector.ts";
import { runPipeline } from "../../runtime/engine/run.ts";
import { readBlocks } from "../../runtime/kafka/codec/read-blocks.ts";
import { RecordBatchWriter } from "../../runtime/kafka/codec/record-batch-writer.ts";
import { TopicRound } from "../../runtime/kafka/topic-round.ts";
import { pipeline } from "./contenders.ts";
import { eventText, keyOf } from "./events.ts";

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "400000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "route,w1" },
  },
});
const records = Number(values.records);
const partitions = 4;
const batchRecords = 1_000;
const head = {
  producerId: -1n,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  compression: "none",
} as const;

const fetched = fetchedBytes();
for (const work of values.only.split(",")) {
  const folder = mkdtempSync(join(tmpdir(), "flow-bench-"));
  const path = pipeline({
    bootstrap: "none:1",
    input: "in",
    output: "out",
    group: "g",
    delivery: "at_least_once",
    work,
    folder,
  });
  const costs: number[] = [];
  for (let round = 0; round < Number(values.rounds) + 1; round++) {
    const before = process.cpuUsage();
    const out = await run(path, folder);
    const { user, system } = process.cpuUsage(before);
    // The first is for the compiler of JavaScript.
    if (round > 0) costs.push((user + system) / records);
    if (round === 0) console.log(`${work}: ${records} records in, ${out} out`);
  }
  costs.sort((a, b) => a - b);
  console.log(
    `${work}: ${costs[costs.length >> 1]!.toFixed(3)} µs a record (${costs.map((c) => c.toFixed(3)).join(" ")})`,
  );
}

/** By partition, as a broker gives them: a few batches at a time. */
function fetchedBytes(): readonly {
  readonly partition: number;
  readonly fromOffset: number;
  readonly bytes: Buffer;
}[] {
  const all = [];
  const offsets = Array.from({ length: partitions }, () => 0);
  for (let from = 0; from < records; from += batchRecords) {
    const partition = (from / batchRecords) % partitions;
    const writer = new RecordBatchWriter();
    for (let i = from; i < Math.min(records, from + batchRecords); i++)
      writer.add(keyOf(i), eventText(i), 1_700_000_000_000 + i);
    const bytes = Buffer.from(writer.finish(head));
    bytes.writeBigInt64BE(BigInt(offsets[partition]!));
    all.push({ partition, fromOffset: offsets[partition]!, bytes });
    offsets[partition]! += writer.count;
  }
  return all;
}

async function run(path: string, folder: string): Promise<number> {
  const { ir, sources, diagnostics } = compile("bench.flow", memoryHost({ "bench.flow": readFileSync(path, "utf8") }));
  if (ir === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const [config] = runtimeConfigs(ir, { local: true, sources });
  let out = 0;
  const source: RecordSource = {
    kind: "records",
    partitions: Array.from({ length: partitions }, (_, partition) => `in/${partition}`),
    pull: blocksOf(),
    passed: () => {},
    ack: () => {},
    stop: () => {},
    close: () => {},
  };
  const free: TopicRound[] = [];
  let rounds = 0;
  const sink: RecordSink = {
    kind: "records",
    newRound: () => {
      const round = free.pop() ?? new TopicRound("out");
      round.begin(partitions, rounds++);
      return round;
    },
    send: async (round) => {
      for (const { records } of (round as TopicRound).batches()) {
        out += records.count;
        (records as RecordBatchWriter).finish(head);
      }
      await new Promise((resolve) => setImmediate(resolve));
      free.push(round as TopicRound);
      return undefined;
    },
    flush: () => {},
    commit: () => {},
    abort: () => {},
  };
  const connector: Connector = { type: "kafka", openSource: () => source, openSink: () => sink };
  await runPipeline(config!, {
    connectors: new Map([...builtInConnectors(memoryBroker().connector), ["kafka", connector]]),
    baseDirectory: folder,
  }).done;
  return out;
}

function blocksOf(): () => RecordBlock | undefined {
  let next = 0;
  const ready: RecordBlock[] = [];
  return () => {
    while (ready.length === 0 && next < fetched.length)
      ready.push(...readBlocks({ topic: "in", ...fetched[next++]! }).blocks);
    return ready.shift();
  };
}
