import { describe, expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";

const flow = (clauses: string, emit = "{ k: key, n: count(), pane: pane.index, timing: pane.timing }") =>
  `type T { t: int, k?: string, n?: int } source a: T { memory {} time timestampMillis(data.t) watermark 0s }
   window w from a { ${clauses} emit ${emit} } sink out from w { memory {} } sink late from w.late { memory {} }`;
const at = (second: number, fields: object = {}) => ({ t: second * 1000, k: "x", ...fields });

describe("early panes", () => {
  it("come so long after the first event since the last one, at exactly that time, also when no more events come", async () => {
    const run = driveFlow(flow("key data.k fixed 1m early every 10s"));
    await run.send("a", at(1));
    await run.advanceMs(9_999);
    expect(run.received("out")).toEqual([]);
    await run.advanceMs(1);
    expect(run.received("out")).toEqual([{ k: "x", n: 1, pane: 0, timing: "early" }]);
    await run.advanceMs(60_000);
    expect(run.received("out")).toHaveLength(1);
    await run.send("a", at(2), at(3));
    await run.advanceMs(10_000);
    expect(run.received("out").slice(1)).toEqual([{ k: "x", n: 3, pane: 1, timing: "early" }]);
    await run.finish();
    expect(run.received("out").slice(2)).toEqual([{ k: "x", n: 3, pane: 2, timing: "on_time" }]);
  });
  it("of several keys come in the order in which they are due", async () => {
    const run = driveFlow(flow("key data.k fixed 1m early every 10s", "key"));
    for (const k of ["c", "a", "b"]) {
      await run.send("a", at(1, { k }));
      await run.advanceMs(1_000);
    }
    await run.advanceMs(20_000);
    expect(run.received("out")).toEqual(["c", "a", "b"]);
  });
  it("come after so many events", async () => {
    const run = driveFlow(flow("key data.k fixed 1m early after 2"));
    await run.send("a", at(1), at(2), at(3));
    expect(run.received("out")).toEqual([{ k: "x", n: 2, pane: 0, timing: "early" }]);
    await run.finish();
  });
  it("let a global window over endless input give results", async () => {
    const run = driveFlow(flow("key data.k global early after 2"));
    await run.send("a", at(1), at(500), at(2), at(3));
    expect(run.received("out")).toMatchObject([{ n: 2 }, { n: 4 }]);
    await run.finish();
  });
});

describe("late panes", () => {
  it("come with every event within the lateness; later ones go to `late`", async () => {
    const run = driveFlow(flow("key data.k fixed 1m lateness 30s"));
    await run.send("a", at(1), at(60), at(2), at(89), at(3), at(90), at(4));
    expect(run.received("out")).toEqual([
      { k: "x", n: 1, pane: 0, timing: "on_time" },
      { k: "x", n: 2, pane: 1, timing: "late" },
      { k: "x", n: 3, pane: 2, timing: "late" },
    ]);
    expect(run.received("late")).toEqual([at(4)]);
    await run.finish();
  });
});

describe("panes", () => {
  const events = [at(1, { n: 1 }), at(2, { n: 2 }), at(60, { n: 0 }), at(3, { n: 4 })];
  const panes = async (mode: string) => {
    const run = driveFlow(
      flow(`key data.k fixed 1m lateness 30s early after 1 panes ${mode}`, "{ sum: sum(data.n), pane: pane.index }"),
    );
    await run.send("a", ...events);
    const panes = run.received("out");
    const ids = run.receivedMessages("out").map(({ id }) => id);
    await run.finish();
    return { panes, ids };
  };
  it("repeat the whole result", async () => {
    const { panes: all } = await panes("accumulate");
    expect(all.map((pane) => (pane as { sum: number }).sum)).toEqual([1, 3, 0, 3, 7]);
  });
  it("give the difference", async () => {
    const { panes: all } = await panes("discard");
    expect(all.map((pane) => (pane as { sum: number }).sum)).toEqual([1, 2, 0, 4]);
  });
  it("take the old value back before the new one, each under an id of its own", async () => {
    const { panes: all, ids } = await panes("retract");
    expect(all).toEqual([
      { sum: 1, pane: 0 },
      { sum: 1, pane: 0, retracted: true },
      { sum: 3, pane: 1 },
      { sum: 0, pane: 0 },
      { sum: 3, pane: 1, retracted: true },
      { sum: 3, pane: 2 },
      { sum: 3, pane: 2, retracted: true },
      { sum: 7, pane: 3 },
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a result that is taken back", () => {
  it("is told from the new one by the variable `retracted`, and by an attribute, all the way down", async () => {
    const run = driveFlow(
      `${flow("key data.k fixed 1m lateness 1m panes retract", "count()").replace("sink out from w", 'step s from w { map { n: data, old: retracted, event: event } } step t from s { map { n: data.n, old: [data.old, retracted], mark: data.event.?retracted.orValue("no") } } sink out from t')}`,
    );
    await run.send("a", at(1), at(60), at(2));
    expect(run.received("out")).toEqual([
      { n: 1, old: [false, false], mark: "no" },
      { n: 1, old: [true, true], mark: "true" },
      { n: 2, old: [false, false], mark: "no" },
    ]);
    await run.finish();
  });
});

describe("count windows", () => {
  it("close after so many events of a key; what is left comes at the end", async () => {
    const run = driveFlow(
      flow(
        "key data.k count 2",
        "{ k: key, n: count(), from: window.start.unixMillis(), to: window.end.unixMillis() }",
      ),
    );
    await run.send("a", at(5), at(1, { k: "y" }), at(3), at(9));
    expect(run.received("out")).toEqual([{ k: "x", n: 2, from: 3000, to: 5001 }]);
    await run.finish();
    expect(run.received("out").slice(1)).toEqual([
      { k: "y", n: 1, from: 1000, to: 1001 },
      { k: "x", n: 1, from: 9000, to: 9001 },
    ]);
    const ids = run.receivedMessages("out").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it("give ids of their own where several have the same times", async () => {
    const run = driveFlow(flow("key data.k count 1", "1"));
    await run.send("a", at(5), at(5), at(5));
    await run.finish();
    expect(new Set(run.receivedMessages("out").map(({ id }) => id)).size).toBe(3);
  });
});

describe("sliding windows", () => {
  it("count an event in every window that it falls into, and drop it from none when an aggregate refuses it", async () => {
    const run = driveFlow(
      `source a { memory {} time timestampMillis(data.t) watermark 0s }
       window w from a { sliding 20s every 10s emit { s: window.start.unixMillis() / 1000, n: count(), sum: sum(data.n), all: list(data.n) } } sink out from w { memory {} }`,
    );
    await run.send("a", { t: 5_000, n: 1 }, { t: 15_000, n: 2 }, { t: 15_000, n: "no" }, { t: 25_000, n: 4 });
    await run.finish();
    expect(run.received("out")).toEqual([
      { s: -10, n: 1, sum: 1, all: [1] },
      { s: 0, n: 2, sum: 3, all: [1, 2] },
      { s: 10, n: 2, sum: 6, all: [2, 4] },
      { s: 20, n: 1, sum: 4, all: [4] },
    ]);
    expect(run.deadLetters()).toHaveLength(1);
  });
});
