/**
 * `code javascript """…"""`: the module runs in a process of its own (javascript-process.ts), which is called with one event after the other. An event that takes too
 * long or too much memory ends that process: it is rejected, since it would do so again, those behind it are sent to the next process. What the user is told
 * is in docs/user-code.md.
 */
import { RuntimeError } from "../engine/runtime-error.ts";
import { listen, type RunnerLine } from "./javascript-answers.ts";
import { runnerLog } from "./javascript-log.ts";
import { type CodeLimits, runnerFile, startRunner, syntaxErrorLine } from "./javascript-process.ts";
import { placeText } from "./javascript-runner/place.ts";
import { Turns } from "./javascript-turns.ts";
import { numberOf } from "./plan-options.ts";
import type { Program } from "./program.ts";
import type { AnsweredEvent, Outcome, Unit, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";
import { holdWatchdog, type Watchdog } from "./watchdog.ts";

/** @throws RuntimeError "user-code-unavailable" when the module cannot be loaded, "unsupported" when this Node cannot run it */
export async function openJavascript(plan: UserCodePlan, services: UserCodeServices): Promise<UserCode> {
  const code = new JavascriptCode(plan, services, runnerFile(plan.node));
  try {
    await code.start();
  } catch (error) {
    await code.abort();
    throw error;
  }
  return code;
}

/** How long the module may take to load, whatever it does there. */
const loadLimitMs = 30_000;
/** Of one unit. */
const longestAnswer = 64 * 2 ** 20;
/** The time limit is watched in so many steps: where the whole machine stands still that is one step, not all. */
const steps = 4;
/** Ends of the process in a row that no unit can be blamed for. */
const mostIdleEnds = 5;

class JavascriptCode implements UserCode {
  readonly width = 64;
  readonly isOrdered = true;
  private readonly plan: UserCodePlan;
  private readonly services: UserCodeServices;
  private readonly file: string;
  private readonly limits: CodeLimits;
  private readonly watchdog: Watchdog;
  private readonly turns = new Turns();
  private starting: Promise<void> = Promise.resolve();
  private program: Program | undefined;
  /** It takes units. */
  private isReady = false;
  /** Steps in which nothing was heard. */
  private quietSteps = 0;
  private stopWatching: (() => void) | undefined;
  /** What the process is ended for, and the unit whose turn it was then. */
  private verdict: { readonly reason: string; readonly unit: Unit | undefined } | undefined;
  private idleEnds = 0;
  private isClosing = false;

  constructor(plan: UserCodePlan, services: UserCodeServices, file: string) {
    this.plan = plan;
    this.services = services;
    this.file = file;
    this.limits = { timeoutMs: numberOf(plan, "timeout", 1_000), memoryBytes: numberOf(plan, "memory", 64 * 2 ** 20) };
    this.watchdog = holdWatchdog(services.log);
  }

  /** Resolves when the module is loaded. Called again when the process has ended. @throws RuntimeError */
  start(): Promise<void> {
    this.starting = this.launch();
    return this.starting;
  }

  private async launch(): Promise<void> {
    const { plan, limits, file, services } = this;
    const log = runnerLog(services.log);
    const source = plan.code?.source ?? "";
    const runner = { node: plan.node, source, place: plan.at, limits, file };
    const program = await startRunner(runner, { ...services, log }, this.watchdog);
    this.program = program;
    const line = this.isClosing ? undefined : await this.loaded(program);
    if (line?.type === "Ready" && !this.isClosing) {
      this.isReady = true;
      void program.ended.then(({ signal, code }) => this.ended(log.isOutOfMemory, signal ?? `exit code ${code}`));
      this.pump();
      return;
    }
    await program.kill();
    if (!this.isClosing) throw this.notLoaded(line, log.isOutOfMemory);
  }

  /** What it says of the module; undefined when it ends without a word. */
  private async loaded(program: Program): Promise<RunnerLine | undefined> {
    const cancel = this.services.clock.after(loadLimitMs, () => void program.kill());
    const line = await new Promise<RunnerLine | undefined>((resolve) => {
      if (program.output !== undefined)
        listen(program.output, {
          heard: (length) => this.heard(length),
          result: (text) => this.turns.present?.results.push(text),
          said: (said) => (said.type === "Ready" || said.type === "Broken" ? resolve(said) : this.said(said)),
        });
      void program.ended.then(() => resolve(undefined));
    });
    cancel();
    return line;
  }

  private notLoaded(line: RunnerLine | undefined, isOutOfMemory: boolean): RuntimeError {
    const { plan } = this;
    const reason =
      line?.type === "Broken"
        ? `${line.reason}${/^SyntaxError/.test(line.reason) ? this.syntaxErrorPlace() : ""}`
        : isOutOfMemory
          ? `it ${this.tooMuchMemory()}`
          : `it was not loaded within ${loadLimitMs / 1000}s, or ended`;
    return new RuntimeError("user-code-unavailable", `The code of '${plan.node}' cannot be loaded: ${reason}.`);
  }

  send(unit: Unit): void {
    this.turns.add(unit);
    this.pump();
  }

  private pump(): void {
    const input = this.program?.input;
    if (input === undefined || !this.isReady || this.verdict !== undefined) return;
    const text = this.turns.toWrite();
    if (text === "") return;
    input.write(text);
    if (this.stopWatching !== undefined) return;
    this.quietSteps = 0;
    this.watch();
  }

  /** Until nothing is under way. */
  private watch(): void {
    const { services, limits, turns } = this;
    this.stopWatching = services.clock.after(limits.timeoutMs / steps, () => {
      this.stopWatching = undefined;
      if (turns.present === undefined || this.verdict !== undefined) return;
      if (this.quietSteps++ < steps) this.watch();
      else this.condemn(`took longer than ${limits.timeoutMs / 1000}s`);
    });
  }

  private heard(length: number): void {
    if (!this.isReady) return;
    this.quietSteps = 0;
    const { present } = this.turns;
    if (present !== undefined) present.answerLength += length;
    if (present === undefined) this.condemn("answered although nothing was asked");
    else if (present.answerLength > longestAnswer) this.condemn(`answered more than ${longestAnswer / 2 ** 20} MiB`);
  }

  private said(line: RunnerLine): void {
    if (line.type === "Memory") this.condemn(this.tooMuchMemory());
    if (line.type === "Garbage") this.condemn("answered what is no event");
    if (line.type !== "Ack" && line.type !== "Reject" && line.type !== "Retry") return;
    const { present } = this.turns;
    if (present?.unit.id !== line.id) {
      this.condemn("answered for an event that was not its turn");
      return;
    }
    this.turns.end();
    this.idleEnds = 0;
    this.pump();
    this.services.answered(present.unit, outcomeOf(line, present.results));
  }

  /** The unit whose turn it is ends the process, and is rejected when that has ended; unless its answer was on its way. */
  private condemn(reason: string): void {
    if (this.verdict !== undefined || !this.isReady) return;
    this.verdict = { reason, unit: this.turns.present?.unit };
    void this.program?.kill();
  }

  /** All that it had written is read. */
  private ended(isOutOfMemory: boolean, how: string): void {
    this.isReady = false;
    this.stopWatching?.();
    this.stopWatching = undefined;
    if (this.isClosing) return;
    const { verdict, services } = this;
    this.verdict = undefined;
    const reason = verdict?.reason ?? (isOutOfMemory ? this.tooMuchMemory() : undefined);
    services.log.warn({ node: this.plan.node, reason: reason ?? `it ended by ${how}` }, "code starts again");
    const [first, ...others] = this.turns.takeWritten();
    if (first === undefined) this.idleEnds++;
    else if (verdict !== undefined && verdict.unit !== first) services.answered(first, { kind: "interrupted" });
    else if (reason !== undefined)
      services.answered(first, { kind: "rejected", reason: `${subject(first)} ${reason}` });
    else services.answered(first, { kind: "failed", reason: `the code's process ended by ${how}` });
    for (const unit of others) services.answered(unit, { kind: "interrupted" });
    this.again();
  }

  private again(): void {
    const { plan, services } = this;
    const message = `The code of '${plan.node}' ends again and again although it has nothing to do.`;
    if (this.idleEnds >= mostIdleEnds) services.failed(new RuntimeError("user-code-unavailable", message));
    else
      this.start().catch((error: unknown) => {
        if (!this.isClosing) services.failed(error);
      });
  }

  private syntaxErrorPlace(): string {
    const line = syntaxErrorLine(this.plan.code?.source ?? "");
    return line === undefined ? "" : placeText(this.plan.at, line);
  }

  private tooMuchMemory(): string {
    return `used more than ${Math.round(this.limits.memoryBytes / 2 ** 20)} MiB`;
  }

  /** It holds nothing that could be lost: it has answered everything, and may write nowhere. */
  close(): Promise<void> {
    return this.abort();
  }

  async abort(): Promise<void> {
    this.isClosing = true;
    this.stopWatching?.();
    await this.program?.kill();
    await this.starting.catch(() => {});
    this.watchdog.release();
  }
}

function outcomeOf(line: Extract<RunnerLine, { readonly id: string }>, results: readonly AnsweredEvent[]): Outcome {
  if (line.type === "Ack") return { kind: "done", results };
  return { kind: line.type === "Retry" ? "failed" : "rejected", reason: line.reason };
}

const subject = (unit: Unit): string => (unit.chunk === undefined ? "it" : "an event of the chunk");
