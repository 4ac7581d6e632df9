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
/** So much is written before it is answered, though at least one unit. */
const mostBytesUnderWay = 8 * 2 ** 20;
/** Of one unit. */
const longestAnswer = 64 * 2 ** 20;
/** The time limit is watched in so many steps: where the whole machine stands still that is one step, not all. */
const steps = 4;
/** Ends of the process in a row that no unit can be blamed for. */
const mostIdleEnds = 5;

interface Sent {
  readonly unit: Unit;
  /** 0 until it is written. */
  length: number;
  results: AnsweredEvent[];
  answerLength: number;
}

class JavascriptCode implements UserCode {
  readonly width = 64;
  readonly isOrdered = true;
  private readonly plan: UserCodePlan;
  private readonly services: UserCodeServices;
  private readonly file: string;
  private readonly limits: CodeLimits;
  private readonly watchdog: Watchdog;
  /** In the order in which they were sent, which is that of the answers. */
  private underWay: Sent[] = [];
  private written = 0;
  private bytesUnderWay = 0;
  /** Ready for units. */
  private program: Program | undefined;
  private starting: Program | undefined;
  private quietSteps = 0;
  private stopWatching: (() => void) | undefined;
  /** What the process is ended for, and the unit that was its turn then. */
  private verdict: { readonly reason: string; readonly sent: Sent | undefined } | undefined;
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
  async start(): Promise<void> {
    const { plan, limits, file, services } = this;
    const log = runnerLog(services.log);
    const source = plan.code?.source ?? "";
    const program = await startRunner(
      { node: plan.node, source, place: plan.at, limits, file },
      { ...services, log },
      this.watchdog,
    );
    this.starting = program;
    const loaded = new Promise<RunnerLine | undefined>((resolve) => {
      if (program.output !== undefined)
        listen(program.output, {
          heard: (length) => this.heard(length),
          result: (line) => this.underWay[0]?.results.push(line),
          said: (line) => (line.type === "Ready" || line.type === "Broken" ? resolve(line) : this.said(line)),
        });
      void program.ended.then(() => resolve(undefined));
    });
    const cancel = services.clock.after(loadLimitMs, () => void program.kill());
    const line = await loaded;
    cancel();
    if (line?.type === "Ready" && !this.isClosing) {
      this.program = program;
      void program.ended.then(({ signal, code }) => this.ended(log.isOutOfMemory, signal ?? `exit code ${code}`));
      this.pump();
      return;
    }
    await program.kill();
    if (!this.isClosing) throw this.notLoaded(line, log.isOutOfMemory);
  }

  private notLoaded(line: RunnerLine | undefined, isOutOfMemory: boolean): RuntimeError {
    const { plan } = this;
    const reason =
      line?.type === "Broken"
        ? `${line.reason}${/^SyntaxError/.test(line.reason) ? this.syntaxErrorPlace() : ""}`
        : isOutOfMemory || line?.type === "Memory"
          ? `it ${this.tooMuchMemory()}`
          : `it was not loaded within ${loadLimitMs / 1000}s, or ended`;
    return new RuntimeError("user-code-unavailable", `The code of '${plan.node}' cannot be loaded: ${reason}.`);
  }

  send(unit: Unit): void {
    this.underWay.push({ unit, length: 0, results: [], answerLength: 0 });
    this.pump();
  }

  private pump(): void {
    const { input } = this.program ?? {};
    if (input === undefined || this.verdict !== undefined) return;
    let text = "";
    while (this.written < this.underWay.length && (this.written === 0 || this.bytesUnderWay < mostBytesUnderWay)) {
      const sent = this.underWay[this.written++]!;
      const own = unitText(sent.unit);
      sent.length = own.length;
      this.bytesUnderWay += own.length;
      text += own;
    }
    if (text === "") return;
    input.write(text);
    if (this.stopWatching === undefined) {
      this.quietSteps = 0;
      this.watch();
    }
  }

  /** Until nothing is under way. */
  private watch(): void {
    this.stopWatching = this.services.clock.after(this.limits.timeoutMs / steps, () => {
      this.stopWatching = undefined;
      if (this.written === 0 || this.verdict !== undefined) return;
      if (this.quietSteps++ < steps) this.watch();
      else this.condemn(`took longer than ${this.limits.timeoutMs / 1000}s`);
    });
  }

