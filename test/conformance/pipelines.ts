/**
 * Cases of several stages, as pipelines of the language on the real engine. An element is an event with a time; a move of the watermark is an event of
 * its own, which the pipeline drops, so far in the future of the source's delay that only such events move anything.
 */
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { type Drive, drive } from "../../runtime/engine/drive.ts";
import { stageOf } from "../support/drive-flow.ts";
import { CannotRun, type Case, Different, type Step } from "./case-shape.ts";
import { compareList, sameValues } from "./expectations.ts";
import { timeOf } from "./times.ts";
import type { SeenPane } from "./window-driver.ts";

export async function runPipeline(one: Case): Promise<void> {
  if (one.stages === undefined) return runInputs(one);
  if (one.stages.some((stage) => stage.includes("->"))) return runGraph(one, one.stages);
  return runChain(one, one.stages);
}

const delayDays = 100_000;
const delayMs = delayDays * 86_400_000;

const source = (name: string): string => `
  source ${name} { memory {} time timestamp(data.t) watermark ${delayDays}d ahead ${2 * delayDays}d }
  step ${name}_elements from ${name} { filter !data.isTick }`;

/** Independent inputs: what each gives. */
async function runInputs(one: Case): Promise<void> {
  const names = Array.from({ length: one.inputs ?? 1 }, (_, at) => `in${at}`);
  const flow = names.map(
    (name) => `${source(name)}
      window ${name}_all from ${name}_elements { global emit { values: list(data.v) } }
      sink ${name}_out from ${name}_all { memory {} }`,
  );
  const run = await played(
    stageOf(flow.join("\n")),
    one.steps ?? [],
    ({ input }) => names[input ?? 0] ?? missing(input),
  );
  for (const [at, wanted] of (one.expect.out ?? missingExpectation("out")).entries()) {
    const given = results(run, `in${at}_out`).flatMap(({ values }) => values as readonly unknown[]);
    if (!sameValues(wanted, given)) throw new Different(`input ${at} gives ${JSON.stringify(given)}`);
  }
}

/** One window after the other, each grouped by key. */
async function runChain(one: Case, stages: readonly string[]): Promise<void> {
  const windows: { kind: string; combiner: string | undefined; sum: string }[] = [];
  for (const stage of stages) {
    const window =
      /^window (global|fixed (\d+)|sliding (\d+) (?:every|period) (\d+)|sessions(?: gap)? (\d+))(?:, timestampCombiner (\w+))?$/.exec(
        stage,
      );
    const group = /^(?:groupByKey|combine|collect)(?: \+ (sum|count|min|max))?$/.exec(stage);
    if (window) windows.push({ kind: kindOf(window), combiner: window[6], sum: "list(data.v)" });
    else if (group && windows.length > 0) windows.at(-1)!.sum = group[1] ? sumOf(group[1]) : "list(data.v)";
    else throw new CannotRun(`the stage '${stage}' is not known`);
  }
  const flow = windows.map(({ kind, sum }, at) => {
    const from = at === 0 ? "input_elements" : `w${at - 1}`;
    return `window w${at} from ${from} { ${kind} key data.k emit { k: key, v: ${sum}, start: window.start, end: window.end } }`;
  });
  const config = stageOf([source("input"), ...flow, `sink out from w${windows.length - 1} { memory {} }`].join("\n"));
  const combiners = new Map(windows.map(({ combiner }, at) => [`w${at}`, combiner]));
  const run = await played(withTimestamps(config, combiners), one.steps ?? [], () => "input");
  const seen = results(run, "out").map(
    ({ k, v, start, end }): SeenPane => ({
      key: k,
      window: { start: boundOf(start), end: boundOf(end) },
      values: Array.isArray(v) ? (v as readonly unknown[]) : [v],
      pane: { index: 0, timing: "on_time", onTimeIndex: 0, isFirst: true, isLast: true, timeMs: 0 },
    }),
  );
  compareList(one, one.expect.groups ?? missingExpectation("groups"), seen);
}

