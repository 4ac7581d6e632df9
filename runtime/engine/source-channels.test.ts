/** The watermark of a source with several channels, on a clock moved by hand: new, idle, moved, killed and repartitioned ones, and never backwards. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeValue } from "../state/value-reader.ts";
import { encodeValue } from "../state/value-writer.ts";
import { type ManualClock, manualClock } from "./clock.ts";
import { EventTimeline } from "./event-time.ts";
import { SourceChannels } from "./source-channels.ts";

const idleMs = 5_000;

interface SampleOptions {
  readonly isTold?: boolean;
  readonly idleMs?: number;
  readonly clock?: ManualClock;
  /** Goes on where this one stands. */
  readonly after?: Sample;
}

/** A source and what reads it; the source waits for input unless it is said otherwise. */
class Sample {
  readonly clock: ManualClock;
  readonly channels: SourceChannels;
  private readonly time: EventTimeline;
  private readonly names: readonly string[];

  constructor(partitions: readonly string[], options: SampleOptions = {}) {
    this.clock = options.clock ?? options.after?.clock ?? manualClock(1_000_000);
    this.names = partitions;
    this.time = new EventTimeline(
      {
        sources: [0],
        followed: new Set([0]),
        isChained: false,
        inputs: [[], [{ node: 0, isResult: false }]],
        directSources: [[0], [0]],
      },
      { nowMs: () => this.clock.nowMs(), isPaused: () => false },
    );
    this.channels = new SourceChannels(this.time, 0, partitions, options.isTold === true, {
      clock: this.clock,
      ...(options.isTold ? {} : { idleMs: options.idleMs ?? idleMs }),
      meanwhile: (action) => action(),
    });
    const { after } = options;
    if (after === undefined) return;
    after.channels.stop();
    for (const node of [0, 1]) this.time.restore(node, after.time.saved(node));
    this.channels.restore(decodeValue(encodeValue(after.channels.save())));
    this.time.restored();
  }

  /** Of what reads the source. */
  get watermark(): number {
    return this.time.inputWatermarks[1]!;
  }

  get isIdle(): boolean {
    return this.time.isIdle(0);
  }

  /** The source is asked, and has nothing. */
  wait(): this {
    this.channels.asks();
    this.channels.waits(true);
    return this;
  }

  /** It is asked, and gives events of that partition. */
  give(partition: string, ...timesMs: readonly number[]): this {
    this.channels.asks();
    this.channels.waits(false);
    this.channels.at(this.names.indexOf(partition));
    for (const timeMs of timesMs) this.channels.saw(timeMs, 0, 86_400_000);
    this.time.settle();
    return this;
  }

  /** A task upstream tells, in one partition or in each. */
  hear(from: string, of: number, ms: number | null, more: object = {}, partitions = this.names): this {
    for (const partition of partitions) {
      this.channels.at(this.names.indexOf(partition));
      this.channels.heard(JSON.stringify({ from, of, ms, ...more }));
    }
    return this;
  }
}

const none = Number.NEGATIVE_INFINITY;

describe("partitions by the times of their events", () => {
  it("hold the watermark at the least of them, and one that has given nothing holds all", () => {
    const source = new Sample(["a", "b"]).give("a", 7_000);
    expect(source.watermark).toBe(none);
    expect(source.give("b", 3_000).watermark).toBe(3_000);
    expect(source.give("b", 9_000).watermark).toBe(7_000);
    expect(source.give("a", 2_000).watermark).toBe(7_000);
    expect(source.give("a", 8_000).watermark).toBe(8_000);
  });

  it("are believed no further ahead of the clock than the source says", () => {
    const source = new Sample(["a", "b"]).give("b", 10 ** 12).give("a", 10 ** 12);
    expect(source.watermark).toBe(1_000_000 + 86_400_000);
  });
});

