/**
 * Runs one stage in this process: opens what the plan names, pulls batches through the generated function, acknowledges what has been taken, and ends well
 * or not at all.
 *
 * Ends by itself when all sources end. `stop()` lets what has been read finish. Without state windows give what they hold in both cases; messages are
 * acknowledged once windows and sinks have taken them, so what windows hold is lost in a crash. With state a run that was stopped or killed goes on where its last checkpoint left it.
 */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { finish, giveUp, leaveOff } from "./end-run.ts";
import type { ReasonCount } from "./failures.ts";
import { openDeadLetter } from "./open-output.ts";
import { openRun } from "./open-run.ts";
import { pump } from "./pump.ts";
import { runMeanwhile } from "./run-meanwhile.ts";
import type { RunServices } from "./run-services.ts";
import { RunState } from "./run-state.ts";
import { type RunStats, type RunSummary, runStats } from "./run-stats.ts";
import { RuntimeError } from "./runtime-error.ts";
import { tellWatermarks } from "./tell-watermarks.ts";

export interface Run {
  /** Rejects with what ended the run. Sinks have then been told to take back what they can. */
  readonly done: Promise<RunSummary>;
  /**
   * The first call drains: what has been read finishes, then the run ends well; what a throttle holds back is left unacknowledged. The second
   * gives up at once.
   */
  stop(): void;
  /** Cheap: may be called at any time. */
  stats(): RunStats;
  /** Of bad events, so far. */
  reasons(): readonly ReasonCount[];
  /** Moves a source's watermark from outside, and fires what that makes due. Never back. Call it while the run waits for input. */
  setWatermark(source: string, toMs: number): void;
  /**
   * Keeps the state as it is now, where the run keeps state. Call it while the run waits for input. False: nothing is kept, as a window is in the
   * middle of giving results. @throws RuntimeError "state-unavailable"
   */
  checkpoint(): Promise<boolean>;
  /** Up to where the input of a node is complete; −∞ where nothing lives by event time. */
  watermark(node: string): number;
  /** Something is with user code: more may come without any input. */
  isBusy(): boolean;
  /**
   * Writes how far the output is complete into the topics between stages, where that has moved. Call it between turns. Checkpoints, pauses and the end do it by themselves,
   * once it is known which task the run is.
   * @param from `stage/partition` of the task, @param of the number of tasks of the stage
   */
  tellWatermarks(from: string, of: number): void;
  /**
   * Stands still as soon as what has been begun is with the sinks, and in a checkpoint where state is kept; then resolves. Nothing more is worked on until `goOn`.
   * Rejects with what ended the run meanwhile; resolves where it has ended well.
   */
  pause(): Promise<void>;
  goOn(): void;
}

export function runPipeline(config: RuntimeConfig, services: RunServices): Run {
  const run = new PipelineRun(config, services);
  return {
    done: run.run(),
    stop: () => run.stop(),
    stats: () => run.stats(),
    reasons: () => run.reasons(),
    setWatermark: (source, toMs) => run.setWatermark(source, toMs),
    checkpoint: () => run.checkpoint(),
    watermark: (node) => run.watermark(node),
    isBusy: () => run.isBusy(),
    tellWatermarks: (from, of) => run.tellWatermarks(from, of),
    pause: () => run.pause(),
    goOn: () => run.goOn(),
  };
}

class PipelineRun {
  private readonly state: RunState;
  private readonly startMs: number;
  private endMs: number | undefined;
  private wasFinished = false;
  private letGo: () => void = () => {};
  private tellEnded: () => void = () => {};
  private readonly ended = new Promise<void>((resolve) => {
    this.tellEnded = resolve;
  });

  constructor(config: RuntimeConfig, services: RunServices) {
    this.state = new RunState(config, services, openDeadLetter);
    this.startMs = this.state.clock.nowMs();
  }

  async run(): Promise<RunSummary> {
    const { state } = this;
    try {
      // Whatever is waited for, a failure ends the waiting.
      await Promise.race([this.work(), state.failed]);
    } catch (error) {
      await giveUp(state);
      throw state.failure?.error ?? error;
    } finally {
      state.stopTimers();
      this.tellEnded();
      this.endMs = state.clock.nowMs();
    }
    return {
      ...this.stats(),
      reasons: state.failures.reasons(),
      stopped: state.stopping,
      ...(this.wasFinished ? { wasFinished: true } : {}),
    };
  }

  private async work(): Promise<void> {
    const { state } = this;
    if ((await openRun(state)) !== undefined) {
      await pump(state);
      if (state.goesOnLater && state.stopping) return leaveOff(state);
    }
    this.wasFinished = state.checkpoints?.phase === "done";
    await finish(state);
  }

  stop(): void {
    const { state } = this;
    if (state.stopping) state.fail(new RuntimeError("aborted", "The run was stopped before it had finished."));
    state.stop();
  }

  reasons(): readonly ReasonCount[] {
    return this.state.failures.reasons();
  }

  setWatermark(source: string, toMs: number): void {
    const { state } = this;
    try {
      state.time?.setWatermark(this.indexOf(source), toMs);
    } catch (error) {
      state.fail(error);
    }
    state.wake();
  }

  async checkpoint(): Promise<boolean> {
    const { checkpoints, time } = this.state;
    if (checkpoints === undefined || time?.pending === true) return false;
    await checkpoints.take();
    return true;
  }

  watermark(node: string): number {
    const { time } = this.state;
    const index = this.indexOf(node);
    if (time === undefined || index < 0) return Number.NEGATIVE_INFINITY;
    // Carried only when something is due: what hangs on sources alone is as far as they are.
    const sources = time.plan.directSources[index] ?? [];
    const least =
      sources.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...sources.map((one) => time.watermarks[one]!));
    return Math.max(time.inputWatermarks[index]!, least);
  }

  isBusy(): boolean {
    return this.state.ports?.isBusy === true;
  }

  tellWatermarks(from: string, of: number): void {
    const { state } = this;
    state.task = { from, of };
    runMeanwhile(state, () => tellWatermarks(state));
  }

  pause(): Promise<void> {
    const { state } = this;
    this.goOn();
    const reached = new Promise<void>((resolve) => {
      const goOn = new Promise<void>((letGo) => {
        this.letGo = letGo;
      });
      state.pausing = { reached: resolve, goOn };
    });
    state.wake();
    return Promise.race([reached, this.ended, state.failed]);
  }

  goOn(): void {
    this.state.pausing = undefined;
    this.letGo();
  }

  private indexOf(name: string): number {
    return this.state.config.nodes.findIndex((node) => node.name === name);
  }

  stats(): RunStats {
    return runStats(this.state, (this.endMs ?? this.state.clock.nowMs()) - this.startMs);
  }
}
