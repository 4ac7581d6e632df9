/** Windows with more keys than memory has room for: what comes out is what comes out with room for all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssignPlan } from "../../compiler/contract/runtime-config.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { manualClock, settle } from "../../runtime/engine/clock.ts";
import { runPipeline } from "../../runtime/engine/run.ts";
import { MemoryStore } from "../../runtime/state/memory-store.ts";
import { OrderIndex } from "../../runtime/state/order-index.ts";
import { sqliteSpill } from "../../runtime/state/sqlite-spill.ts";
import type { CellCode } from "../../runtime/windows/cell.ts";
import { OrderSet } from "../../runtime/windows/order-set.ts";
import { stageOf } from "../support/drive-flow.ts";
import { type PlayOptions, play } from "../support/play-windows.ts";

const events = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 30 }).map((key) => `k${key}`),
    timeMs: fc.integer({ min: -50, max: 150 }),
    value: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 200, size: "max" },
);
const assign = fc.constantFrom<AssignPlan>(
  { kind: "fixed", sizeMs: 10, offsetMs: 3 },
  { kind: "fixed", sizeMs: 70, offsetMs: 0 },
  { kind: "global" },
  { kind: "session", gapMs: 8 },
  { kind: "session", gapMs: 2 },
);
const delayMs = fc.integer({ min: 0, max: 120 });
const cells = fc.integer({ min: 1, max: 20 });
const rulesOf = (assign: AssignPlan) => ({ assign, timestamp: assign.kind === "global" ? "latest" : "end" }) as const;

describe("windows whose cells leave memory", () => {
  it("give the same, in the same order, as those whose cells stay", () => {
    let written = 0;
    fc.assert(
      fc.property(events, assign, delayMs, cells, (input, assign, delayMs, cells) => {
        const all = play(input, rulesOf(assign), { delayMs });
        const some = play(input, rulesOf(assign), { delayMs, cells });
        written += some.writtenCells;
        expect(some.text()).toEqual(all.text());
        expect(some.late).toEqual(all.late);
        expect(some.operator.dropped).toEqual(all.operator.dropped);
        expect(some.operator.openCells).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(written).toBeGreaterThan(1_000);
  });

  it("give the same when firing stops after any pane and goes on", () => {
    fc.assert(
      fc.property(events, assign, delayMs, fc.infiniteStream(fc.boolean()), (input, assign, delayMs, pauses) => {
        const isPaused = () => pauses.next().value === true;
        const some = play(input, rulesOf(assign), { delayMs, cells: 4, isPaused });
        expect(some.text()).toEqual(play(input, rulesOf(assign), { delayMs }).text());
      }),
    );
  });

  it("go on after a restart as if there had been none, with and without room for all", () => {
    const options = fc.record({ restartAfter: fc.nat(200), cells: fc.option(cells, { nil: undefined }) });
    fc.assert(
      fc.property(events, assign, delayMs, options, (input, assign, delayMs, { restartAfter, cells }) => {
        const how: PlayOptions = { delayMs, restartAfter, ...(cells === undefined ? {} : { cells }) };
        expect(play(input, rulesOf(assign), how).text()).toEqual(play(input, rulesOf(assign), { delayMs }).text());
      }),
      { numRuns: 300 },
    );
  });
});

async function run(flow: string, records: readonly string[], cells?: number): Promise<readonly string[]> {
  const broker = memoryBroker();
  const input = broker.input("s");
  for (const record of records) input.push(record);
  input.end();
  await runPipeline(stageOf(flow), {
    connectors: builtInConnectors(broker.connector),
    baseDirectory: ".",
    ...(cells === undefined ? {} : { spill: { cells, plan: sqliteSpill } }),
  }).done;
  return broker.receivedText("out");
}

const words = `source s: string { memory {} format text }
step each from s { expand regex.extractAll(data, "[a-z]+") }
window w from each { key data global emit { word: key, n: count() } }
sink out from w { memory {} }
`;
const aggregates = `type Event { k: int, t: int }
source s: Event { memory {} time timestamp(data.t) }
window w from s { key data.k KIND emit { k: key, n: count(), sum: sum(data.t), top: top(2, data.t), all: list(data.t), kinds: distinct(data.t % 3), last: last(data.t), middle: quantile(data.t, 0.5) } }
sink out from w { memory {} }
`;

describe("a pipeline whose cells leave memory", () => {
  it("counts every word, also those whose counts are found without looking into the window", async () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(letters, { maxLength: 30 }), fc.integer({ min: 1, max: 12 }), async (lines, cells) => {
        expect(await run(words, lines, cells)).toEqual(await run(words, lines));
      }),
      { numRuns: 40 },
    );
  });

  it.each(["global", "fixed 20s", "session 3s"])("keeps all aggregates of %s windows exactly", async (kind) => {
    const flow = aggregates.replace("KIND", kind);
    const record = fc.record({ k: fc.integer({ min: 0, max: 12 }), t: fc.integer({ min: 0, max: 90 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 60 }), async (records) => {
        const lines = records.map((one) => JSON.stringify(one));
        expect(await run(flow, lines, 3)).toEqual(await run(flow, lines));
      }),
      { numRuns: 25 },
    );
  });
});

describe("a pipeline that keeps state while its cells leave memory", () => {
  it.each(["global", "fixed 20s", "session 3s"])("goes on after a crash with what %s windows held", async (kind) => {
    const flow = aggregates.replace("KIND", kind);
    const record = fc.record({ k: fc.integer({ min: 0, max: 12 }), t: fc.integer({ min: 0, max: 30 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 4 }), async (parts) => {
        const lines = parts.map((part) => part.map((one) => JSON.stringify(one)));
        expect(await crashing(flow, lines)).toEqual(await run(flow, lines.flat()));
      }),
      { numRuns: 15 },
    );
  });
});

/** Ends the run as a crash does after each part but the last. */
async function crashing(flow: string, parts: readonly (readonly string[])[]): Promise<string[]> {
  const store = new MemoryStore();
  const results: string[] = [];
  for (const [at, part] of [...parts, []].entries()) {
    const broker = memoryBroker();
    const input = broker.input("s");
    for (const record of part) input.push(record);
    const pipeline = runPipeline(stageOf(flow), {
      connectors: builtInConnectors(broker.connector),
      baseDirectory: ".",
      clock: manualClock(Date.parse("2024-02-29T12:00:00Z")),
      spill: { cells: 3, plan: sqliteSpill },
      state: { store, id: "test", everyMs: 1_000 },
    });
    pipeline.done.catch(() => {});
    // All sources rest, so there is a checkpoint at once.
    if (at < parts.length) {
      await settle();
      pipeline.stop();
      pipeline.stop();
      await pipeline.done.catch(() => {});
    } else {
      input.end();
      await pipeline.done;
    }
    // What earlier runs gave stands there as gaps.
    results.push(...broker.receivedText("out").filter((text) => text !== undefined));
  }
  return results;
}