describe("an idle partition", () => {
  it("is not waited for after its time, also where it has never given anything", async () => {
    const source = new Sample(["a", "b"]).give("a", 7_000).wait();
    await source.clock.advance(idleMs - 1);
    expect(source.watermark).toBe(none);
    source.give("a", 8_000).wait();
    await source.clock.advance(1);
    expect(source.watermark).toBe(8_000);
  });

  it("is found while another one gives something now and then", async () => {
    const source = new Sample(["a", "b"]).give("b", 1_000).give("a", 1_000).wait();
    for (let n = 1; n < 50; n++) {
      await source.clock.advance(100);
      source.give("a", 1_000 + n).wait();
      expect(source.watermark).toBe(1_000);
    }
    await source.clock.advance(100);
    expect(source.watermark).toBe(1_049);
    expect(source.isIdle).toBe(false);
  });

  it("is found while another one gives without end", async () => {
    const source = new Sample(["a", "b"]).give("b", 1_000);
    for (let n = 0; n < 100; n++) {
      source.give("a", 2_000 + n);
      await source.clock.advance(100);
    }
    expect(source.watermark).toBeGreaterThanOrEqual(2_060);
  });

  it("is none that was not asked, as a sink was slow", async () => {
    const source = new Sample(["a", "b"]).give("b", 1_000).give("a", 1_000).wait();
    source.give("a", 9_000);
    await source.clock.advance(20 * idleMs);
    source.give("b", 2_000);
    await source.clock.advance(0);
    expect(source.watermark).toBe(2_000);
    source.wait();
    await source.clock.advance(idleMs - 1);
    expect([source.watermark, source.isIdle]).toEqual([2_000, false]);
  });

  it("counts again from its next event on, which moves nothing back", async () => {
    const source = new Sample(["a", "b"]).give("b", 1_000).wait();
    await source.clock.advance(idleMs - 1);
    source.give("a", 7_000).wait();
    await source.clock.advance(1);
    expect(source.watermark).toBe(7_000);
    expect(source.give("b", 2_000).give("a", 20_000).watermark).toBe(7_000);
    expect(source.give("b", 15_000).watermark).toBe(15_000);
  });

  it.each([
    ["a", "b"],
    ["b", "a"],
  ] as const)("that is the last of all (%s, then %s) leaves the greatest watermark", async (first, second) => {
    const source = new Sample(["a", "b"]).give("a", 7_000).give("b", 3_000).wait();
    await source.clock.advance(1_000);
    source.give(second, 1).wait();
    await source.clock.advance(idleMs - 1_000);
    expect([source.watermark, source.isIdle]).toEqual([first === "a" ? 3_000 : 7_000, false]);
    await source.clock.advance(1_000);
    expect([source.watermark, source.isIdle]).toEqual([7_000, true]);
    expect(source.give("b", 4_000).isIdle).toBe(false);
    expect(source.watermark).toBe(7_000);
  });

  it("is not found where the source names no time for it", async () => {
    const source = new Sample(["a", "b"], { idleMs: 10 ** 9 }).give("a", 7_000).wait();
    await source.clock.advance(10 ** 8);
    expect(source.watermark).toBe(none);
  });

  it("is found no more once the source has stopped", async () => {
    const source = new Sample(["a", "b"]).give("a", 7_000).wait();
    source.channels.stop();
    source.wait();
    await source.clock.advance(10 * idleMs);
    expect(source.watermark).toBe(none);
  });
});

describe("a run that goes on after another one", () => {
  it("stands where that one stood, with the partitions that were idle", async () => {
    const before = new Sample(["a", "b"]).give("b", 1_000).wait();
    await before.clock.advance(idleMs - 1);
    before.give("a", 7_000).wait();
    await before.clock.advance(1);
    const source = new Sample(["a", "b"], { after: before });
    expect(source.watermark).toBe(7_000);
    expect(source.give("a", 9_000).watermark).toBe(9_000);
    expect(source.give("b", 3_000).give("a", 11_000).watermark).toBe(9_000);
  });

  it("waits for a partition that is new, and no more for one that is gone", async () => {
    const before = new Sample(["a", "b"]).give("a", 7_000).give("b", 1_000);
    const source = new Sample(["a", "c"], { after: before }).give("a", 9_000).wait();
    expect(source.watermark).toBe(1_000);
    await source.clock.advance(1_000);
    expect(source.give("c", 500).watermark).toBe(1_000);
    expect(source.give("c", 8_000).watermark).toBe(8_000);
  });

  it("does not wait for a new partition that stays empty", async () => {
    const before = new Sample(["a"]).give("a", 7_000);
    const source = new Sample(["a", "b"], { after: before }).wait();
    await source.clock.advance(idleMs - 1);
    expect(source.give("a", 9_000).wait().watermark).toBe(7_000);
    await source.clock.advance(1);
    expect(source.watermark).toBe(9_000);
  });
});

