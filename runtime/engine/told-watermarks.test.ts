/** Holds how watermarks go from stage to stage: what a stage tells of its output, what the next one makes of it, and what several partitions in one task do. */
import { describe, expect, it } from "vitest";
import { type DriveLogOptions, driveLog, type LogRecord } from "../../test/support/drive-log.ts";
import { MemoryStore } from "../state/memory-store.ts";

const log = (topic: string) => `kafka { brokers: ["k:1"], topic: "${topic}" }`;
const task = { from: "first/0", of: 1 };
const told = { sinkOptions: { watermarks: true } } as const;

/** An event at so many seconds. */
const at = (seconds: number, key = "k"): LogRecord => ({
  value: JSON.stringify({ s: seconds, key }),
  timestampMs: seconds * 1000,
});
/** What a task upstream says. */
const says = (from: string, ms: number | null, more: object = {}, of = 1): LogRecord => ({
  value: null,
  headers: { "flow-watermark": JSON.stringify({ from, of, ms, ...more }) },
});

describe("a stage before another one", () => {
  const flow = `source a { ${log("in")} watermark 1s idle 10s } step s from a { filter data.s < 100 } sink out from s { ${log("out")} }`;
  const heard = (run: ReturnType<typeof driveLog>) =>
    run
      .written("out")
      .filter(({ toAll }) => toAll)
      .map(({ headers }) => JSON.parse(headers!["flow-watermark"]!));

  it("tells of its watermark behind the events that it is about, when it has moved", async () => {
    const run = driveLog(flow, { ...told, task });
    await run.push("a", [at(3), at(200)]);
    run.run.tellWatermarks("first/0", 1);
    run.run.tellWatermarks("first/0", 1);
    await run.advanceMs(0);
    expect(run.written("out").map(({ toAll, value }) => (toAll ? "told" : value))).toEqual([
      '{"s":3,"key":"k"}',
      "told",
    ]);
    await run.push("a", [at(300)]);
    run.run.tellWatermarks("first/0", 1);
    await run.advanceMs(0);
    expect(heard(run)).toEqual([
      { from: "first/0", of: 1, ms: 199_000 },
      { from: "first/0", of: 1, ms: 299_000 },
    ]);
  });
  it("tells at once that it has nothing yet, when it is idle, and when nothing more comes", async () => {
    const run = driveLog(flow, { ...told, task });
    await run.advanceMs(0);
    const tell = async () => {
      run.run.tellWatermarks("first/0", 1);
      await run.advanceMs(0);
    };
    await tell();
    await run.push("a", [at(3)]);
    await tell();
    await run.advanceMs(10_000);
    await tell();
    await run.push("a", [at(4)]);
    await tell();
    await run.finish();
    expect(heard(run)).toEqual([
      { from: "first/0", of: 1, ms: null },
      { from: "first/0", of: 1, ms: 2_000 },
      { from: "first/0", of: 1, ms: 2_000, idle: true },
      { from: "first/0", of: 1, ms: 3_000 },
      { from: "first/0", of: 1, ms: null, end: true },
    ]);
  });
  it("tells in each checkpoint, and not of an end that is none when it is stopped", async () => {
    const state = { store: new MemoryStore(), id: "s", everyMs: 1_000_000 };
    const run = driveLog(flow, { ...told, task, state });
    await run.push("a", [at(3)]);
    await run.run.checkpoint();
    await run.push("a", [at(4)]);
    run.run.stop();
    await run.run.done;
    expect(heard(run).map(({ ms }) => ms)).toEqual([null, 2_000, 3_000]);
    const without = driveLog(flow, { ...told, task });
    await without.push("a", [at(3)]);
    without.run.stop();
    await without.run.done;
    expect(heard(without)).toEqual([]);
  });
  it("tells that it is idle though nothing comes, also soon after a checkpoint", async () => {
    const two = `source a { ${log("in")} watermark 0s idle 10s } source b { ${log("in")} watermark 0s idle 10050ms }
      step s from a, b { filter true } sink out from s { ${log("out")} }`;
    const state = { store: new MemoryStore(), id: "s", everyMs: 100, isPaced: true } as const;
    const run = driveLog(two, { ...told, task, state });
    await run.push("a", [at(3)]);
    await run.push("b", [at(4)]);
    await run.advanceMs(10_000);
    await run.advanceMs(50);
    // On a busy machine the next checkpoint is put off.
    await run.advanceMs(60_000);
    expect(heard(run).map(({ ms, idle }) => [ms, idle])).toEqual([
      [null, undefined],
      [3_000, undefined],
      [4_000, undefined],
      [4_000, true],
    ]);
  });
  it("tells of results that a window still holds", async () => {
    const windowed = `source a { ${log("in")} watermark 0s } window w from a { key data.key fixed 10s emit {n: count()} } sink out from w { ${log("out")} }`;
    const run = driveLog(windowed, { ...told, task });
    await run.push("a", [at(3), at(5)]);
    run.run.tellWatermarks("first/0", 1);
    await run.push("a", [at(12)]);
    run.run.tellWatermarks("first/0", 1);
    await run.push("a", [at(31)]);
    run.run.tellWatermarks("first/0", 1);
    await run.advanceMs(0);
    expect(
      run
        .written("out")
        .map(({ toAll, value, headers }) => (toAll ? JSON.parse(headers!["flow-watermark"]!).ms : value)),
    ).toEqual([5_000, '{"n":1}'.replace("1", "2"), 12_000, '{"n":1}', 31_000]);
  });
});

