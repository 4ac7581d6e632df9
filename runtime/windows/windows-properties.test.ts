import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssignPlan, TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import { type Event, type MakeOperator, type Played, play } from "../../test/support/play-windows.ts";
import type { WindowRules } from "./operator.ts";
import { PlainOperator } from "./plain-operator.ts";
import { SessionOperator } from "./session-operator.ts";

const event = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  timeMs: fc.integer({ min: -50, max: 150 }),
  value: fc.integer({ min: 1, max: 9 }),
});
const events = fc.array(event, { maxLength: 60 });

const fixed: AssignPlan = { kind: "fixed", sizeMs: 10, offsetMs: 3 };
const sliding = fc.constantFrom<AssignPlan>(
  { kind: "sliding", sizeMs: 10, everyMs: 5, offsetMs: 0 },
  { kind: "sliding", sizeMs: 21, everyMs: 6, offsetMs: 2 },
  { kind: "sliding", sizeMs: 7, everyMs: 7, offsetMs: 0 },
  { kind: "sliding", sizeMs: 3, everyMs: 8, offsetMs: 0 },
);
const session: AssignPlan = { kind: "session", gapMs: 8 };
const assign = fc.oneof(fc.constant(fixed), sliding, fc.constant(session), fc.constant<AssignPlan>({ kind: "global" }));

const leaf = fc.oneof(
  fc.constant<TriggerPlan>({ kind: "after_watermark" }),
  fc.integer({ min: 1, max: 4 }).map((count): TriggerPlan => ({ kind: "after_count", count })),
);
const repeated = fc.oneof(
  leaf.map((of): TriggerPlan => ({ kind: "repeatedly", of })),
  fc.tuple(leaf, leaf).map(([a, b]): TriggerPlan => ({ kind: "repeatedly", of: { kind: "first_of", of: [a, b] } })),
  fc.tuple(leaf, leaf).map(([a, b]): TriggerPlan => ({ kind: "repeatedly", of: { kind: "all_of", of: [a, b] } })),
  fc.tuple(leaf, leaf).map(([a, b]): TriggerPlan => ({ kind: "repeatedly", of: { kind: "each_of", of: [a, b] } })),
  fc.tuple(leaf, leaf).map(([early, late]): TriggerPlan => ({ kind: "after_watermark", early, late })),
);
const rules = fc.record({
  assign,
  trigger: repeated,
  latenessMs: fc.constantFrom(0, 5, 40),
  timestamp: fc.constantFrom("end", "earliest", "latest"),
  panes: fc.constantFrom("accumulate", "discard", "retract"),
}) satisfies fc.Arbitrary<Partial<WindowRules>>;

const general: MakeOperator = (rules, code, services) =>
  rules.assign.kind === "session"
    ? new SessionOperator(rules, code, services)
    : new PlainOperator(rules, code, services);

