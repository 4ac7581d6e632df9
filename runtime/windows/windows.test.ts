import { describe, expect, it } from "vitest";
import type { TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import { type Event, type PlayOptions, play, WindowPlayer } from "../../test/support/play-windows.ts";
import type { WindowRules } from "./operator.ts";

/** `a 3 5`: key, time, value. A number alone is a time of key `a` with value 1. */
const eventsOf = (text: string): Event[] =>
  text.split(", ").map((one) => {
    const [key, time, value] = one.includes(" ") ? one.split(" ") : ["a", one, "1"];
    return { key: key!, timeMs: Number(time), value: Number(value) };
  });
const text = (events: string, rules: Partial<WindowRules>, options?: PlayOptions) =>
  play(eventsOf(events), rules, options).text();

const early: TriggerPlan = { kind: "after_watermark", early: { kind: "after_count", count: 2 } };
const earlyAndLate: TriggerPlan = { ...early, late: { kind: "after_count", count: 1 } };

describe("fixed windows", () => {
  it("give each key's result when the watermark reaches the end, in the order in which the keys came", () => {
    expect(text("b 1 1, a 2 2, b 3 4, a 12 8", {})).toEqual([
      "b [0,10) {1 4} on_time 0/0 first last at 9",
      "a [0,10) {2} on_time 0/0 first last at 9",
      "a [10,20) {8} on_time 0/0 first last at 19",
    ]);
  });
  it("take an event behind the watermark until their end is reached, and call it late then", () => {
    const player = play(eventsOf("a 8 1, a 1 2, a 10 3, a 9 4"), {});
    expect(player.text()[0]).toBe("a [0,10) {1 2} on_time 0/0 first last at 9");
    expect(player.late).toEqual([{ key: "a", timeMs: 9, value: 4 }]);
    expect(player.operator.dropped).toEqual({ lateness: 1, closedWindow: 0 });
  });
  it("fire in order of time when the watermark passes several at once", () => {
    const ends = play(eventsOf("a 35 1, b 5 1, a 15 1, a 5 1, a 100 1"), {}, { delayMs: 40 }).text();
    expect(ends.map((line) => line.slice(0, 9))).toEqual([
      "b [0,10) ",
      "a [0,10) ",
      "a [10,20)",
      "a [30,40)",
      "a [100,11",
    ]);
  });
  it("with lateness give a late pane for every late event, and free their cells afterwards", () => {
    const player = play(eventsOf("a 1 1, a 11 2, a 5 4, a 16 8, a 6 16"), { latenessMs: 5 });
    expect(player.text()).toEqual([
      "a [0,10) {1} on_time 0/0 first at 9",
      "a [0,10) {1 4} late 1/1 at 9",
      "a [10,20) {2 8} on_time 0/0 first last at 19",
    ]);
    expect(player.late).toHaveLength(1);
    expect(player.operator.nextWatermarkMs).toBe(Number.POSITIVE_INFINITY);
  });
  it("number early, on-time and late panes", () => {
    expect(text("a 1 1, a 2 2, a 10 4, a 3 8", { latenessMs: 20, trigger: earlyAndLate })).toEqual([
      "a [0,10) {1 2} early 0/-1 first at 9",
      "a [0,10) {1 2} on_time 1/0 at 9",
      "a [0,10) {1 2 8} late 2/1 at 9",
      "a [10,20) {4} on_time 0/0 first last at 19",
    ]);
  });
  it("that discard give what is new, and nothing where nothing is", () => {
    const rules = { latenessMs: 20, trigger: earlyAndLate, panes: "discard", onTime: "if_new" } as const;
    expect(text("a 1 1, a 2 2, a 10 4, a 3 8", rules)).toEqual([
      "a [0,10) {1 2} early 0/-1 first at 9",
      "a [0,10) {8} late 1/0 at 9",
      "a [10,20) {4} on_time 0/0 first last at 19",
    ]);
  });
  it("that take back give the old result again before the new one", () => {
    expect(text("a 1 1, a 2 2, a 3 4, a 10 8", { trigger: early, panes: "retract" })).toEqual([
      "a [0,10) {1 2} early 0/-1 first at 9",
      "a [0,10) {1 2} on_time 1/0 last taken back at 9",
      "a [0,10) {1 2 4} on_time 1/0 last at 9",
      "a [10,20) {8} on_time 0/0 first last at 19",
    ]);
  });
});

describe("early panes by the clock", () => {
  it("come so long after the first event since the last pane", () => {
    const trigger: TriggerPlan = { kind: "after_watermark", early: { kind: "after_processing_time", delayMs: 5 } };
    const player = new WindowPlayer({ trigger });
    const [one, two, three] = eventsOf("a 1 1, a 2 2, a 3 4");
    player.event(one!);
    player.clock(3);
    player.event(two!);
    expect(player.operator.nextProcessingMs).toBe(5);
    player.clock(4);
    expect(player.panes).toHaveLength(0);
    player.clock(5);
    player.clock(20);
    player.event(three!);
    player.clock(25);
    expect(player.end().text()).toEqual([
      "a [0,10) {1 2} early 0/-1 first at 9",
      "a [0,10) {1 2 4} early 1/-1 at 9",
      "a [0,10) {1 2 4} on_time 2/0 last at 9",
    ]);
  });
});

describe("sliding windows", () => {
  const assign = { kind: "sliding", sizeMs: 10, everyMs: 5, offsetMs: 0 } as const;

  it("hold an event in each window that overlaps it", () => {
    expect(text("a 1 1, a 7 2", { assign })).toEqual([
      "a [-5,5) {1} on_time 0/0 first last at 4",
      "a [0,10) {1 2} on_time 0/0 first last at 9",
      "a [5,15) {2} on_time 0/0 first last at 14",
    ]);
  });
  it("still take an event for the windows that have not ended, and count those that have", () => {
    const player = play(eventsOf("a 11 1, a 6 2, a 3 4"), { assign });
    expect(player.text()[0]).toBe("a [5,15) {1 2} on_time 0/0 first last at 14");
    expect(player.late.map(({ timeMs }) => timeMs)).toEqual([3]);
    expect(player.operator.dropped).toEqual({ lateness: 3, closedWindow: 0 });
  });
});

describe("sessions", () => {
  it("that grew after their end are freed at their new time, as after a restart", () => {
    const rules: Partial<WindowRules> = {
      assign: { kind: "session", gapMs: 30 },
      latenessMs: 80,
      trigger: { kind: "after_watermark", late: { kind: "after_count", count: 2 } },
    };
    const events = "x 0 1, z 60 1, x 10 2, y 85 1, y 86 2";
    expect(text(events, rules)).toEqual(text(events, rules, { restartAfter: 4 }));
    expect(text(events, rules).map((pane) => pane.slice(0, 10))).toEqual([
      "x [0,30) {",
      "z [60,90) ",
      "y [85,116)",
      "x [0,40) {",
    ]);
  });
  const assign = { kind: "session", gapMs: 10 } as const;

  it("join when an event bridges them, and spans that touch do not", () => {
    expect(text("a 0 1, a 10 2, a 30 4, a 19 8, a 25 16", { assign }, { delayMs: 100 })).toEqual([
      "a [0,10) {1} on_time 0/0 first last at 9",
      "a [10,40) {2 4 8 16} on_time 0/0 first last at 39",
    ]);
  });
  it("judge an event by the open session that it joins", () => {
    const events = "a 5 1, b 14 1, a 3 2";
    expect(play(eventsOf(events), { assign }).late).toEqual([]);
    expect(play(eventsOf(events), { assign, lateBy: "own" }).late).toEqual([{ key: "a", timeMs: 3, value: 2 }]);
  });
  it("are cut at their greatest length", () => {
    const most = { kind: "session", gapMs: 10, maxMs: 25 } as const;
    expect(text("0, 8, 16, 24, 32", { assign: most }, { delayMs: 100 })).toEqual([
      "a [0,25) {1 1 1 1} on_time 0/0 first last at 24",
      "a [32,42) {1} on_time 0/0 first last at 41",
    ]);
  });
});

describe("count windows", () => {
  it("close after so many events of a key, and give the rest at the end", () => {
    const rules = { assign: { kind: "count", count: 2 }, timestamp: "latest" } as const;
    expect(text("a 5 1, b 6 2, a 3 4, a 9 8", rules)).toEqual([
      "a [3,6) {1 4} on_time 0/0 first last at 5",
      "b [6,7) {2} on_time 0/0 first last at 6",
      "a [9,10) {8} on_time 0/0 first last at 9",
    ]);
  });
});

describe("the output", () => {
  it("is held back by results that will be earlier than the watermark, until they are given", () => {
    const player = new WindowPlayer({ timestamp: "earliest" }, { delayMs: 5 });
    for (const event of eventsOf("a 3 1, b 2 1, a 8 1")) player.event(event);
    expect(player.operator.holdMs()).toBe(2);
    player.watermark(10);
    expect(player.operator.holdMs()).toBe(Number.POSITIVE_INFINITY);
  });
  it("of the global window is as late as its latest event", () => {
    expect(text("3, 9, 5", { assign: { kind: "global" }, timestamp: "latest" })[0]).toMatch(/at 9$/);
  });
});

describe("an event that an aggregate refuses", () => {
  it.each([
    [{ kind: "fixed", sizeMs: 10, offsetMs: 0 }],
    [{ kind: "sliding", sizeMs: 10, everyMs: 5, offsetMs: 0 }],
    [{ kind: "session", gapMs: 10 }],
    [{ kind: "count", count: 1 }],
  ] as const)("leaves nothing behind in %o", (assign) => {
    for (const latenessMs of [0, 5]) {
      const player = new WindowPlayer({ assign, latenessMs });
      const count = player.operator.assign("a", "a", 3, Number.NEGATIVE_INFINITY);
      player.operator.failed(count);
      expect(player.end().text()).toEqual([]);
    }
  });
});
