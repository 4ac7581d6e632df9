/** Runs one case against the engine's windows. */
import { isDeepStrictEqual } from "node:util";
import { PassedKeys } from "../../runtime/operators/passed-keys.ts";
import { assigner } from "../../runtime/windows/assign.ts";
import type { TimeWindow } from "../../runtime/windows/cell.ts";
import { checkFields } from "./case-fields.ts";
import { CannotRun, type Case, Different } from "./case-shape.ts";
import { comparePanes, compareWindows, sameValues } from "./expectations.ts";
import { runPipeline } from "./pipelines.ts";
import { refusals } from "./refusals.ts";
import { assignOf } from "./rules-of-case.ts";
import { isWindow, timeOf } from "./times.ts";
import { TriggerDriver } from "./trigger-driver.ts";
import { WatermarkDriver } from "./watermark-driver.ts";
import { hashOf, type SeenPane, same, WindowDriver } from "./window-driver.ts";

/** @throws Different, CannotRun, or whatever the engine throws. */
export async function runCase(one: Case): Promise<void> {
  checkFields(one);
  await runners[one.type]!(one);
}

const runners: Readonly<Record<string, (one: Case) => void | Promise<void>>> = {
  assign: windowed,
  group: windowed,
  panes: windowed,
  hold: windowed,
  drop: windowed,
  watermark(one) {
    const driver = new WatermarkDriver(one);
    for (const step of one.steps ?? []) driver.step(step);
    driver.check(one);
  },
  triggerState(one) {
    const driver = new TriggerDriver(one);
    for (const step of one.steps ?? []) driver.step(step);
  },
  dedupe,
  batch,
  property,
  pipeline: runPipeline,
  reject(one) {
    for (const [at, refusal] of refusals(one).entries())
      if (refusal === undefined) throw new Different(`number ${at + 1} is not refused`);
  },
  accept(one) {
    for (const refusal of refusals(one)) if (refusal !== undefined) throw new Different(`refused: ${refusal}`);
  },
};

function windowed(one: Case): void {
  const elements = one.timestamps?.map((ts) => ({ op: "el", v: ts, ts }));
  const steps = elements === undefined ? one.steps : [...elements, { op: "wm", to: "+inf" }, ...(one.steps ?? [])];
  if (steps === undefined) throw new CannotRun("there are no steps");
  const driver = new WindowDriver(one).run(steps);
  comparePanes(one, driver.panes);
  const { kept, dropped } = one.expect;
  if (kept !== undefined && !sameValues(kept, driver.kept)) throw new Different(`kept ${JSON.stringify(driver.kept)}`);
  if (dropped) driver.checkDropped(dropped);
}

function dedupe(one: Case): void {
  if (one.duration === undefined && one.timeDomain === undefined) dedupeInWindows(one);
  else dedupeWithin(one, one.duration ?? defaultDurationMs);
}

/** What Beam remembers a value for where the case does not say. */
const defaultDurationMs = 600_000;

/** The first of each value in a window: the value is the key, and its first event fires and finishes. */
function dedupeInWindows(one: Case): void {
  const steps = (one.steps ?? []).map((step) => (step.op === "el" ? { ...step, k: step.k ?? step.v } : step));
  const driver = new WindowDriver({ ...one, trigger: { t: "count", n: 1 }, mode: "discarding" }).run(steps);
  const { windows, dropped } = one.expect;
  if (windows !== undefined) compareWindows(windows, driver.panes);
  comparePassed(
    one,
    driver.panes.flatMap(({ values }) => values),
  );
  if (dropped) driver.checkDropped(dropped);
}

/** The engine's `dedupe … within`, in each window for itself. Processing time is time like any other to it. */
function dedupeWithin(one: Case, withinMs: number): void {
  const dedupe = new PassedKeys(withinMs);
  const isEventTime = !/processing/i.test(one.timeDomain ?? "");
  const assign = assignOf(one.window ?? { fn: "global" });
  if (assign.kind === "session" || assign.kind === "count") throw new CannotRun(`dedupe in ${assign.kind} windows`);
  const windowsOf = assigner(assign);
  const passed: { value: unknown; window: TimeWindow }[] = [];
  let nowMs = 0;
  let watermarkMs = Number.NEGATIVE_INFINITY;
  for (const step of one.steps ?? []) {
    if (step.op === "wm") watermarkMs = Math.max(watermarkMs, timeOf(step.to as number));
    else if (step.op === "pt") nowMs = typeof step.to === "number" ? step.to : nowMs + (step.by ?? 0);
    else if (step.op !== "el") throw new CannotRun(`the step '${step.op}' is not known here`);
    else
      for (const window of windowsOf(timeOf(step.ts))) {
        const hash = hashOf([step.k ?? step.v, window.start]);
        if (dedupe.pass(hash, isEventTime ? timeOf(step.ts) : nowMs, isEventTime ? watermarkMs : nowMs))
          passed.push({ value: step.v, window });
      }
  }
  if (one.expect.dropped) throw new CannotRun("nothing is too late for 'dedupe'");
  for (const { w, values = [] } of one.expect.windows ?? []) {
    const given = passed.filter((each) => isWindow(w, each)).map(({ value }) => value);
    if (!sameValues(values, given)) throw new Different(`${JSON.stringify(w)} has ${JSON.stringify(given)}`);
  }
  comparePassed(
    one,
    passed.map(({ value }) => value),
  );
}

