/** Runs one case against the engine's windows. */
import { PassedKeys } from "../../runtime/operators/passed-keys.ts";
import { CannotRun, type Case, Different, type PaneShape, type WindowText } from "./case-shape.ts";
import { compareGroups, comparePanes, sameValues, show } from "./expectations.ts";
import { runPipeline } from "./pipelines.ts";
import { refusals } from "./refusals.ts";
import { isWindow, timeOf } from "./times.ts";
import { TriggerDriver } from "./trigger-driver.ts";
import { WatermarkDriver } from "./watermark-driver.ts";
import { hashOf, type SeenPane, same, WindowDriver } from "./window-driver.ts";

/** @throws Different, CannotRun, or whatever the engine throws. */
export async function runCase(one: Case): Promise<void> {
  const run = runners[one.type];
  if (run === undefined) throw new CannotRun(`the type '${one.type}' is not known`);
  await run(one);
}

const runners: Readonly<Record<string, (one: Case) => void | Promise<void>>> = {
  assign(one) {
    const elements = (one.timestamps ?? []).map((ts) => ({ op: "el", v: ts, ts }));
    const { panes } = new WindowDriver(one).run([...elements, { op: "wm", to: "+inf" }]);
    const wanted = (one.expect.windows ?? []).map(({ w, ts }): PaneShape => ({ w, ...(ts && { values: ts }) }));
    compareGroups(one, wanted, panes);
  },
  group(one) {
    const driver = new WindowDriver(one).run(one.steps ?? []);
    compareGroups(one, one.expect.groups ?? [], driver.panes);
    if (one.expect.dropped) driver.checkDropped(one.expect.dropped);
  },
  panes: windowed,
  hold: windowed,
  drop(one) {
    const driver = new WindowDriver(one).run(one.steps ?? []);
    if (one.expect.kept !== undefined && !sameValues(one.expect.kept, driver.kept))
      throw new Different(`kept ${JSON.stringify(driver.kept)}`);
    if (one.expect.dropped) driver.checkDropped(one.expect.dropped);
  },
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
  const driver = new WindowDriver(one).run(one.steps ?? []);
  comparePanes(one, driver.panes);
  if (one.expect.dropped) driver.checkDropped(one.expect.dropped);
}

function dedupe(one: Case): void {
  if (one.duration === undefined) dedupeInWindows(one);
  else dedupeWithin(one, one.duration);
}

/** The first of each value in a window: the value is the key, and its first event fires and finishes. */
function dedupeInWindows(one: Case): void {
  const steps = (one.steps ?? []).map((step) => (step.op === "el" ? { ...step, k: step.k ?? step.v } : step));
  const { panes } = new WindowDriver({ ...one, trigger: { t: "count", n: 1 }, mode: "discarding" }).run(steps);
  compareWindows(one.expect.windows ?? [], panes);
}

/** The engine's `dedupe … within`. Processing time is time like any other to it. */
function dedupeWithin(one: Case, withinMs: number): void {
  const dedupe = new PassedKeys(withinMs);
  const isEventTime = !/processing/i.test(one.timeDomain ?? "");
  const passed: unknown[] = [];
  let nowMs = 0;
  let watermarkMs = Number.NEGATIVE_INFINITY;
  for (const step of one.steps ?? []) {
    if (step.op === "wm") watermarkMs = Math.max(watermarkMs, timeOf(step.to as number));
    else if (step.op === "pt") nowMs = typeof step.to === "number" ? step.to : nowMs + (step.by ?? 0);
    else if (step.op !== "el") throw new CannotRun(`the step '${step.op}' is not known`);
    else if (
      dedupe.pass(hashOf(step.k ?? step.v), isEventTime ? timeOf(step.ts) : nowMs, isEventTime ? watermarkMs : nowMs)
    )
      passed.push(step.v);
  }
  const wanted = one.expect.values ?? one.expect.kept ?? one.expect.valuesAnyOrder;
  if (wanted === undefined) throw new CannotRun("what passes is not asserted");
  if (!sameValues(wanted, passed)) throw new Different(`lets through ${JSON.stringify(passed)}`);
}

function compareWindows(
  wanted: readonly { readonly w: WindowText; readonly values?: readonly unknown[] }[],
  panes: readonly SeenPane[],
): void {
  const rest = new Set(panes);
  for (const { w, values } of wanted) {
    const own = [...rest].filter((pane) => isWindow(w, pane));
    for (const pane of own) rest.delete(pane);
    const given = own.flatMap((pane) => pane.values);
    if (values !== undefined && !sameValues(values, given))
      throw new Different(`${JSON.stringify(w)} has ${JSON.stringify(given)}`);
  }
  if (rest.size > 0) throw new Different(`unexpected ${[...rest].map(show).join("; ")}`);
}

/** So many events of a key, or the end of the window: a repeated trigger, and panes that hold what is new. */
function batch(one: Case): void {
  const { batchSize } = one;
  if (batchSize === undefined) throw new CannotRun("batches without a size");
  const either = { t: "afterFirst", of: [{ t: "count", n: batchSize }, { t: "endOfWindow" }] };
  const trigger = { t: "repeatedly", of: either };
  const { panes } = new WindowDriver({ ...one, trigger, mode: "discarding", onTime: "ifNonEmpty" }).run(
    one.steps ?? [],
  );
  for (const { w, sizes } of one.expect.batches ?? []) {
    const given = panes.filter((pane) => isWindow(w, pane)).map(({ values }) => values.length);
    if (!sameValues(given, sizes)) throw new Different(`${JSON.stringify(w)} has batches of ${given.join(", ")}`);
  }
}

function property(one: Case): void {
  if (one.generate !== undefined) generated(one);
  else shuffled(one);
}

/** Every element has a key of its own that is equal only by value. */
function generated(one: Case): void {
  const { keys, valuesPerKey, value } = one.generate!;
  const elements = Array.from({ length: keys * valuesPerKey }, (_, at) => ({
    op: "el",
    k: { id: at % keys, parts: [String(at % keys)] },
    v: value,
    ts: at,
  }));
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

/** A shuffle brings elements together by key and lets each go at once: all of time, a pane per element, nothing ever late. */
function shuffled(one: Case): void {
  const shuffle = { ...one, window: { fn: "global" }, mode: "discarding", timestampCombiner: "latest" };
  const driver = new WindowDriver({
    ...shuffle,
    allowedLateness: Number.POSITIVE_INFINITY,
    trigger: { t: "repeatedly", of: { t: "count", n: 1 } },
    onTime: "ifNonEmpty",
  });
  for (const step of one.steps ?? []) {
    const before = driver.panes.length;
    driver.step(step);
    if (step.op !== "el" || !one.expect.timestampsUnchanged) continue;
    const [pane] = driver.panes.slice(before);
    same("timestamp", pane?.pane.timeMs, timeOf(step.ts));
  }
  const values = driver.panes.flatMap((pane) => pane.values);
  const wanted = one.expect.valuesAnyOrder ?? (one.steps ?? []).filter(({ op }) => op === "el").map(({ v }) => v);
  if (!sameValues(wanted, values)) throw new Different(`gives ${JSON.stringify(values)}`);
}
