import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";
import type { DriveOptions } from "./drive.ts";

const source = (name: string, watermark = "watermark 0s") =>
  `source ${name}: T { memory {} time timestampMillis(data.t) ${watermark} }`;
const type = "type T { t: int, k?: string, n?: int }";
const minutes = (from: string) =>
  `window w from ${from} { fixed 1m emit { start: window.start.unixMillis() / 1000, n: count() } } sink out from w { memory {} }`;
const at = (...seconds: readonly number[]) => seconds.map((second) => ({ t: second * 1000 }));

describe("a source's watermark", () => {
  it("closes a window with the first event that is the delay past its end", async () => {
    const run = driveFlow(`${type} ${source("a", "watermark 5s")} ${minutes("a")}`);
    await run.send("a", ...at(0, 59, 64));
    expect(run.received("out")).toEqual([]);
    await run.send("a", ...at(65));
    expect(run.received("out")).toEqual([{ start: 0, n: 2 }]);
    await run.finish();
    expect(run.received("out")).toEqual([
      { start: 0, n: 2 },
      { start: 60, n: 2 },
    ]);
  });
  it("judges an event by how it stood before, so the event that closes a window is never late itself", async () => {
    const flow = `${type} ${source("a")} ${minutes("a")} sink late from w.late { memory {} }`;
    const run = driveFlow(flow);
    await run.send("a", ...at(10, 200, 20, 199));
    await run.finish();
    expect(run.received("late")).toEqual(at(20));
    expect(run.received("out")).toEqual([
      { start: 0, n: 1 },
      { start: 180, n: 2 },
    ]);
  });
  it("never goes back", async () => {
    const run = driveFlow(`${type} ${source("a")} ${minutes("a")} sink late from w.late { memory {} }`);
    await run.send("a", ...at(100, 70, 20));
    expect(run.received("late")).toEqual(at(20));
  });
  it("is not moved by an event further ahead of the clock than is believed, which is still counted where it belongs", async () => {
    const run = driveFlow(`${type} ${source("a", "watermark 0s ahead 1h")} ${minutes("a")}`);
    await run.send("a", ...at(10), ...at(1_000_000), ...at(20));
    expect(run.received("out")).toEqual([{ start: 0, n: 1 }]);
    const summary = await run.finish();
    expect(run.received("out")).toEqual([
      { start: 0, n: 1 },
      { start: 999_960, n: 1 },
    ]);
    expect(summary.nodes.find(({ node }) => node === "a")).toMatchObject({ ahead: 1 });
  });
  it("is said in the run's figures, and so are late events by their reason", async () => {
    const run = driveFlow(`${type} ${source("a", "watermark 5s")} ${minutes("a")}`);
    await run.send("a", ...at(0, 70, 3));
    expect(run.run.stats().nodes).toMatchObject([
      { node: "a", watermark: "1970-01-01T00:01:05Z" },
      { node: "w", late: { lateness: 1, closedWindow: 0 }, open: 1 },
      { node: "out" },
    ]);
  });
});

describe("several sources", () => {
  const flow = `${type} ${source("a")} ${source("b", "watermark 0s idle 10s")} ${minutes("a, b")}`;
  it("hold a window back until the last of them is past its end", async () => {
    const run = driveFlow(flow);
    await run.send("a", ...at(0, 100));
    expect(run.received("out")).toEqual([]);
    await run.send("b", ...at(30, 61));
    expect(run.received("out")).toEqual([{ start: 0, n: 2 }]);
  });
  it("do not wait for one that is idle, and take it back in when it gives again", async () => {
    const run = driveFlow(flow);
    await run.send("b", ...at(1));
    await run.send("a", ...at(0, 100));
    await run.advanceMs(9_999);
    expect(run.received("out")).toEqual([]);
    await run.advanceMs(1);
    expect(run.received("out")).toEqual([{ start: 0, n: 2 }]);
    await run.send("b", ...at(110));
    await run.send("a", ...at(200));
    expect(run.received("out")).toEqual([{ start: 0, n: 2 }]);
    await run.send("b", ...at(125));
    expect(run.received("out")).toEqual([
      { start: 0, n: 2 },
      { start: 60, n: 2 },
    ]);
  });
  it("do not wait for one that is idle behind a step and a window of its own, but for what that window holds", async () => {
    const run = driveFlow(`${type} ${source("a")} ${source("b", "watermark 0s idle 10s")}
      step s from b { filter true }
      window first from s { fixed 1m emit { t: window.start.unixMillis() } }
      window w from a, s { fixed 1m emit { start: window.start.unixMillis() / 1000, n: count() } }
      window both from a, first { fixed 1m emit { start: window.start.unixMillis() / 1000, n: count() } }
      sink out from w { memory {} } sink held from both { memory {} }`);
    await run.send("b", ...at(61));
    await run.send("a", ...at(0, 200));
    expect(run.received("out")).toEqual([{ start: 0, n: 1 }]);
    await run.advanceMs(10_000);
    expect(run.received("out")).toEqual([
      { start: 0, n: 1 },
      { start: 60, n: 1 },
    ]);
    expect(run.received("held")).toEqual([{ start: 0, n: 1 }]);
    await run.finish();
    expect(run.received("held")).toEqual([
      { start: 0, n: 1 },
      { start: 60, n: 1 },
      { start: 180, n: 1 },
    ]);
  });
  it("do not wait for one that has ended", async () => {
    const run = driveFlow(
      `${type} source a: T { memory { events: [{ t: 5 }] } time timestampMillis(data.t) } ${source("b")} ${minutes("a, b")}`,
    );
    await run.send("b", ...at(10, 70));
    await run.finish();
    expect(run.received("out")).toEqual([
      { start: 0, n: 2 },
      { start: 60, n: 1 },
    ]);
  });
});