function comparePassed({ expect }: Case, passed: readonly unknown[]): void {
  const { values, kept, valuesAnyOrder, counts, windows } = expect;
  if ((values ?? kept ?? valuesAnyOrder ?? counts ?? windows) === undefined)
    throw new CannotRun("what passes is not asserted");
  for (const wanted of [values, kept, valuesAnyOrder])
    if (wanted !== undefined && !sameValues(wanted, passed))
      throw new Different(`lets through ${JSON.stringify(passed)}`);
  for (const [value, wanted] of Object.entries(counts ?? {})) {
    const count = passed.filter((one) => String(one) === value).length;
    if (![wanted].flat().includes(count)) throw new Different(`'${value}' passes ${count} times`);
  }
}

/** So many events of a key, so long in processing time, or the end of the window: a repeated trigger, and panes that hold what is new. */
function batch(one: Case): void {
  const { batchSize, maxBufferingDuration } = one;
  if (batchSize === undefined && maxBufferingDuration === undefined) throw new CannotRun("batches without a size");
  const count = batchSize === undefined ? [] : [{ t: "count", n: batchSize }];
  const wait = maxBufferingDuration === undefined ? [] : [{ t: "afterProcessingTime", delay: maxBufferingDuration }];
  const trigger = { t: "repeatedly", of: { t: "afterFirst", of: [...count, ...wait, { t: "endOfWindow" }] } };
  const { panes } = new WindowDriver({ ...one, trigger, mode: "discarding", onTime: "ifNonEmpty" }).run(
    one.steps ?? [],
  );
  if (one.expect.batches === undefined) throw new CannotRun("no batches are expected");
  for (const { k, w, sizes } of one.expect.batches) {
    const isOwn = (pane: SeenPane) =>
      (w === undefined || isWindow(w, pane)) && (k === undefined || isDeepStrictEqual(k, pane.key));
    const given = panes.filter(isOwn).map(({ values }) => values.length);
    if (!sameValues(given, sizes)) throw new Different(`${JSON.stringify(w)} has batches of ${given.join(", ")}`);
  }
}

function property(one: Case): void {
  if (one.generate !== undefined) generated(one);
  else shuffled(one);
}

/** Every element has a key of its own that is equal only by value. */
function generated(one: Case): void {
  const { keys, valuesPerKey, value, shuffle } = one.generate!;
  const size = keys * valuesPerKey;
  const elements = Array.from({ length: size }, (_, at) => ({
    op: "el",
    k: { id: at % keys, parts: [String(at % keys)] },
    v: value,
    ts: at,
  }));
  // An order that has nothing to do with that of the keys, and is the same in each run.
  if (shuffle) elements.sort((a, b) => mixed(a.ts) - mixed(b.ts));
  const { panes } = new WindowDriver(one).run([...elements, { op: "wm", to: "+inf" }]);
  const perKey = Map.groupBy(panes, ({ key }) => JSON.stringify(key));
  const { expect } = one;
  if (expect.keys !== undefined) same("number of keys", perKey.size, expect.keys);
  for (const [key, own] of perKey) {
    if (expect.groupsPerKey !== undefined) same(`groups of ${key}`, own.length, expect.groupsPerKey);
    const count = own.flatMap(({ values }) => values).length;
    if (expect.countPerKey !== undefined) same(`values of ${key}`, count, expect.countPerKey);
  }
}

const mixed = (at: number): number => Math.imul(at + 1, 0x9e3779b1) >>> 0;

/**
 * A shuffle brings elements together by key and lets each go at once: all of time, a pane per element, nothing ever late. What is expected of groups
 * is so of the case's own windows behind it.
 */
function shuffled(one: Case): void {
  const shuffle = { ...one, window: { fn: "global" }, mode: "discarding", timestampCombiner: "latest" };
  const driver = new WindowDriver({
    ...shuffle,
    allowedLateness: Number.POSITIVE_INFINITY,
    trigger: { t: "repeatedly", of: { t: "count", n: 1 } },
    onTime: "ifNonEmpty",
  });
  const behind = new WindowDriver(one);
  for (const step of one.steps ?? []) {
    const before = driver.panes.length;
    driver.step(step);
    for (const { key, values, pane } of driver.panes.slice(before))
      behind.run(values.map((v) => ({ op: "el", k: key, v, ts: pane.timeMs })));
    if (step.op !== "el") behind.step(step);
    else if (one.expect.timestampsUnchanged) same("timestamp", driver.panes.at(before)?.pane.timeMs, timeOf(step.ts));
  }
  const values = driver.panes.flatMap((pane) => pane.values);
  const wanted = one.expect.valuesAnyOrder ?? (one.steps ?? []).filter(({ op }) => op === "el").map(({ v }) => v);
  if (!sameValues(wanted, values)) throw new Different(`gives ${JSON.stringify(values)}`);
  comparePanes(one, behind.panes);
}
