/** User code between chunks and windows: the same comes out wherever a run is killed and however programs answer, as if no program were there. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { manualClock, settle } from "../../runtime/engine/clock.ts";
import { runPipeline } from "../../runtime/engine/run.ts";
import { MemoryStore } from "../../runtime/state/memory-store.ts";
import { dataOf, done, echo, scripted } from "../../runtime/user-code/scripted.fixture.ts";
import type { Outcome, Unit } from "../../runtime/user-code/user-code.ts";
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
  const config = stageOf(flow);
  const store = new MemoryStore();
  const clock = manualClock(0);
  const sinks = ["out", "late", "chunks"];
  let broker = memoryBroker();
  let kept = sinks.map(() => 0);
  let count = 0;
  const begin = () => {
    const next = memoryBroker();
    for (const [index, sink] of sinks.entries())
      (next.received(sink) as unknown[]).push(...broker.received(sink).slice(0, kept[index]));
    broker = next;
    broker.input("a");
    const run = runPipeline(config, {
      connectors: builtInConnectors(broker.connector),
      baseDirectory: "/",
      clock,
      userCode: (plan, services) => scripted(answer, { width: 3 }).open(plan, services),
      state: { store, id: "test", everyMs: Number.POSITIVE_INFINITY, onlyWhenAsked: true },
    });
    run.done.catch(() => {});
    return run;
  };
  const push = (events: readonly Event[], from: number) => {
    for (const [number, event] of events.entries())
      broker.input("a").push({ bytes: new TextEncoder().encode(JSON.stringify(event)), position: `p${from + number}` });
  };
  let run = begin();
  for (const one of happenings) {
    await settle();
    if (one.kind === "events") {
      push(one.events, count);
      count += one.events.length;
      continue;
    }
    if (!(await run.checkpoint())) throw new Error("there was no checkpoint");
    kept = sinks.map((sink) => broker.received(sink).length);
    push(one.lost, count);
    await settle();
    run.stop();
    run.stop();
    await run.done.catch(() => {});
    run = begin();
  }
  await settle();
  broker.input("a").end();
  await run.done;
  return sinks.map((sink) => broker.received(sink).map(({ chunk, bytes }) => [chunk, new TextDecoder().decode(bytes)]));
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
