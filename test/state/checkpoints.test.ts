/** When input counts as taken, and where each kind of source and sink goes on. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { manualClock, settle } from "../../runtime/engine/clock.ts";
import { runPipeline } from "../../runtime/engine/run.ts";
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import { MemoryStore } from "../../runtime/state/memory-store.ts";
import type { StateStore } from "../../runtime/state/state-store.ts";
import { stageOf } from "../support/drive-flow.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface World {
  readonly store: StateStore;
  readonly broker: ReturnType<typeof memoryBroker>;
  readonly clock: ReturnType<typeof manualClock>;
  readonly folder: string;
}

function world(store: StateStore = new MemoryStore()): World {
  const folder = mkdtempSync(join(tmpdir(), "flow-checkpoints-"));
  folders.push(folder);
  return { store, broker: memoryBroker(), clock: manualClock(Date.parse("2024-02-29T12:00:00Z")), folder };
}

function start(flow: string, { store, broker, clock, folder }: World) {
  const run = runPipeline(stageOf(flow), {
    connectors: builtInConnectors(broker.connector),
    baseDirectory: folder,
    clock,
    state: { store, id: "test", everyMs: 1_000 },
  });
  run.done.catch(() => {});
  return run;
}

/** Ends a run as a crash does: without a last checkpoint. */
async function crash(run: ReturnType<typeof start>): Promise<void> {
  run.stop();
  run.stop();
  await run.done.catch(() => {});
}

const pushed = `source s { memory {} }
window w from s { key data.k global emit { k: key, n: count() } }
sink out from w { memory {} }
`;

describe("a checkpoint", () => {
  it("comes before input is acknowledged, and the windows that hold the input need not have given anything", async () => {
    const here = world();
    const input = here.broker.input("s");
    const run = start(pushed, here);
    await settle();
    input.push('{"k":1}');
    // All sources rest, so there is one at once.
    await settle();
    expect(input.acknowledged).toEqual(["pushed/0"]);
    await crash(run);
    const next = { ...here, broker: memoryBroker() };
    next.broker.input("s").push('{"k":1}');
    next.broker.input("s").end();
    await start(pushed, next).done;
    expect(next.broker.receivedText("out")).toEqual(['{"k":1,"n":2}']);
  });

  it("is not taken while a join is in the middle of its pairs", async () => {
    const joined = `type T { t: int, n: int }
      source a: T { memory {} time timestampMillis(data.t) watermark 0s }
      source b: T { memory {} time timestampMillis(data.t) watermark 0s }
      window w from a as x, b as y { join 1 + x.data.t == 1 + y.data.t fixed 1m emit [x.data.n, y.data.n] }
      sink out from w { memory {} }`;
    const side = Array.from({ length: 400 }, (_, n) => JSON.stringify({ t: 1, n }));
    const later = JSON.stringify({ t: 60_000, n: 0 });
    const here = world();
    let release: () => void = () => {};
    const released = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    here.broker.onSend("out", () => released);
    for (const name of ["a", "b"]) here.broker.input(name);
    const run = start(joined, here);
    await settle();
    for (const line of side) for (const name of ["a", "b"]) here.broker.input(name).push(line);
    const acknowledged = () => here.broker.input("a").acknowledged.length;
    await vi.waitFor(() => expect(acknowledged()).toBe(400));
    for (const name of ["a", "b"]) here.broker.input(name).push(later);
    const given = () => run.stats().nodes.find(({ node }) => node === "w")?.eventsOut;
    await vi.waitFor(() => expect(given()).toBeGreaterThan(0));
    expect(given()).toBeLessThan(160_000);
    await here.clock.advance(5_000);
    expect(await run.checkpoint()).toBe(false);
    expect(acknowledged()).toBe(400);
    await crash(run);
    release();
    // Its senders have the last events still, and the pairs that came out before the crash come again.
    const next = { ...here, broker: memoryBroker() };
    for (const name of ["a", "b"]) {
      next.broker.input(name).push(later);
      next.broker.input(name).end();
    }
    await start(joined, next).done;
    expect(next.broker.receivedText("out")).toHaveLength(160_001);
    expect(next.broker.receivedText("out").at(-2)).toBe("[399,399]");
  });

  it("that cannot be written ends the run, and nothing was acknowledged", async () => {
    const full = new MemoryStore();
    let isFull = false;
    const write = full.transaction.bind(full);
    full.transaction = (changes) => {
      if (isFull) throw new RuntimeError("state-unavailable", "the disk is full");
      write(changes);
    };
    const here = world(full);
    const input = here.broker.input("s");
    const run = start(pushed, here);
    await settle();
    isFull = true;
    input.push('{"k":1}');
    await expect(run.done).rejects.toMatchObject({ code: "state-unavailable" });
    expect(input.acknowledged).toEqual([]);
  });
});

