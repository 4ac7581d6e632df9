/** User code between chunks and windows: the same comes out wherever a run is killed and however programs answer, as if no program were there. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { settle } from "../../runtime/engine/clock.ts";
import { dataOf, done, echo, scripted } from "../../runtime/user-code/scripted.fixture.ts";
import type { Outcome, Unit } from "../../runtime/user-code/user-code.ts";
import { CrashingRun } from "../support/crashing-run.ts";
import { stageOf } from "../support/drive-flow.ts";

// Loaded by the first run that needs it: that takes longer than a manual clock waits.
beforeAll(() => import("../../runtime/engine/ports/ports.ts"));

interface Event {
  readonly k: string;
  readonly t: number;
}

type Happening =
  | { readonly kind: "events"; readonly events: readonly Event[] }
  /** After a checkpoint, with events that were read since. */
  | { readonly kind: "crash"; readonly lost: readonly Event[] };

const flowOf = (first: string, second: string) => `type E { k: string, t: int }
  source a: E { memory {} time timestampMillis(data.t) watermark 1s }
  step s from a { ${first} }
  chunk c from s { key data.k size 3 }
  step p from c { ${second} }
  window w from p { key data.k fixed 2s emit { k: key, start: window.start, n: count() } }
  sink out from w { memory {} }
  sink late from w.late { memory {} }
  sink chunks from p { memory {} }`;
const program = 'process { command: ["x"], io: stdio } retry 50 backoff 1ms..1ms else fail';
const withPrograms = flowOf(program, program);
const without = flowOf("filter true", "filter true");

async function played(flow: string, happenings: readonly Happening[], answer: (unit: Unit) => Outcome) {
  const sinks = ["out", "late", "chunks"];
  const run = new CrashingRun(stageOf(flow), sinks, {
    userCode: (plan, services) => scripted(answer, { width: 3 }).open(plan, services),
  });
  for (const one of happenings) {
    await settle();
    if (one.kind === "events") run.send(one.events);
    else await run.crash(one.lost);
  }
  await run.end();
  return sinks.map((sink) => run.received(sink).map(({ chunk, bytes }) => [chunk, new TextDecoder().decode(bytes)]));
}

const events = fc.array(fc.record({ k: fc.constantFrom("a", "b"), t: fc.integer({ min: 0, max: 9_000 }) }), {
  maxLength: 12,
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("events" as const), events }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), lost: events }) },
);

it("comes out the same wherever it is killed, and however it is answered", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 6 }),
      fc.infiniteStream(fc.nat(4)),
      async (happenings, choices) => {
        const answer = (unit: Unit): Outcome => {
          const kind = choices.next().value as number;
          if (kind === 0) return { kind: "failed", reason: "no" };
          if (kind === 1) return { kind: "interrupted" };
          if (kind === 2) return done(...unit.events.map((one) => JSON.stringify({ id: one.id, data: dataOf(one) })));
          return echo(unit);
        };
        const calm = happenings.map((one): Happening => (one.kind === "crash" ? { ...one, lost: [] } : one));
        const expected = await played(
          without,
          calm.filter(({ kind }) => kind === "events"),
          echo,
        );
        expect(await played(withPrograms, happenings, answer)).toEqual(expected);
      },
    ),
    { numRuns: Number(process.env.FLOW_RUNS ?? 40) },
  );
}, 120_000);