describe("a stage behind another one", () => {
  const flow = `source a { ${log("in")} } window w from a { key data.key fixed 10s emit {start: window.start, n: count()} } sink out from w { ${log("out")} }
    sink late from w.late { ${log("late")} }`;
  const behind = (options: DriveLogOptions = {}) => driveLog(flow, { sourceOptions: { watermarks: true }, ...options });

  it("takes its watermark from what it is told, and not from the times of events", async () => {
    const run = behind();
    await run.push("a", [at(3), at(500), at(5)]);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [says("first/0", 9_999)]);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [says("first/0", 10_000), at(6)]);
    expect(run.values("out")).toEqual(['{"start":"1970-01-01T00:00:00Z","n":2}']);
    await run.advanceMs(0);
    expect(run.values("late")).toEqual(['{"s":6,"key":"k"}']);
    expect((await run.finish()).nodes[0]).toMatchObject({ eventsIn: 4 });
  });
  it("waits for all tasks upstream, and not for those that are idle", async () => {
    const run = behind();
    await run.push("a", [at(3), says("first/0", 20_000, {}, 3), says("first/1", 30_000, {}, 3)]);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [says("first/2", null, {}, 3)]);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [says("first/2", null, { idle: true }, 3)]);
    expect(run.values("out").length).toBe(1);
    expect(run.run.watermark("w")).toBe(20_000);
  });
  it("takes the watermark of a task whoever runs it, and never back", async () => {
    const run = behind();
    await run.push("a", [at(3), says("first/0", 20_000), says("first/0", 5_000), at(6)]);
    expect([run.values("out").length, run.run.watermark("w")]).toEqual([1, 20_000]);
    await run.advanceMs(0);
    expect(run.values("late").length).toBe(1);
  });
  it("waits for each of its partitions", async () => {
    const run = behind({ partitions: 2 });
    await run.push("a", [at(3), says("first/0", 20_000)], 0);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [says("first/0", 20_000)], 1);
    expect(run.values("out").length).toBe(1);
  });
  it("is idle when all upstream are, and goes on with the first event", async () => {
    const run = behind();
    await run.push("a", [at(13), says("first/0", 9_000), says("first/0", 9_000, { idle: true })]);
    await run.push("a", [at(12)]);
    await run.push("a", [says("first/0", 20_000)]);
    await run.advanceMs(0);
    expect([run.values("out"), run.values("late")]).toEqual([['{"start":"1970-01-01T00:00:10Z","n":2}'], []]);
  });
  it("gives everything when all upstream have ended", async () => {
    const run = behind();
    await run.push("a", [at(3), at(500), says("first/0", null, { end: true }, 2), says("first/1", 100_000, {}, 2)]);
    expect(run.values("out").length).toBe(1);
    await run.push("a", [says("first/1", null, { end: true }, 2)]);
    expect(run.values("out").length).toBe(2);
  });
  it("knows after a restart what it was told before", async () => {
    const state = { store: new MemoryStore(), id: "s", everyMs: 1_000_000 };
    const first = behind({ state, partitions: 2 });
    await first.push("a", [at(3), says("first/0", 20_000, {}, 2), says("first/1", 7_000, {}, 2)], 0);
    await first.push("a", [says("first/0", 20_000, {}, 2), says("first/1", 7_000, {}, 2)], 1);
    first.run.stop();
    await first.run.done;
    const second = behind({ state, partitions: 2 });
    await second.push("a", [says("first/1", 11_000, {}, 2)], 0);
    expect(second.values("out")).toEqual([]);
    await second.push("a", [says("first/1", 11_000, {}, 2)], 1);
    expect(second.values("out").length).toBe(1);
  });
  it("takes no event for a watermark, and no watermark for an event", async () => {
    const run = behind();
    await run.push("a", [
      { key: "k", value: null, headers: { "flow-watermark": "{}" } },
      { value: null, headers: { "flow-watermark": "nonsense" } },
      { value: null, headers: { other: "1" } },
    ]);
    const { nodes } = await run.finish();
    expect(nodes[0]).toMatchObject({ eventsIn: 2 });
  });
});