describe("going on after a crash", () => {
  it("generate counts on, without the time when nothing ran", async () => {
    const here = world();
    const flow = "source g { generate { rate: 1/s, count: 5, data: { i: i } } }\nsink out from g { memory {} }\n";
    const run = start(flow, here);
    await settle();
    for (let second = 0; second < 2; second++) await here.clock.advance(1_000);
    await settle();
    await crash(run);
    await here.clock.advance(60_000);
    const again = start(flow, here);
    await settle();
    const before = here.broker.receivedText("out").length;
    expect(before).toBeLessThanOrEqual(4);
    for (let second = 0; second < 5; second++) await here.clock.advance(1_000);
    await again.done;
    expect(here.broker.receivedText("out")).toEqual([0, 1, 2, 3, 4].map((i) => `{"i":${i}}`));
  });

  it("cron makes up for the times at which nothing ran", async () => {
    const here = world();
    const flow = 'source c { cron { schedule: "* * * * *" } }\nsink out from c { memory {} }\n';
    const run = start(flow, here);
    await settle();
    await here.clock.advance(60_000);
    await settle();
    await crash(run);
    await here.clock.advance(180_000);
    const again = start(flow, here);
    await settle();
    expect(here.broker.receivedText("out")).toEqual(
      ["01", "02", "03", "04"].map((minute) => `{"scheduled":"2024-02-29T12:${minute}:00.000Z"}`),
    );
    await crash(again);
  });

  const copy = (path: string) => `source s { memory {} }\nsink out from s { file { path: "${path}", append: true } }\n`;

  it("a file that is added to loses what came after the checkpoint, and nothing else", async () => {
    for (const path of ["o.ndjson", "o.ndjson.gz"]) {
      const here = world();
      const file = join(here.folder, path);
      const text = () => {
        const bytes = readFileSync(file);
        return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
      };
      const input = here.broker.input("s");
      const run = start(copy(path), here);
      await settle();
      input.push('{"a":1}');
      while (input.acknowledged.length === 0) await settle();
      await crash(run);
      appendFileSync(file, "half a rec");
      const next = { ...here, broker: memoryBroker() };
      next.broker.input("s").push('{"a":2}');
      next.broker.input("s").end();
      await start(copy(path), next).done;
      expect(text()).toBe('{"a":1}\n{"a":2}\n');
    }
  });

  it("after an orderly stop what somebody else added stays", async () => {
    const here = world();
    const file = join(here.folder, "o.ndjson");
    writeFileSync(file, "theirs");
    const input = here.broker.input("s");
    const run = start(copy("o.ndjson"), here);
    await settle();
    input.push('{"a":1}');
    await settle();
    run.stop();
    await run.done;
    appendFileSync(file, "theirs too\n");
    const next = { ...here, broker: memoryBroker() };
    next.broker.input("s").end();
    await start(copy("o.ndjson"), next).done;
    expect(readFileSync(file, "utf8")).toBe('theirs\n{"a":1}\ntheirs too\n');
  });

  it("a file that is not the one that was written is never cut", async () => {
    const here = world();
    const file = join(here.folder, "o.ndjson");
    const input = here.broker.input("s");
    const run = start(copy("o.ndjson"), here);
    await settle();
    input.push('{"a":1}');
    await settle();
    await crash(run);
    writeFileSync(file, "another file, which happens to be longer\n");
    await expect(start(copy("o.ndjson"), here).done).rejects.toThrow("is not the file that was written");
    expect(readFileSync(file, "utf8")).toBe("another file, which happens to be longer\n");
  });
});