describe("tasks upstream", () => {
  const told = (partitions: readonly string[], after?: Sample) =>
    new Sample(partitions, after === undefined ? { isTold: true } : { isTold: true, after });

  it("are all waited for, in each partition", () => {
    const source = told(["x", "y"]).hear("s/0", 2, 500);
    expect(source.watermark).toBe(none);
    expect(source.hear("s/1", 2, 300, {}, ["x"]).watermark).toBe(none);
    expect(source.hear("s/1", 2, 300, {}, ["y"]).watermark).toBe(300);
    expect(source.hear("s/1", 2, 900, {}, ["x"]).watermark).toBe(300);
    expect(source.hear("s/1", 2, 900, {}, ["y"]).watermark).toBe(500);
  });

  it("of several stages are waited for", () => {
    const source = told(["x"]).hear("t/0", 2, 800).hear("s/0", 1, 500);
    expect(source.watermark).toBe(none);
    expect(source.hear("t/1", 2, 400).watermark).toBe(400);
  });

  it("that have nothing yet hold the watermark, and those that are idle do not", () => {
    const source = told(["x"]).hear("s/0", 2, 500).hear("s/1", 2, null);
    expect(source.watermark).toBe(none);
    expect(source.hear("s/1", 2, null, { idle: true }).watermark).toBe(500);
    expect(source.hear("s/1", 2, 100).hear("s/0", 2, 900).watermark).toBe(500);
    expect(source.hear("s/1", 2, 700).watermark).toBe(700);
  });

  it("that are all idle leave the greatest watermark, whoever was the last", () => {
    const first = told(["x"])
      .hear("s/0", 2, 500, { idle: true })
      .hear("s/1", 2, 300)
      .hear("s/1", 2, 300, { idle: true });
    const second = told(["x"])
      .hear("s/1", 2, 300, { idle: true })
      .hear("s/0", 2, 500)
      .hear("s/0", 2, 500, { idle: true });
    for (const source of [first, second]) {
      expect([source.watermark, source.isIdle]).toEqual([500, true]);
      expect(source.hear("s/0", 2, 800, { idle: true }).watermark).toBe(800);
      source.channels.at(0);
      expect(source.isIdle).toBe(false);
    }
  });

  it("that have ended hold nothing, and leave those that are idle the last word", () => {
    const source = told(["x"]).hear("s/0", 2, null, { end: true }).hear("s/1", 2, 300);
    expect(source.watermark).toBe(300);
    expect(source.hear("s/1", 2, 300, { idle: true }).isIdle).toBe(true);
    expect(source.watermark).toBe(300);
    expect(source.hear("s/1", 2, null, { end: true }).watermark).toBe(Number.POSITIVE_INFINITY);
  });

  it("that were killed go on with another worker, whose first word may be older", () => {
    const source = told(["x"]).hear("s/0", 2, 500).hear("s/1", 2, 600);
    expect(source.hear("s/0", 2, null).hear("s/0", 2, 200).watermark).toBe(500);
    expect(source.hear("s/0", 2, 800).watermark).toBe(600);
  });

  it("are known to the task that takes the partition over", () => {
    const before = told(["x"]).hear("s/0", 2, 500).hear("s/1", 2, null, { end: true });
    const source = told(["x"], before);
    expect(source.watermark).toBe(500);
    expect(source.hear("s/0", 2, 900).watermark).toBe(900);
  });

  it("are waited for in a partition that is new", () => {
    const before = told(["x"]).hear("s/0", 1, 500);
    const source = told(["x", "y"], before).hear("s/0", 1, 900, {}, ["x"]);
    expect(source.watermark).toBe(500);
    expect(source.hear("s/0", 1, 700, {}, ["y"]).watermark).toBe(700);
  });

  it("that become more are waited for as soon as one knows of them", () => {
    const source = told(["x"]).hear("s/0", 2, 500).hear("s/1", 2, 500).hear("s/2", 3, null);
    expect(source.hear("s/0", 2, 900).watermark).toBe(500);
    expect(source.hear("s/0", 3, 900).hear("s/1", 3, 1_000).watermark).toBe(500);
    expect(source.hear("s/2", 3, 700).watermark).toBe(700);
  });

  it("that become fewer are no more waited for when all that are left say so", () => {
    const source = told(["x"]).hear("s/0", 3, 500).hear("s/1", 3, 500).hear("s/2", 3, 100);
    expect(source.watermark).toBe(100);
    expect(source.hear("s/0", 2, 600).watermark).toBe(100);
    expect(source.hear("s/1", 2, 700).watermark).toBe(600);
    // They were more after all: the one that was left out is remembered.
    expect(source.hear("s/0", 3, 900).watermark).toBe(600);
    expect(source.hear("s/1", 3, 900).hear("s/2", 3, 800).watermark).toBe(800);
  });

  it("are not made up by headers of somebody else", () => {
    const source = told(["x"]).hear("s/0", 1, 500);
    for (const text of ["", "null", "[]", "{", '{"from":"s/0"}', '{"from":7,"of":1,"ms":900}'])
      source.channels.heard(text);
    source.hear("s", 1, 900).hear("s/7", 1, 900).hear("s/-1", 1, 900).hear("s/x", 1, 900).hear("s/0.5", 2, 900);
    expect(source.watermark).toBe(500);
    expect(source.hear("s/0", 1, 600).watermark).toBe(600);
  });
});

