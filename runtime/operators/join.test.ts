import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";

const flow = (clauses: string, emit = "{ a: o.data.n, b: p.data.n }") => `type T { t: int, k: string, n: int }
  source orders: T { memory {} time timestampMillis(data.t) watermark 0s }
  source payments: T { memory {} time timestampMillis(data.t) watermark 0s }
  window w from orders as o, payments as p { ${clauses} emit ${emit} }
  sink out from w { memory {} } sink late from w.late { memory {} }`;
const leftEmit = "{ a: o.data.n, b: p.data.n.orValue(0) }";
const outerEmit = "{ a: o.data.n.orValue(0), b: p.data.n.orValue(0) }";
const at = (second: number, k: string, n: number) => ({ t: second * 1000, k, n });

async function joined(text: string, orders: readonly unknown[], payments: readonly unknown[]) {
  const run = driveFlow(text);
  await run.send("orders", ...orders);
  await run.send("payments", ...payments);
  await run.finish();
  return run.received("out");
}

describe("a join", () => {
  const orders = [at(1, "x", 1), at(2, "y", 2), at(3, "x", 3), at(70, "x", 4)];
  const payments = [at(4, "x", 10), at(5, "z", 20), at(6, "x", 30)];
  it("pairs the events of a window that are equal, in the order in which the first's came, then the second's", async () => {
    expect(await joined(flow("join o.data.k == p.data.k fixed 1m"), orders, payments)).toEqual([
      { a: 1, b: 10 },
      { a: 1, b: 30 },
      { a: 3, b: 10 },
      { a: 3, b: 30 },
    ]);
  });
  it("left: also gives those of the first without a partner", async () => {
    expect(await joined(flow("join o.data.k == p.data.k left fixed 1m", leftEmit), orders, payments)).toEqual([
      { a: 1, b: 10 },
      { a: 1, b: 30 },
      { a: 3, b: 10 },
      { a: 3, b: 30 },
      { a: 2, b: 0 },
      { a: 4, b: 0 },
    ]);
  });
  it("outer: also gives those of the second", async () => {
    const all = await joined(flow("join o.data.k == p.data.k outer fixed 1m", outerEmit), orders, payments);
    expect(all.slice(4)).toEqual([
      { a: 2, b: 0 },
      { a: 0, b: 20 },
      { a: 4, b: 0 },
    ]);
  });
  it("tests pairs further, takes sides in either order, and has what is equal as its key", async () => {
    const text = flow(
      "join p.data.k == o.data.k && o.data.n * 10 < p.data.n fixed 1m",
      "{ key: key, a: o.data.n, b: p.data.n }",
    );
    expect(await joined(text, orders, payments)).toEqual([{ key: "x", a: 1, b: 30 }]);
  });
  it("joins by several values, and emits only what `where` wants", async () => {
    const text = flow(
      "join o.data.k == p.data.k && o.data.n == p.data.n fixed 1m where o.data.n > 1",
      "[key, o.data.n]",
    );
    expect(await joined(text, [at(1, "x", 1), at(2, "x", 2)], [at(1, "x", 1), at(2, "x", 2), at(3, "y", 2)])).toEqual([
      [["x", 2], 2],
    ]);
  });
  it("gives an event that comes late its pairs alone, and takes an event that stood alone into a pair", async () => {
    const run = driveFlow(flow("join o.data.k == p.data.k left fixed 1m lateness 1m", leftEmit));
    await run.send("orders", at(1, "x", 1), at(2, "y", 2));
    await run.send("payments", at(3, "x", 10));
    await run.send("orders", at(61, "q", 9));
    await run.send("payments", at(61, "q", 90));
    expect(run.received("out")).toEqual([
      { a: 1, b: 10 },
      { a: 2, b: 0 },
    ]);
    await run.send("payments", at(4, "x", 11), at(5, "y", 20));
    expect(run.received("out").slice(2)).toEqual([
      { a: 1, b: 11 },
      { a: 2, b: 20 },
    ]);
    await run.finish();
    expect(run.received("out").slice(4)).toEqual([{ a: 9, b: 90 }]);
    const ids = run.receivedMessages("out").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it("gives events that are too late to `late`, whichever input they came from", async () => {
    const run = driveFlow(flow("join o.data.k == p.data.k fixed 1m"));
    await run.send("orders", at(100, "x", 1));
    await run.send("payments", at(100, "x", 1), at(2, "x", 3));
    await run.send("orders", at(1, "x", 2));
    await run.finish();
    expect(run.received("late")).toEqual([at(2, "x", 3), at(1, "x", 2)]);
  });
  it("pauses in the middle of its pairs while a sink is full, and goes on there", async () => {
    let release: () => void = () => {};
    const released = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    const run = driveFlow(flow("join o.data.k == p.data.k fixed 1m"), { sinks: { out: () => released } });
    const side = Array.from({ length: 500 }, (_, n) => at(1, "x", n));
    await run.send("orders", ...side);
    await run.send("payments", ...side);
    await run.send("orders", at(61, "y", 1));
    await run.send("payments", at(61, "y", 1));
    const pairsGiven = () => run.run.stats().nodes.find(({ node }) => node === "w")!.eventsOut;
    expect(pairsGiven()).toBeGreaterThan(0);
    expect(pairsGiven()).toBeLessThan(200_000);
    release();
    await run.finish();
    const all = side.flatMap(({ n: a }) => side.map(({ n: b }) => ({ a, b })));
    expect(run.received("out").slice(0, 250_000)).toEqual(all);
    expect(new Set(run.receivedMessages("out").map(({ id }) => id)).size).toBe(250_001);
  });
  it("pairs within a session, also when an event brings two together", async () => {
    const text = flow("join o.data.k == p.data.k session 10s early after 1");
    const run = driveFlow(text);
    await run.send("orders", at(1, "x", 1));
    await run.send("payments", at(15, "x", 10));
    expect(run.received("out")).toEqual([]);
    await run.send("orders", at(8, "x", 2));
    expect(run.received("out")).toEqual([
      { a: 1, b: 10 },
      { a: 2, b: 10 },
    ]);
    await run.finish();
    expect(run.received("out")).toHaveLength(2);
  });
  it("gives the attributes of either event", async () => {
    const text = flow("join o.data.k == p.data.k fixed 1m", "[o.event.id, p.event.id]");
    expect(await joined(text, [at(1, "x", 1)], [at(2, "x", 1)])).toEqual([["pushed/0", "pushed/0"]]);
  });
  it("gives each pair of a window once, whatever the order and the triggers", async () => {
    const event = fc.record({
      t: fc.integer({ min: 0, max: 40_000 }),
      k: fc.constantFrom("a", "b"),
      n: fc.integer({ min: 0, max: 1000 }),
    });
    const text = flow("join o.data.k == p.data.k outer fixed 20s early after 2 lateness 1h", outerEmit);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), event), { maxLength: 25 }), async (all) => {
        const run = driveFlow(text);
        for (const [isOrder, one] of all) await run.send(isOrder ? "orders" : "payments", one);
        await run.finish();
        const bucket = ({ t, k }: { t: number; k: string }) => `${k}${Math.floor(t / 20_000)}`;
        const sides = [true, false].map((side) => all.flatMap(([isOrder, one]) => (isOrder === side ? [one] : [])));
        const pairs = sides[0]!.flatMap((o) =>
          sides[1]!.flatMap((p) => (bucket(o) === bucket(p) ? [`${o.n}/${p.n}`] : [])),
        );
        const given = (run.received("out") as { a: number; b: number }[]).map(({ a, b }) => `${a}/${b}`);
        const left = [...given];
        for (const pair of pairs) {
          expect(left).toContain(pair);
          left.splice(left.indexOf(pair), 1);
        }
        // What is left stood alone when its window's pane came.
        expect(left.every((one) => one.startsWith("0/") || one.endsWith("/0"))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