describe("windows over windows", () => {
  it("get every result in time, because their watermark is held back until the first has fired", async () => {
    const run = driveFlow(`${type} ${source("a")}
      window w from a { key data.k fixed 1m emit { k: key, n: count() } }
      window hours from w { fixed 1h emit { start: window.start.unixMillis() / 1000, n: sum(data.n), windows: count() } }
      sink out from hours { memory {} } sink late from hours.late { memory {} }`);
    await run.send("a", ...[0, 30, 3_590, 3_599, 3_600, 3_700, 8_000].map((s) => ({ t: s * 1000, k: "x" })));
    await run.finish();
    expect(run.received("late")).toEqual([]);
    expect(run.received("out")).toEqual([
      { start: 0, n: 4, windows: 2 },
      { start: 3_600, n: 2, windows: 2 },
      { start: 7_200, n: 1, windows: 1 },
    ]);
  });
  it("read late events as they came", async () => {
    const run = driveFlow(`${type} ${source("a")} ${minutes("a")}
      window lost from w.late { global emit list(data.t) } sink late from lost { memory {} }`);
    await run.send("a", ...at(100, 1, 2, 200, 3));
    await run.finish();
    expect(run.received("late")).toEqual([[1000, 2000, 3000]]);
  });
});

describe("a result", () => {
  it("has the last instant of its window as its time, and an id made of window, key, start and pane", async () => {
    const run = driveFlow(`${type} ${source("a")} window w from a { key data.k fixed 1m emit count() }
      step s from w { map { id: event.id, time: event.time } } sink out from s { memory {} }`);
    await run.send("a", { t: 61_000, k: "x" });
    await run.finish();
    expect(run.received("out")).toEqual([{ id: 'w/"x"/60000/0', time: "1970-01-01T00:01:59.999Z" }]);
  });
  it("leaves the event that set it free as it was, for other readers of it", async () => {
    const run = driveFlow(
      `${type} ${source("a")} ${minutes("a")} step s from a { map event.id } sink ids from s { memory {} }`,
    );
    await run.send("a", ...at(0, 100, 200));
    await run.finish();
    expect(run.received("ids")).toEqual(["pushed/0", "pushed/1", "pushed/2"]);
  });
});

describe("a sink that is full", () => {
  it("stops a window in the middle of its results, which go on before the next event", async () => {
    const keys = 40_000;
    let open: () => void = () => {};
    const closed = new Promise<undefined>((resolve) => {
      open = () => resolve(undefined);
    });
    const run = driveFlow(
      `${type} ${source("a")} window w from a { key data.n fixed 1m emit { key: key, text: "a text that is long enough to fill a sink soon, after some thousands of it have come" } }
       step all from a { map data.t } sink out from w { memory {} } sink seen from all { memory {} }`,
      { sinks: { out: () => closed } },
    );
    await run.send(
      "a",
      ...Array.from({ length: keys }, (_, n) => ({ t: 1, n })),
      { t: 60_000, n: 0 },
      { t: 60_001, n: 0 },
    );
    for (let i = 0; i < 300; i++) await run.send("a");
    // The second event of the next minute waits.
    expect(run.run.stats().nodes.find(({ node }) => node === "all")?.eventsIn).toBe(keys + 1);
    open();
    await run.finish();
    expect(run.received("out")).toHaveLength(keys + 1);
    expect(run.received("out").slice(0, 3)).toMatchObject([{ key: 0 }, { key: 1 }, { key: 2 }]);
  });
});

describe("batches", () => {
  it("of any size give the same output", async () => {
    const flow = `${type} ${source("a", "watermark 3s")}
      window w from a { key data.k fixed 10s lateness 5s emit { k: key, start: window.start.unixMillis(), n: count(), pane: pane.index, timing: pane.timing } }
      window s from a { key data.k session 4s emit { k: key, start: window.start.unixMillis(), end: window.end.unixMillis(), n: count() } }
      window c from w { count 3 emit list(data.n) }
      sink out from w, s, c { memory {} } sink late from w.late, s.late { memory {} }`;
    const event = fc.record({ t: fc.integer({ min: 0, max: 60_000 }), k: fc.constantFrom("a", "b") });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), async (events, size) => {
        const whole = await outputOf(flow, [events]);
        const cut = Array.from({ length: Math.ceil(events.length / size) }, (_, i) =>
          events.slice(i * size, (i + 1) * size),
        );
        expect(await outputOf(flow, cut)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});

async function outputOf(flow: string, batches: readonly (readonly unknown[])[], options?: DriveOptions) {
  const run = driveFlow(flow, options);
  for (const batch of batches) await run.send("a", ...batch);
  await run.finish();
  return [run.receivedText("out"), run.receivedText("late"), run.receivedMessages("out").map(({ id }) => id)];
}
