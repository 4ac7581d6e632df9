import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driveFlow } from "../../test/support/drive-flow.ts";
import { PassedKeys } from "./passed-keys.ts";

const flow = (watermark = "watermark 0s") => `type T { t: int, k?: string }
  source a: T { memory {} time timestampMillis(data.t) ${watermark} }
  step once from a { dedupe data.?k.orValue("") within 10s }
  sink out from once { memory {} }`;
const at = (...seconds: readonly number[]) => seconds.map((second) => ({ t: second * 1000 }));

async function passed(events: readonly unknown[], watermark?: string): Promise<unknown[]> {
  const run = driveFlow(flow(watermark));
  await run.send("a", ...events);
  await run.finish();
  return run.received("out");
}

describe("dedupe", () => {
  it("lets the first of equal events within the time through, and the next one after it", async () => {
    expect(await passed(at(0, 1, 9.999, 10, 15, 25))).toEqual(at(0, 10, 25));
  });
  it("goes by event time: one that comes later but happened earlier is a duplicate too", async () => {
    expect(await passed(at(20, 12, 9, 31), "watermark 1m")).toEqual(at(20, 9, 31));
  });
  it("keeps keys apart", async () => {
    expect(await passed(["a", "b", "a"].map((k) => ({ t: 1, k })))).toHaveLength(2);
  });
  it("forgets a key once the watermark has passed it by the time, so that what comes later still passes", async () => {
    expect(await passed(at(0, 1, 100, 2))).toEqual(at(0, 100, 2));
  });
  it("holds no more keys than came within the time and the delay", () => {
    const dedupe = new PassedKeys(1_000);
    for (let n = 0; n < 100_000; n++) dedupe.pass(n, n, n - 100);
    expect(dedupe.size).toBeLessThan(1_300);
  });
  it("decides as one that remembers everything would, but for what the watermark has freed", () => {
    const events = fc.array(fc.record({ k: fc.integer({ min: 0, max: 3 }), t: fc.integer({ min: 0, max: 200 }) }));
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 60 }), (all, within) => {
        const dedupe = new PassedKeys(within);
        const kept: { k: number; t: number }[] = [];
        let watermark = Number.NEGATIVE_INFINITY;
        for (const event of all) {
          const isDuplicate = kept.some(
            ({ k, t }) => k === event.k && t + within > watermark && Math.abs(t - event.t) < within,
          );
          expect(dedupe.pass(event.k, event.t, watermark)).toBe(!isDuplicate);
          if (!isDuplicate) kept.push(event);
          watermark = Math.max(watermark, event.t - 20);
        }
      }),
    );
  });
});