describe("whatever happens", () => {
  const names = ["a", "b", "c"];

  it("the watermark of partitions never goes back, nor beyond what one has that gave something just now", async () => {
    const step = fc.oneof(
      fc.record({ partition: fc.constantFrom(...names), times: fc.array(fc.nat(900_000), { maxLength: 3 }) }),
      fc.record({ advanceMs: fc.nat(2 * idleMs) }),
      fc.constant({ wait: true }),
      fc.constant({ restart: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let source = new Sample(names);
        let last = none;
        const marks = new Map(names.map((name) => [name, none]));
        for (const each of steps) {
          if ("partition" in each) {
            const before = source.watermark;
            source.give(each.partition, ...each.times);
            marks.set(each.partition, Math.max(marks.get(each.partition)!, ...each.times));
            expect(source.watermark).toBeLessThanOrEqual(Math.max(before, marks.get(each.partition)!));
          } else if ("advanceMs" in each) await source.clock.advance(each.advanceMs);
          else if ("wait" in each) source.wait();
          else source = new Sample(names, { after: source });
          expect(source.watermark).toBeGreaterThanOrEqual(last);
          expect(source.watermark).toBeLessThanOrEqual(Math.max(...marks.values()));
          last = source.watermark;
        }
        source.channels.stop();
      }),
      { numRuns: 60 },
    );
  });

  it("the watermark that tasks tell never goes back, and is the least of them where none is idle", () => {
    const step = fc.record({
      task: fc.nat(2),
      ms: fc.option(fc.nat(1_000)),
      idle: fc.boolean(),
      partition: fc.constantFrom("x", "y"),
      isRestart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let source = new Sample(["x", "y"], { isTold: true });
        let last = none;
        const marks = new Map<string, number>();
        const idle = new Set<string>();
        for (const { task, ms, idle: isIdle, partition, isRestart } of steps) {
          if (isRestart) source = new Sample(["x", "y"], { isTold: true, after: source });
          const key = `${partition}${task}`;
          source.hear(`s/${task}`, 3, ms, isIdle ? { idle: true } : {}, [partition]);
          marks.set(key, Math.max(marks.get(key) ?? none, ms ?? none));
          if (isIdle) idle.add(key);
          else idle.delete(key);
          expect(source.watermark).toBeGreaterThanOrEqual(last);
          if (marks.size < 6) expect(source.watermark).toBe(none);
          else if (idle.size === 0) expect(source.watermark).toBe(Math.max(last, Math.min(...marks.values())));
          last = source.watermark;
        }
      }),
      { numRuns: 300 },
    );
  });
});