describe("the index of cells outside of memory", () => {
  it("finds what was added and not removed", () => {
    const hashes = fc.integer({ min: 2, max: 40 }).map((hash) => Math.imul(hash, 0x10000001) >>> 0);
    const change = fc.tuple(fc.boolean(), hashes, fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300, size: "max" }), (changes) => {
        const index = new OrderIndex();
        const model = new Map<number, Set<number>>();
        for (const [isNew, hash, order] of changes) {
          const orders = model.get(hash) ?? new Set();
          model.set(hash, orders);
          if (isNew && !orders.has(order)) index.add(hash, order);
          if (isNew) orders.add(order);
          else {
            index.remove(hash, order);
            orders.delete(order);
          }
        }
        for (const [hash, orders] of model) expect([...index.find(hash)].sort()).toEqual([...orders].sort());
      }),
    );
  });

  it("knows orders beyond 32 bits", () => {
    const code: CellCode = {
      create: (key, hash, window, order) => ({
        key,
        hash,
        window,
        order,
        timeMs: 0,
        isChanged: false,
        state: undefined,
      }),
      merge: () => {},
      reset: () => {},
      emit: () => undefined,
      retract: () => {},
      save: () => {},
      load: () => {},
    };
    const spill = sqliteSpill(1, () => {}).open(code, true);
    const window = { start: 0, end: 10 };
    for (const [at, order] of [7, 2 ** 32 + 7, 2 ** 33 + 9].entries())
      spill?.put(code.create(`k${at}`, `k${at}`, window, order), 0);
    expect(spill?.take("k2", 0).map(({ order }) => order)).toEqual([2 ** 33 + 9]);
    expect(spill?.take("k1", 0).map(({ order }) => order)).toEqual([2 ** 32 + 7]);
    expect(spill?.take("k0", 0).map(({ order }) => order)).toEqual([7]);
    expect(spill?.take("k0", 0)).toEqual([]);
  });
});

describe("a set of orders", () => {
  it("holds what was put in", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat({ max: 2 ** 45 }))), (orders) => {
        const set = new OrderSet();
        for (const order of orders) set.add(order);
        expect([...set].sort((a, b) => a - b)).toEqual([...new Set(orders)].sort((a, b) => a - b));
        set.clear();
        expect([...set]).toEqual([]);
      }),
    );
  });
});