function kindOf(window: RegExpExecArray): string {
  if (window[2]) return `fixed ${window[2]}ms`;
  if (window[3]) return `sliding ${window[3]}ms every ${window[4]}ms`;
  return window[5] ? `session ${window[5]}ms` : "global";
}

const sumOf = (fn: string): string => (fn === "count" ? "count()" : `${fn}(data.v)`);

/** The language says the combiner by the kind of window; the plan can have any. */
function withTimestamps(config: RuntimeConfig, combiners: ReadonlyMap<string, string | undefined>): RuntimeConfig {
  const timestamps = { earliest: "earliest", latest: "latest", endOfWindow: "end" } as const;
  const nodes = config.nodes.map((node): NodePlan => {
    const combiner = combiners.get(node.name);
    if (node.kind !== "window" || combiner === undefined) return node;
    const timestamp = timestamps[combiner as keyof typeof timestamps];
    if (timestamp === undefined) throw new CannotRun(`the combiner '${combiner}' is not known`);
    return { ...node, timestamp };
  });
  return { ...config, nodes };
}

/** Elements and their grouped, upper-cased copies meet in one place that keeps all values and gives them together at the end. */
async function runGraph(one: Case, [path, flatten, keyed]: readonly string[]): Promise<void> {
  const grouped = /^in -> fixed (\d+) (ms|s|m) -> groupByKey\(e,e\) -> keys -> upper-case -> global window$/.exec(
    path ?? "",
  );
  const state = /^key all as "key"; state appends values with "(.)"; timer at \d+ (?:ms|s|m) emits the state$/.exec(
    keyed ?? "",
  );
  if (!grouped || flatten !== "flatten(in, that)" || !state) throw new CannotRun("these stages are not known");
  const config = stageOf(`${source("input")}
    window grouped from input_elements { fixed ${grouped[1]}${grouped[2]} key data.v emit { v: key.upperAscii() } }
    window all from input_elements, grouped { global emit list(data.v).join("${state[1]}") }
    sink out from all { memory {} }`);
  const run = await played(config, one.steps ?? [], () => "input");
  const given = run.received("out");
  if (!sameValues(one.expect.valuesAnyOrder ?? missingExpectation("valuesAnyOrder"), given))
    throw new Different(`gives ${JSON.stringify(given)}`);
}

async function played(config: RuntimeConfig, steps: readonly Step[], sourceOf: (step: Step) => string): Promise<Drive> {
  const run = drive(config);
  for (const step of steps) {
    const name = sourceOf(step);
    if (step.op === "el")
      await run.send(name, { isTick: false, k: step.k ?? null, v: step.v, t: timeText(timeOf(step.ts)) });
    else if (step.op !== "wm") throw new CannotRun(`the step '${step.op}' is not known in a pipeline`);
    // The end of the input is the end of the run.
    else if (step.to !== "+inf")
      await run.send(name, { isTick: true, t: timeText(timeOf(step.to as number) + delayMs) });
  }
  await run.finish();
  const bad = run.deadLetters();
  if (bad.length > 0) throw new Different(`bad events: ${JSON.stringify(bad)}`);
  return run;
}

const firstTime = "0001-01-01T00:00:00Z";
const timeText = (ms: number): string => (ms < Date.parse(firstTime) ? firstTime : new Date(ms).toISOString());

function results(run: Drive, sink: string): readonly Readonly<Record<string, unknown>>[] {
  return run.received(sink) as readonly Readonly<Record<string, unknown>>[];
}

/** The engine writes the ends of the global window as the first and last time there is. */
function boundOf(text: unknown): number {
  const at = String(text);
  if (at.startsWith("9999")) return Number.POSITIVE_INFINITY;
  return at.startsWith("0001") ? Number.NEGATIVE_INFINITY : Date.parse(at);
}

function missingExpectation(name: string): never {
  throw new CannotRun(`a pipeline of these stages needs '${name}' to expect`);
}

function missing(input: number | undefined): never {
  throw new CannotRun(`there is no input ${input}`);
}
