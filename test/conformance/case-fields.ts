/** Which fields a case may have: those that its type is run by. Another field says something that would not be honoured, so the case cannot be run. */
import { CannotRun, type Case, type Step, type TriggerShape } from "./case-shape.ts";

const described = ["id", "name", "type", "source", "note", "expect"];
const rules = ["window", "trigger", "mode", "allowedLateness", "closing", "onTime", "timestampCombiner", "combine"];
const windowed = ["groups", "panes", "paneCount", "assert", "dropped", "kept", "windows"];

interface Fields {
  readonly own: readonly string[];
  readonly expect: readonly string[];
}

const onWindows: Fields = { own: [...rules, "steps", "timestamps"], expect: windowed };

const byType: Readonly<Record<string, Fields>> = {
  assign: onWindows,
  group: onWindows,
  panes: onWindows,
  hold: onWindows,
  drop: onWindows,
  watermark: { own: ["steps"], expect: ["input", "output", "outputAtMost"] },
  triggerState: { own: ["window", "trigger", "mode", "steps"], expect: [] },
  dedupe: {
    own: ["window", "allowedLateness", "steps", "duration", "timeDomain"],
    expect: ["windows", "values", "kept", "valuesAnyOrder", "counts", "dropped"],
  },
  batch: { own: ["window", "allowedLateness", "batchSize", "maxBufferingDuration", "steps"], expect: ["batches"] },
  property: {
    own: [...rules, "steps", "generate"],
    expect: ["groupsPerKey", "countPerKey", "keys", "timestampsUnchanged", "valuesAnyOrder", "groups", "paneCount"],
  },
  pipeline: {
    own: ["stages", "inputs", "steps"],
    expect: ["out", "groups", "valuesAnyOrder"],
  },
  reject: { own: [...rules, "steps", "variants", "check"], expect: ["error"] },
  accept: { own: [...rules, "steps", "variants", "check"], expect: ["ok"] },
};

const element = ["k", "v", "ts", "input", "fire", "finish"];
const byOp: Readonly<Record<string, readonly string[]>> = {
  el: element,
  bundle: ["elements", "fire", "finish"],
  wm: ["to", "input", "fire", "finish", "holdOutputWatermark"],
  pt: ["to", "by", "fire", "finish"],
  fire: ["w", "at", "when", "finish"],
  fireIfReady: ["w"],
  check: ["dropped"],
  hold: ["k", "at", "is"],
  inputWatermark: ["to", "is", "source"],
  outputWatermark: ["to", "is"],
  sourceWatermark: ["source", "to"],
  idle: ["source"],
  buffered: ["source", "ts", "copies"],
  processed: ["source", "ts", "copy"],
  merge: ["to"],
  ready: ["w", "is"],
  shouldFire: ["w", "is"],
  finished: ["k", "w", "is"],
  isFinished: ["k", "w", "is"],
  markedFinished: ["k", "w", "is"],
  closed: ["k", "w", "is"],
};

const parts: Readonly<Record<string, readonly string[]>> = {
  windows: ["w", "ts", "values"],
  groups: ["k", "w", "values", "timing", "index", "onTimeIndex", "first", "last", "ts"],
  panes: ["k", "w", "values", "timing", "index", "onTimeIndex", "first", "last", "ts"],
  assert: ["kind", "k", "w", "values", "combined", "paneCount"],
  batches: ["k", "w", "sizes"],
};

/** @throws CannotRun that names the first field or step that is not known. */
export function checkFields(one: Case): void {
  const fields = byType[one.type];
  if (fields === undefined) throw new CannotRun(`the type '${one.type}' is not known`);
  if (!isRecord(one.expect)) throw new CannotRun("'expect' is missing");
  only(one, [...described, ...fields.own], `a case of type '${one.type}'`);
  only(one.expect, [...fields.expect, "note"], `what a case of type '${one.type}' expects`);
  if (one.window !== undefined) only(one.window, ["fn", "size", "period", "offset", "gap"], "a window");
  if (one.trigger !== undefined) checkTrigger(one.trigger);
  if (one.check !== undefined)
    only(one.check, ["bounded", "window", "trigger", "mode", "allowedLateness", "key"], "a check");
  if (one.check?.trigger) checkTrigger(one.check.trigger);
  if (one.generate !== undefined) only(one.generate, ["keys", "valuesPerKey", "value", "shuffle"], "what is generated");
  for (const variant of list(one.variants, "variants")) only(variant, ["size", "period", "offset", "gap"], "a variant");
  for (const step of list(one.steps, "steps")) checkStep(step as Step);
  for (const [name, known] of Object.entries(parts))
    for (const part of list((one.expect as Readonly<Record<string, unknown>>)[name], name))
      only(part, known, `one of '${name}'`);
  checkCounts(one.expect.dropped);
}

function checkStep(step: Step): void {
  if (!isRecord(step)) throw new CannotRun("a step is an object");
  const known = byOp[step.op];
  if (known === undefined) throw new CannotRun(`the step '${step.op}' is not known`);
  only(step, ["op", "note", ...known], `the step '${step.op}'`);
  for (const each of list(step.elements, "elements")) only(each, ["op", "k", "v", "ts"], "an element of a bundle");
  checkCounts(step.dropped);
}

function checkTrigger(shape: TriggerShape): void {
  only(shape, ["t", "n", "delay", "of", "until", "early", "late"], "a trigger");
  const { of, until, early, late } = shape;
  for (const part of [of, until, early, late].flat()) if (part !== undefined) checkTrigger(part as TriggerShape);
}

function checkCounts(counts: unknown): void {
  if (counts !== undefined) only(counts, ["lateness", "closedWindow"], "what is dropped");
}

function only(value: unknown, known: readonly string[], what: string): void {
  if (!isRecord(value)) throw new CannotRun(`${what} is an object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CannotRun(`the field '${unknown}' of ${what} is not known`);
}

function list(value: unknown, name: string): readonly unknown[] {
  if (value !== undefined && !Array.isArray(value)) throw new CannotRun(`'${name}' is a list`);
  return value ?? [];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