describe("several partitions in one task", () => {
  const flow = `source a { ${log("in")} watermark 0s idle 5s } window w from a { key data.key fixed 10s emit {n: count()} } sink out from w { ${log("out")} }
    sink late from w.late { ${log("late")} }`;

  it("have a watermark each, and the source the least of them", async () => {
    const run = driveLog(flow, { partitions: 2 });
    await run.push("a", [at(3), at(25)], 0);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [at(4), at(12)], 1);
    expect(run.values("out")).toEqual(['{"n":2}']);
    await run.push("a", [at(5)], 0);
    await run.advanceMs(0);
    expect(run.values("late").length).toBe(1);
    await run.push("a", [at(13)], 0);
    expect(run.values("late").length).toBe(1);
  });
  it("are not waited for when they are idle, each by itself", async () => {
    const run = driveLog(flow, { partitions: 2 });
    await run.push("a", [at(3)], 0);
    await run.push("a", [at(2)], 1);
    await run.advanceMs(4_000);
    await run.push("a", [at(25)], 0);
    await run.advanceMs(999);
    expect(run.values("out")).toEqual([]);
    await run.advanceMs(1);
    expect(run.values("out")).toEqual(['{"n":2}']);
  });
  it("count again as soon as something comes", async () => {
    const run = driveLog(flow, { partitions: 2 });
    await run.push("a", [at(3)], 0);
    await run.advanceMs(5_000);
    await run.push("a", [at(1)], 1);
    await run.push("a", [at(15)], 0);
    expect(run.values("out")).toEqual([]);
    await run.push("a", [at(11)], 1);
    expect(run.values("out")).toEqual(['{"n":2}']);
  });
  it("stand after a restart where they stood", async () => {
    const state = { store: new MemoryStore(), id: "s", everyMs: 1_000_000 };
    const first = driveLog(flow, { partitions: 2, state });
    await first.push("a", [at(3), at(25)], 0);
    await first.push("a", [at(4)], 1);
    first.run.stop();
    await first.run.done;
    const second = driveLog(flow, { partitions: 2, state });
    await second.push("a", [at(11)], 1);
    expect([first.values("out"), second.values("out")]).toEqual([[], ['{"n":2}']]);
  });
});
