/**
 * Windows alone, without decoding and expressions: ns an event, and sliding against fixed. `node bench/windows.ts [EVENTS]`; the least of five runs.
 * Events are 10 ms apart with 30 % up to 5 s behind, 50 or 2,000 keys, the watermark 5 s behind, as in the peers' W3 and W5.
 */
import type { AssignPlan } from "../compiler/contract/runtime-config.ts";
import type { Cell, CellCode } from "../runtime/windows/cell.ts";
import type { WindowRules } from "../runtime/windows/operator.ts";
import { makeOperator } from "../runtime/windows/window-operator.ts";

type SumCell = Cell & { n: number; sum: number };

const events = Number(process.argv[2] ?? 2_000_000);
const delayMs = 5_000;
let results = 0;

const code: CellCode = {
  create: (key, hash, window, order): SumCell => ({
    key,
    hash,
    window,
    order,
    timeMs: 0,
    isChanged: false,
    state: undefined,
    n: 0,
    sum: 0,
  }),
  merge: (into, from) => {
    (into as SumCell).n += (from as SumCell).n;
    (into as SumCell).sum += (from as SumCell).sum;
  },
  reset: (cell) => {
    (cell as SumCell).n = 0;
    (cell as SumCell).sum = 0;
  },
  emit: () => {
    results++;
    return undefined;
  },
  retract: () => {},
  save: () => {},
  load: () => {},
};

function rulesOf(assign: AssignPlan, more: Partial<WindowRules> = {}): WindowRules {
  return {
    assign,
    latenessMs: 0,
    trigger: { kind: "repeatedly", of: { kind: "after_watermark" } },
    onTime: "always",
    closing: "if_new",
    panes: "accumulate",
    timestamp: "end",
    lateBy: "merged",
    aggregates: [{ fn: "count" }, { fn: "sum" }],
    ...more,
  };
}

function input(keys: number): { readonly times: Float64Array; readonly keys: readonly string[] } {
  const times = new Float64Array(events);
  const names = Array.from({ length: keys }, (_, at) => `key-${at}`);
  const byEvent: string[] = [];
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let at = 0; at < events; at++) {
    times[at] = 1_750_000_000_000 + at * 10 - (random() < 0.3 ? Math.floor(random() * 5000) : 0);
    byEvent.push(names[Math.floor(random() * keys)]!);
  }
  return { times, keys: byEvent };
}

function nanosPerEvent(rules: WindowRules, { times, keys }: ReturnType<typeof input>): number {
  const operator = makeOperator(rules, code, { isPaused: () => false, nowMs: () => 0 });
  let watermarkMs = Number.NEGATIVE_INFINITY;
  const start = process.hrtime.bigint();
  for (let at = 0; at < events; at++) {
    const timeMs = times[at]!;
    const key = keys[at]!;
    const count = operator.assign(key, key, timeMs, watermarkMs);
    for (let i = 0; i < count; i++) {
      const cell = operator.cells[i] as SumCell;
      cell.n++;
      cell.sum += 1;
    }
    if (count > 0) operator.added(count, timeMs);
    if (timeMs - delayMs > watermarkMs) watermarkMs = timeMs - delayMs;
    if (watermarkMs >= operator.nextWatermarkMs) operator.advanceWatermark(watermarkMs);
  }
  operator.advanceWatermark(Number.POSITIVE_INFINITY);
  return Number(process.hrtime.bigint() - start) / events;
}

const few = input(50);
const many = input(2000);
const cases: readonly (readonly [string, WindowRules, ReturnType<typeof input>])[] = [
  ["fixed 10m, 50 keys", rulesOf({ kind: "fixed", sizeMs: 600_000, offsetMs: 0 }), few],
  ["fixed 1m, 50 keys", rulesOf({ kind: "fixed", sizeMs: 60_000, offsetMs: 0 }), few],
  ["sliding 10m/1m, 50 keys", rulesOf({ kind: "sliding", sizeMs: 600_000, everyMs: 60_000, offsetMs: 0 }), few],
  ["fixed 1m, 2000 keys", rulesOf({ kind: "fixed", sizeMs: 60_000, offsetMs: 0 }), many],
  ["sliding 10m/1m, 2000 keys", rulesOf({ kind: "sliding", sizeMs: 600_000, everyMs: 60_000, offsetMs: 0 }), many],
  ["sessions 30s, 2000 keys", rulesOf({ kind: "session", gapMs: 30_000 }), many],
  [
    "fixed 1m lateness 30s, 50 keys",
    rulesOf({ kind: "fixed", sizeMs: 60_000, offsetMs: 0 }, { latenessMs: 30_000 }),
    few,
  ],
  ["sessions 30s lateness 30s, 2000 keys", rulesOf({ kind: "session", gapMs: 30_000 }, { latenessMs: 30_000 }), many],
];

const best = new Map(cases.map(([name]) => [name, Number.POSITIVE_INFINITY]));
for (let run = 0; run < 5; run++)
  for (const [name, rules, events] of cases) best.set(name, Math.min(best.get(name)!, nanosPerEvent(rules, events)));
for (const [name, nanos] of best) console.log(`${name.padEnd(38)} ${nanos.toFixed(1).padStart(7)} ns an event`);
const ratio = best.get("sliding 10m/1m, 50 keys")! / best.get("fixed 1m, 50 keys")!;
console.log(`sliding 10m/1m is ${ratio.toFixed(2)} × fixed 1m; ${results} results`);
