/** User code beside chunks, windows, throttles and other programs of one stage. */
import { beforeAll, describe, expect, it } from "vitest";
import { driveFlow } from "../../../test/support/drive-flow.ts";
import { dataOf, echo, scripted } from "../../user-code/scripted.fixture.ts";
import type { Unit } from "../../user-code/user-code.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("./ports.ts"));

const program = 'process { command: ["x"], io: stdio }';
const timed = "source a { memory {} time timestampMillis(data.t) watermark 0s }";
const units = (sent: readonly Unit[]) => sent.map(({ chunk, events }) => [chunk?.id, events.map(dataOf)]);

describe("user code behind a chunk", () => {
  it("and behind a chunk of that chunk gets both, each whole", async () => {
    const code = scripted(echo);
    const run = driveFlow(
      `source a { memory {} } chunk c from a { size 3 } chunk d from c { size 2 } step s from c, d { ${program} } sink out from s { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", 1, 2, 3, 4);
    await run.finish();
    expect(units(code.sent).toSorted()).toEqual([
      ["c//pushed/0", [1, 2, 3]],
      ["c//pushed/3", [4]],
      ["d//pushed/0", [1, 2]],
      ["d//pushed/2", [3, 4]],
    ]);
    expect(run.received("out").toSorted()).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(run.acked("a")).toEqual([0, 1, 2, 3]);
  });

  it("gets what a window of the chunk gives outside of it", async () => {
    const code = scripted(echo);
    const run = driveFlow(
      `source a { memory {} } chunk c from a { size 3 } window w from c { count 2 emit { n: count() } } step s from c, w { ${program} } sink out from s { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", 1, 2, 3);
    await run.finish();
    expect(units(code.sent)).toEqual([
      [undefined, [{ n: 2 }]],
      ["c//pushed/0", [1, 2, 3]],
      [undefined, [{ n: 1 }]],
    ]);
  });

  it("gets bad events of the chunk outside of it", async () => {
    const code = scripted(echo);
    const run = driveFlow(
      `source a { memory {} } chunk c from a { size 3 } step m from c { map 6 / data } step s from m, m.errors { ${program} } sink out from s { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", 1, 0, 2);
    await run.finish();
    expect(code.sent.map(({ chunk, events }) => [chunk?.id, events.length])).toEqual([
      [undefined, 1],
      ["c//pushed/0", 2],
    ]);
  });
});

describe("beside user code that is slow", () => {
  it.each([false, true])("dedupe in the same step lets the same through (slow: %s)", async (isSlow) => {
    const code = scripted(isSlow ? undefined : echo, { width: 100 });
    const run = driveFlow(
      `${timed} step s from a { ${program} dedupe data.k within 10s } sink out from s { memory {} }`,
      {
        userCode: code.open,
      },
    );
    const events = [
      { t: 0, k: 1 },
      { t: 1_000, k: 1 },
      { t: 3_600_000, k: 2 },
    ];
    for (const event of events) await run.send("a", event);
    while (code.waiting.length > 0) {
      code.answer(code.waiting[0]!, echo(code.waiting[0]!));
      await run.advanceMs(0);
    }
    await run.finish();
    expect(run.received("out")).toEqual([events[0], events[2]]);
  });

  it("a throttled window goes on as soon as the throttle lets it", async () => {
    const code = scripted(echo, { width: 8 });
    const run = driveFlow(
      `${timed} window w from a { fixed 1m key data.k emit { k: key } } step s from w { throttle 2/s ${program} } sink out from s { memory {} }`,
      { userCode: code.open },
    );
    for (let k = 0; k < 20; k++) await run.send("a", { t: 0, k: "x".repeat(300_000) + k });
    await run.send("a", { t: 3_600_000, k: "last" });
    for (let second = 0; second < 15; second++) await run.advanceMs(1_000);
    expect(run.received("out")).toHaveLength(20);
    const end = run.finish();
    await run.advanceMs(1_000);
    await end;
  });

  it("what a window takes back marks no event of another source", async () => {
    const code = scripted(undefined, { width: 100 });
    const run = driveFlow(
      `${timed} source b { memory {} }
       window w from a { fixed 1m early after 1 panes retract emit { n: count() } }
       step s from w { ${program} } sink out from s { memory {} }
       step z from b, w { map { d: data, r: retracted } } sink all from z { memory {} }`,
      { userCode: code.open },
    );
    await run.send("a", { t: 0 });
    await run.send("a", { t: 1_000 });
    for (const unit of code.waiting.slice(0, 2)) {
      code.answer(unit, echo(unit));
      await run.advanceMs(0);
    }
    await run.send("b", 1);
    for (const unit of [...code.waiting]) code.answer(unit, echo(unit));
    await run.advanceMs(0);
    expect(run.received("all")).toContainEqual({ d: 1, r: false });
  });

  it("late panes are the same chunks", async () => {
    const flow = `source a { memory {} time timestampMillis(data.t) watermark 1s }
      window w from a { fixed 2s key data.k lateness 2s emit { k: key } }
      step s from w { ${program} } chunk c from s { window } sink out from c { memory {} }`;
    const events = [
      { k: "a", t: 5_000 },
      { k: "a", t: 2_000 },
      { k: "a", t: 0 },
      { k: "b", t: 2_000 },
    ];
    const chunks = async (isSlow: (id: string) => boolean) => {
      const code = scripted(undefined, { width: 100 });
      const run = driveFlow(flow, { userCode: code.open });
      const answer = async (all: boolean) => {
        for (const unit of code.waiting.filter(({ id }) => all || !isSlow(id))) {
          code.answer(unit, echo(unit));
          await run.advanceMs(0);
        }
      };
      for (const event of events) {
        await run.send("a", event);
        await answer(false);
      }
      const end = run.finish();
      let isOver = false;
      void end.then(() => {
        isOver = true;
      });
      while (!isOver) {
        await answer(true);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return run.receivedMessages("out").map(({ chunk, id }) => [chunk, id]);
    };
    const fast = await chunks(() => false);
    expect(fast.length).toBeGreaterThan(1);
    for (const slow of ['"a"/2000', '"b"/2000', "w"]) expect(await chunks((id) => id.includes(slow))).toEqual(fast);
  });
});
