/**
 * The windowed work items of the peers' benchmark give the hand-written program's output however their input is cut: into blocks of bytes of any
 * size, or into batches of messages. Skipped by name where the peers are not beside this repository.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RuntimeConfig } from "../compiler/contract/runtime-config.ts";
import { builtInConnectors } from "../runtime/connectors/index.ts";
import { memoryBroker } from "../runtime/connectors/memory.ts";
import { manualClock } from "../runtime/engine/clock.ts";
import type { Connector, SourceConnector } from "../runtime/engine/connector.ts";
import { runPipeline } from "../runtime/engine/run.ts";
import { stageOf } from "./support/drive-flow.ts";

const run = promisify(execFile);
const peers = resolve("../shared/peers");
const work = mkdtempSync(join(tmpdir(), "flow-batches-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const events = 10_000;
const seeds = [1, 7, 20261123];
const inputOf = (seed: number): string => join(work, `${seed}.in`);

/** Lines, digest and late events of an output. */
async function digest(path: string): Promise<string> {
  return (await run(process.execPath, [join(peers, "check.mjs"), path])).stdout.trim();
}

/** As the benchmark runs it, but for where the events come from and go to. */
function stage(file: string): RuntimeConfig {
  const config = stageOf(readFileSync(`bench/peers/${file}.flow`, "utf8"));
  const nodes = config.nodes.map((node) =>
    node.kind === "source" || node.kind === "sink"
      ? { ...node, connector: { type: node.kind === "source" ? "cut" : "memory", options: {} } }
      : node,
  );
  return { ...config, nodes };
}

const rest = { ack: () => {}, stop: () => {}, close: () => {} };

/** A file's bytes, so many at a time. */
function bytesOf(content: Uint8Array, size: number): SourceConnector {
  let at = 0;
  let isOpen = false;
  const read = (buffer: Uint8Array, to: number): number => {
    const part = content.subarray(at, Math.min(at + size, at + buffer.length - to));
    buffer.set(part, to);
    at += part.length;
    return part.length;
  };
  const nextPart = () => {
    if (isOpen) return undefined;
    isOpen = true;
    return { name: "events", startOffset: 0, read, close: () => {} };
  };
  return { kind: "bytes", isSteady: true, nextPart, ...rest };
}

/** Its lines as messages, so many a batch. */
function messagesOf(content: Uint8Array, size: number): SourceConnector {
  const lines = Buffer.from(content).toString().trimEnd().split("\n");
  let at = 0;
  const pull = (max: number) => {
    const batch = lines.slice(at, at + Math.min(size, max));
    const messages = batch.map((line, index) => ({ bytes: Buffer.from(line), position: `cut/${at + index}` }));
    at += batch.length;
    return batch.length === 0 ? undefined : { messages };
  };
  return { kind: "messages", pull, ...rest };
}

async function outputOf(file: string, source: SourceConnector): Promise<string> {
  const broker = memoryBroker();
  const cut: Connector = { type: "cut", openSource: () => source };
  const { done } = runPipeline(stage(file), {
    connectors: new Map([...builtInConnectors(broker.connector), ["cut", cut]]),
    baseDirectory: "/",
    clock: manualClock(Date.parse("2100-01-01T00:00:00Z")),
    log: { info: () => {}, warn: () => {} },
  });
  await done;
  const path = join(work, "ours");
  writeFileSync(
    path,
    broker
      .receivedText("out")
      .map((line) => `${line}\n`)
      .join(""),
  );
  writeFileSync(`${path}.late`, `${broker.receivedText("late").join("\n")}\n`);
  return digest(path);
}

const ways = [
  ...[1, 13, 4096, 65_537].map((size) => ({ size, of: "bytes", open: bytesOf })),
  ...[1, 7, 1000].map((size) => ({ size, of: "messages", open: messagesOf })),
];
const cases = seeds.flatMap((seed) => ["w3", "w5"].flatMap((file) => ways.map((way) => ({ seed, file, ...way }))));

describe.skipIf(!existsSync(peers))("W3 and W5 (skipped where ../shared/peers is not there)", () => {
  const theirs = new Map<string, string>();
  beforeAll(async () => {
    for (const seed of seeds) {
      await run(process.execPath, [join(peers, "gen.mjs"), "events", String(events), inputOf(seed), String(seed)]);
      for (const file of ["w3", "w5"]) {
        const path = join(work, `${file}-${seed}.theirs`);
        await run(process.execPath, [join(peers, "node", `${file}.mjs`), inputOf(seed), path, file.toUpperCase()]);
        theirs.set(`${file} ${seed}`, await digest(path));
      }
    }
  }, 60_000);

  it.each(cases)(
    "$file, seed $seed: $size $of at a time",
    async ({ seed, file, size, open }) => {
      expect(await outputOf(file, open(readFileSync(inputOf(seed)), size))).toBe(theirs.get(`${file} ${seed}`));
    },
    30_000,
  );
  it("give the published digests, late events included", () => {
    const published = JSON.parse(readFileSync(join(peers, "digests.json"), "utf8")) as Record<string, string>;
    expect([...theirs.values()]).toContain(published[`W3 ${events}`]);
    expect([...theirs.values()]).toContain(published[`W5 ${events}`]);
  });
});