const byWindow = ({ key, start, end }: Played): string => `${key} ${start} ${end}`;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("windows", () => {
  it("give the same by the short way as by the general one", () => {
    fc.assert(
      fc.property(events, assign, fc.integer({ min: 0, max: 40 }), (input, assign, delayMs) => {
        const timestamp = assign.kind === "global" ? "latest" : "end";
        const short = play(input, { assign, timestamp }, { delayMs });
        const long = play(input, { assign, timestamp }, { delayMs, make: general });
        expect(short.text().sort()).toEqual(long.text().sort());
        expect(short.late).toEqual(long.late);
        expect(short.operator.dropped).toEqual(long.operator.dropped);
      }),
    );
  });

  it("give the same panes in any order of the input when nothing is late", () => {
    const both = events.chain((input) =>
      fc.tuple(fc.constant(input), fc.shuffledSubarray(input, { minLength: input.length })),
    );
    fc.assert(
      fc.property(both, assign, ([input, shuffled], assign) => {
        const timestamp = assign.kind === "global" ? "latest" : "end";
        const text = (some: readonly Event[]) => play(some, { assign, timestamp }, { delayMs: 1000 }).text().sort();
        expect(text(shuffled)).toEqual(text(input));
      }),
    );
  });

  it("give the same when firing stops after any pane and goes on", () => {
    fc.assert(
      fc.property(events, rules, fc.infiniteStream(fc.boolean()), (input, rules, pauses) => {
        const isPaused = () => pauses.next().value === true;
        expect(play(input, rules, { isPaused }).text()).toEqual(play(input, rules).text());
      }),
    );
  });

  it("go on after a restart as if there had been none", () => {
    fc.assert(
      fc.property(events, rules, fc.nat(60), fc.integer({ min: 0, max: 40 }), (input, rules, restartAfter, delayMs) => {
        const plain = play(input, rules, { delayMs });
        const restarted = play(input, rules, { delayMs, restartAfter });
        expect(restarted.text()).toEqual(plain.text());
        expect(restarted.operator.dropped).toEqual(plain.operator.dropped);
      }),
    );
  });

  it("restart the same where a cell gives one pane", () => {
    const kinds = fc.oneof(assign, fc.constant<AssignPlan>({ kind: "count", count: 4 }));
    fc.assert(
      fc.property(
        events,
        kinds,
        fc.nat(60),
        fc.integer({ min: 0, max: 40 }),
        (input, assign, restartAfter, delayMs) => {
          const timestamp = assign.kind === "global" || assign.kind === "count" ? "latest" : "end";
          const plain = play(input, { assign, timestamp }, { delayMs });
          expect(play(input, { assign, timestamp }, { delayMs, restartAfter }).text()).toEqual(plain.text());
        },
      ),
    );
  });

  it("that discard give in sum what those that accumulate give last", () => {
    fc.assert(
      fc.property(events, rules, fc.integer({ min: 0, max: 40 }), (input, rules, delayMs) => {
        // A session's panes begin anew when it grows.
        fc.pre(rules.assign.kind !== "session");
        const last = new Map(
          play(input, { ...rules, panes: "accumulate" }, { delayMs }).panes.map((one) => [
            byWindow(one),
            sum(one.values),
          ]),
        );
        const parts = new Map<string, number>();
        for (const one of play(input, { ...rules, panes: "discard" }, { delayMs }).panes)
          parts.set(byWindow(one), (parts.get(byWindow(one)) ?? 0) + sum(one.values));
        expect(parts).toEqual(last);
      }),
    );
  });

  it("that take back leave just the last pane of each window", () => {
    fc.assert(
      fc.property(events, rules, (input, rules) => {
        fc.pre(rules.assign.kind !== "session");
        const left = new Map<string, number[]>();
        for (const one of play(input, { ...rules, panes: "retract" }).panes) {
          const own = left.get(byWindow(one)) ?? [];
          if (one.isRetraction) own.splice(own.indexOf(sum(one.values)), 1);
          else own.push(sum(one.values));
          left.set(byWindow(one), own);
        }
        for (const own of left.values()) expect(own).toHaveLength(1);
      }),
    );
  });

  it("count every event once: in a pane or as late", () => {
    fc.assert(
      fc.property(events, rules, (input, rules) => {
        fc.pre(rules.assign.kind !== "sliding");
        const player = play(input, { ...rules, panes: "discard" });
        const given = player.panes.flatMap(({ values }) => values).length;
        expect(given + player.late.length).toBe(input.length);
      }),
    );
  });
});

describe("sessions", () => {
  it("are the runs of spans that overlap", () => {
    fc.assert(
      fc.property(events, (input) => {
        const found = play(input, { assign: session }, { delayMs: 1000 }).panes;
        expect(found.map((one) => `${byWindow(one)}: ${sum(one.values)}`).sort()).toEqual(runs(input, 8).sort());
      }),
    );
  });

  it("never overlap and never are longer than their greatest length", () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 30 }), (input, maxMs) => {
        const { panes } = play(input, { assign: { kind: "session", gapMs: 8, maxMs } }, { delayMs: 1000 });
        const sorted = panes.toSorted((a, b) => a.start - b.start);
        for (const [at, one] of sorted.entries()) {
          expect(one.end - one.start).toBeLessThanOrEqual(maxMs);
          for (const other of sorted.slice(at + 1))
            if (one.key === other.key) expect(other.start).toBeGreaterThanOrEqual(one.end);
        }
        expect(panes.flatMap(({ values }) => values)).toHaveLength(input.length);
      }),
    );
  });
});

function runs(input: readonly Event[], gapMs: number): string[] {
  const found: string[] = [];
  for (const [key, own] of Map.groupBy(input, (one) => one.key)) {
    const sorted = own.toSorted((a, b) => a.timeMs - b.timeMs);
    let run: Event[] = [];
    for (const [at, one] of sorted.entries()) {
      run.push(one);
      const next = sorted[at + 1];
      if (next !== undefined && next.timeMs < one.timeMs + gapMs) continue;
      found.push(`${key} ${run[0]!.timeMs} ${one.timeMs + gapMs}: ${sum(run.map(({ value }) => value))}`);
      run = [];
    }
  }
  return found;
}
