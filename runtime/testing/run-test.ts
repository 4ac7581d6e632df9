/** Runs one test: its statements in order, on a run of its own. The same test gives the same result, whatever the size of batches. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { EventStep, ExpectedValue, ExpectStep, TestPlan, TestStep } from "../../compiler/contract/test-plan.ts";
import { decodeJson, encodeJson } from "../codec/json.ts";
import { messageOf } from "../engine/runtime-error.ts";
import { compileExpression } from "../expr/compile-expression.ts";
import { compareExpected } from "./compare-expected.ts";
import { durationText } from "./duration-text.ts";
import { recordBytes, timeFields, withTime } from "./event-data.ts";
import type { TestFailure, TestResult } from "./test-result.ts";
import { TestRun, type TestRunOptions } from "./test-run.ts";

export async function runTest(
  plan: TestPlan,
  config: RuntimeConfig,
  options: TestRunOptions = {},
): Promise<TestResult> {
  const startMs = performance.now();
  const { failures, run } = await playTest(plan, config, options);
  return {
    name: plan.name,
    place: plan.place,
    failures,
    durationMs: performance.now() - startMs,
    virtualMs: run.nowMs,
    counts: run.recorder.counts,
  };
}

/** The same, and the run that it was, whose recorder has seen everything. */
export async function playTest(
  plan: TestPlan,
  config: RuntimeConfig,
  options: TestRunOptions = {},
): Promise<{ readonly failures: readonly TestFailure[]; readonly run: TestRun }> {
  const test = new RunningTest(plan, config, options);
  return { failures: await test.work(), run: test.run };
}

class RunningTest {
  readonly run: TestRun;
  private readonly plan: TestPlan;
  private readonly config: RuntimeConfig;
  private readonly failures: TestFailure[] = [];
  /** By the position of its record. */
  private readonly events = new Map<string, EventStep>();
  /** By node and output: how much of it an `expect` has looked at. */
  private readonly seen = new Map<string, number>();
  /** By source: how much of what it gave has been compared with the times that the test says. */
  private readonly timed = new Map<string, number>();

  constructor(plan: TestPlan, config: RuntimeConfig, options: TestRunOptions) {
    this.plan = plan;
    this.config = config;
    this.run = new TestRun(config, { ...options, keepsState: plan.steps.some(({ kind }) => kind === "restart") });
    this.run.recorder.watermarkOf = (node) => this.run.watermark(config.nodes[node]?.name ?? "");
  }

  async work(): Promise<readonly TestFailure[]> {
    const { steps } = this.plan;
    for (let at = 0; at < steps.length && this.run.failure === undefined; ) {
      const step = steps[at]!;
      const group = step.kind === "event" ? eventsFrom(steps, at, step.source) : [];
      if (group.length > 0) await this.send(group);
      else await this.work1(step);
      const { failure } = this.run;
      if (failure !== undefined) this.failures.push({ place: step.place, message: `The run has ended: ${failure}` });
      at += Math.max(1, group.length);
    }
    await this.run.close();
    return this.failures;
  }

  private async work1(step: TestStep): Promise<void> {
    switch (step.kind) {
      case "event":
        return;
      case "watermark":
        return this.run.setWatermark(step.source, step.timeMs);
      case "advance":
        if (step.byMs >= 0) return this.run.advance(step.byMs);
        this.failures.push({ place: step.place, message: "Time does not go back." });
        return;
      case "end":
        return this.run.end(step.source);
      case "restart":
        return this.run.restart();
      case "table": {
        const rows = step.rows.map((row) => this.valueOf(row));
        try {
          this.run.setTable(step.table, rows);
        } catch (error) {
          this.failures.push({
            place: step.place,
            message: `'${step.table}' cannot have such a row: ${messageOf(error)}.`,
          });
        }
        return;
      }
      case "expect":
        this.expect(step);
    }
  }

  /** Events of one source, one after the other. */
  private async send(steps: readonly EventStep[]): Promise<void> {
    const { source } = steps[0]!;
    const plan = this.run.source(source);
    if (this.run.hasSourceEnded(source)) {
      this.failures.push({
        place: steps[0]!.place,
        message: `The input of '${source}' has ended: nothing can come after.`,
      });
      return;
    }
    const fields = timeFields(plan);
    const messages = steps.flatMap((step) => {
      const { timeMs } = step;
      const position = `${source}/${this.events.size}`;
      this.events.set(position, step);
      try {
        return [{ bytes: recordBytes(withTime(this.evaluate(step.data), fields, timeMs), plan), position, timeMs }];
      } catch (error) {
        this.failures.push({ place: step.place, message: `This event cannot be made: ${messageOf(error)}.` });
        return [];
      }
    });
    await this.run.send(source, messages);
    this.checkTimes(source);
  }

  /** The `time` clause is the truth; a test that says something else means something else. */
  private checkTimes(source: string): void {
    const given = this.run.recorder.given(source, "main");
    for (const entry of given.slice(this.timed.get(source) ?? 0)) {
      const step = this.events.get(entry.parent?.position ?? "");
      const timeMs = entry.timeMs ?? 0;
      if (step === undefined || Math.abs(timeMs - step.timeMs) < 1) continue;
      this.failures.push({
        place: step.place,
        message: `The event's time is ${new Date(timeMs).toISOString()}, as the 'time' of '${source}' reads it from its data, and not ${durationText(step.timeMs)} after 1970-01-01T00:00:00Z, where a test begins. Leave the field out, or say the same time twice.`,
      });
    }
    this.timed.set(source, given.length);
  }

  private expect(step: ExpectStep): void {
    const name = `${step.node}.${step.output}`;
    const all = this.run.recorder.given(step.node, step.output);
    const given = all.slice(this.seen.get(name) ?? 0);
    this.seen.set(name, all.length);
    const expected = step.events.map((event) => ({ place: event.place, value: this.valueOf(event) }));
    const failure = compareExpected(step, expected, given, {
      config: this.config,
      recorder: this.run.recorder,
      events: this.events,
      watermark: (node) => this.run.watermark(node),
    });
    if (failure !== undefined) this.failures.push(failure);
  }

  /** As JSON would hold it. */
  private valueOf({ value, place }: ExpectedValue): unknown {
    try {
      return decodeJson(encodeJson(this.evaluate(value)));
    } catch (error) {
      this.failures.push({ place, message: `This value cannot be made: ${messageOf(error)}.` });
      return undefined;
    }
  }

  private evaluate(tree: EventStep["data"]): unknown {
    return compileExpression(tree, [], Object.fromEntries(this.run.tables))();
  }
}

/** The events at `start` that enter at one source, with nothing between them. */
function eventsFrom(steps: readonly TestStep[], start: number, source: string): readonly EventStep[] {
  const events: EventStep[] = [];
  for (let at = start; at < steps.length; at++) {
    const step = steps[at]!;
    if (step.kind !== "event" || step.source !== source) break;
    events.push(step);
  }
  return events;
}