  private heard(length: number): void {
    this.quietSteps = 0;
    const first = this.underWay[0];
    if (first !== undefined) first.answerLength += length;
    if (first === undefined) this.condemn("answered although nothing was asked");
    else if (first.answerLength > longestAnswer) this.condemn(`answered more than ${longestAnswer / 2 ** 20} MiB`);
  }

  private said(line: RunnerLine): void {
    if (line.type === "Memory") this.condemn(this.tooMuchMemory());
    if (line.type === "Garbage") this.condemn("answered what is no event");
    if (line.type !== "Ack" && line.type !== "Reject" && line.type !== "Retry") return;
    const sent = this.underWay[0];
    if (sent === undefined || this.written === 0 || sent.unit.id !== line.id) {
      this.condemn("answered for an event that was not its turn");
      return;
    }
    this.underWay.shift();
    this.written--;
    this.bytesUnderWay -= sent.length;
    this.idleEnds = 0;
    // What came in the same piece is the next one's, a little of it at most.
    this.pump();
    this.settle(sent, outcomeOf(line, sent.results));
  }

  /** The unit whose turn it is ends the process, and is rejected when that has ended; unless its answer was on its way. */
  private condemn(reason: string): void {
    if (this.verdict !== undefined || this.program === undefined) return;
    this.verdict = { reason, sent: this.underWay[0] };
    void this.program.kill();
  }

  /** All that it had written is read. */
  private ended(isOutOfMemory: boolean, how: string): void {
    this.program = undefined;
    this.stopWatching?.();
    this.stopWatching = undefined;
    if (this.isClosing) return;
    const { verdict } = this;
    this.verdict = undefined;
    const [first, ...others] = this.written > 0 ? this.underWay.splice(0, this.written) : [];
    this.written = 0;
    this.bytesUnderWay = 0;
    const reason = verdict?.reason ?? (isOutOfMemory ? this.tooMuchMemory() : undefined);
    this.services.log.warn({ node: this.plan.node, reason: reason ?? `it ended by ${how}` }, "code starts again");
    if (first === undefined) this.idleEnds++;
    else if (verdict !== undefined && verdict.sent !== first) this.settle(first, { kind: "interrupted" });
    else if (reason !== undefined) this.settle(first, { kind: "rejected", reason: `${subject(first.unit)} ${reason}` });
    else this.settle(first, { kind: "failed", reason: `the code's process ended by ${how}` });
    for (const { unit } of others) this.services.answered(unit, { kind: "interrupted" });
    this.again();
  }

  private again(): void {
    const { plan, services } = this;
    if (this.idleEnds >= mostIdleEnds)
      services.failed(
        new RuntimeError(
          "user-code-unavailable",
          `The code of '${plan.node}' ends again and again although it has nothing to do.`,
        ),
      );
    else
      this.start().catch((error: unknown) => {
        if (!this.isClosing) services.failed(error);
      });
  }

  private settle({ unit }: Sent, outcome: Outcome): void {
    this.services.answered(unit, outcome);
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
    await (this.program ?? this.starting)?.kill();
    this.watchdog.release();
  }
}

function outcomeOf(line: Extract<RunnerLine, { readonly id: string }>, results: readonly AnsweredEvent[]): Outcome {
  if (line.type === "Ack") return { kind: "done", results };
  return { kind: line.type === "Retry" ? "failed" : "rejected", reason: line.reason };
}

const subject = (unit: Unit): string => (unit.chunk === undefined ? "it" : "an event of the chunk");

/** The lines of a unit; the frames of a chunk need no key and no window here. */
function unitText({ id, chunk, events }: Unit): string {
  if (chunk === undefined) return `${events[0]!.json}\n`;
  const frame = JSON.stringify(id);
  let text = `{"type":"ChunkStart","id":${frame}}\n`;
  for (const event of events) text += `{"type":"Data","event":${event.json}}\n`;
  return `${text}{"type":"ChunkEnd","id":${frame}}\n`;
}
