/** Chunks by a plain model: the same whatever the batches are, and wherever a run is killed and goes on. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { settle } from "../../runtime/engine/clock.ts";
import { CrashingRun } from "../support/crashing-run.ts";
import { stageOf } from "../support/drive-flow.ts";

interface Event {
  readonly k: string;
  readonly x: number;
}

interface Rules {
  readonly key: boolean;
  readonly size: number | undefined;
  readonly bytes: number | undefined;
  readonly everyMs: number | undefined;
  readonly start: boolean;
  readonly end: boolean;
}

/** What happens one after the other: events that are there together, time that passes, and crashes, some after a checkpoint. */
type Happening =
  | { readonly kind: "events"; readonly events: readonly Event[] }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "stop" }
  | { readonly kind: "crash"; readonly lost: readonly Event[] };

type Given = readonly (readonly [id: string, events: readonly Event[]])[];

const clausesOf = ({ key, size, bytes, everyMs, start, end }: Rules): string =>
  [
    key ? "key data.k" : "",
    size === undefined ? "" : `size ${size}`,
    bytes === undefined ? "" : `bytes ${bytes}`,
    everyMs === undefined ? "" : `every ${everyMs}ms`,
    start ? "start when data.x == 0" : "",
    end ? "end when data.x == 9" : "",
  ].join(" ");

/** The plainest way to say what a chunk is. */
function model(rules: Rules, happenings: readonly Happening[]): Given {
  const given: (readonly [string, readonly Event[]])[] = [];
  const open = new Map<string, { readonly id: string; readonly events: Event[]; readonly beganMs: number }>();
  let count = 0;
  let nowMs = 0;
  const close = (key: string) => {
    const chunk = open.get(key);
    open.delete(key);
    if (chunk !== undefined) given.push([chunk.id, chunk.events]);
  };
  const take = (event: Event) => {
    const id = `p${count++}`;
    const key = rules.key ? JSON.stringify(event.k) : "";
    const before = open.get(key);
    const sizeBytes = [...(before?.events ?? []), event].reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    if ((rules.start && event.x === 0) || (rules.bytes !== undefined && sizeBytes > rules.bytes)) close(key);
    const chunk = open.get(key) ?? { id: `c/${key}/${id}`, events: [], beganMs: nowMs };
    chunk.events.push(event);
    open.set(key, chunk);
    if ((rules.end && event.x === 9) || chunk.events.length === rules.size) close(key);
  };
  for (const one of happenings) {
    if (one.kind === "events") one.events.forEach(take);
    else if (one.kind === "time" && rules.everyMs !== undefined) {
      const untilMs = nowMs + one.ms;
      for (const [key, chunk] of [...open]) if (chunk.beganMs + rules.everyMs <= untilMs) close(key);
      nowMs = untilMs;
    } else if (one.kind === "time") nowMs += one.ms;
  }
  for (const key of [...open.keys()]) close(key);
  return given;
}

/** What the sink took at last, with the chunk that each event was in. */
async function taken(flow: string, happenings: readonly Happening[]): Promise<(readonly [string, unknown])[]> {
  const run = new CrashingRun(stageOf(flow), ["out"]);
  for (const one of happenings) {
    await settle();
    if (one.kind === "time") await run.clock.advance(one.ms);
    else if (one.kind === "events") run.send(one.events);
    else if (one.kind === "stop") await run.stop();
    else await run.crash(one.lost);
  }
  await run.end();
  return run
    .received("out")
    .map(({ chunk, bytes }) => [String(chunk), JSON.parse(new TextDecoder().decode(bytes))] as const);
}

async function played(rules: Rules, happenings: readonly Happening[]): Promise<Given> {
  const flow = `source a { memory {} } step s from a { filter true } chunk c from s { ${clausesOf(rules)} } step t from c { set data.n = chunk.count } sink out from t { memory {} }`;
  const given: [string, Event[], number][] = [];
  for (const [chunk, data] of await taken(flow, happenings)) {
    const { k, x, n } = data as Event & { readonly n: number };
    const last = given.at(-1);
    if (last !== undefined && last[0] === chunk) last[1].push({ k, x });
    else given.push([chunk, [{ k, x }], n]);
  }
  expect(given.map(([, events]) => events.length)).toEqual(given.map(([, , n]) => n));
  return given.map(([id, events]) => [id, events]);
}

const event = fc.record({ k: fc.constantFrom("a", "b", "c"), x: fc.constantFrom(0, 1, 2, 9, 1000) });
const events = fc.array(event, { maxLength: 12 });
const rulesOf = fc.record({
  key: fc.boolean(),
  size: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  bytes: fc.option(fc.integer({ min: 10, max: 80 }), { nil: undefined }),
  everyMs: fc.option(fc.constantFrom(1_000, 5_000), { nil: undefined }),
  start: fc.boolean(),
  end: fc.constant(true),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("events" as const), events }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.constantFrom(500, 1_000, 4_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("crash" as const), lost: events }) },
  { weight: 1, arbitrary: fc.constant({ kind: "stop" as const }) },
);

it("gives the chunks of a plain model, whatever the batches are and wherever a run is killed", async () => {
  await fc.assert(
    fc.asyncProperty(rulesOf, fc.array(happening, { maxLength: 8 }), async (rules, happenings) => {
      expect(await played(rules, happenings)).toEqual(model(rules, happenings));
    }),
    { numRuns: 150 },
  );
}, 60_000);

it("gives every event of a key once and in order, one chunk of it after the other", async () => {
  await fc.assert(
    fc.asyncProperty(rulesOf, fc.array(happening, { maxLength: 6 }), async (rules, happenings) => {
      const given = await played({ ...rules, key: true }, happenings);
      const all = happenings.flatMap((one) => (one.kind === "events" ? one.events : []));
      for (const key of ["a", "b", "c"])
        expect(given.flatMap(([, run]) => run).filter(({ k }) => k === key)).toEqual(all.filter(({ k }) => k === key));
      expect(new Set(given.map(([id]) => id)).size).toBe(given.length);
    }),
    { numRuns: 50 },
  );
}, 60_000);

it("gives the same chunks of panes, whatever the batches are and wherever a run is killed", async () => {
  const flow = (window: string, chunk: string) => `type E { k: string, x: int }
    source a: E { memory {} time timestampMillis(data.x) } window w from a { key data.k ${window} emit { k: key, n: count(), pane: pane.index, start: window.start } }
    chunk c from w { window ${chunk} } sink out from c { memory {} }`;
  const windows = [
    "fixed 2ms",
    "fixed 4ms early after 2",
    "count 2",
    "session 1ms",
    "global early after 3 panes discard",
  ];
  const kinds = fc.tuple(fc.constantFrom(...windows), fc.constantFrom("", "key data.n", "size 2"));
  const withoutTime = fc.array(happening, { maxLength: 6 }).map((all) => all.filter(({ kind }) => kind !== "time"));
  await fc.assert(
    fc.asyncProperty(kinds, withoutTime, async ([window, chunk], happenings) => {
      const events = happenings.flatMap((one) => (one.kind === "events" ? one.events : []));
      const whole = await taken(flow(window, chunk), [{ kind: "events", events }]);
      expect(await taken(flow(window, chunk), happenings)).toEqual(whole);
    }),
    { numRuns: 100 },
  );
}, 60_000);
