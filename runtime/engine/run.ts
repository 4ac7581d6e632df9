/**
 * Runs one stage in this process: opens what the plan names, pulls batches through the generated function, acknowledges what has been taken, and ends well
 * or not at all.
 *
 * Ends by itself when all sources end. `stop()` lets what has been read finish. This engine keeps no state from run to run, so windows give what they
 * hold in both cases; what reached a window is acknowledged after the window's results were taken.
 */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { finish, giveUp } from "./end-run.ts";
import { openDeadLetter } from "./open-output.ts";
import { openRun } from "./open-run.ts";
import { closeWindows, pump } from "./pump.ts";
import type { RunServices } from "./run-services.ts";
import { RunState } from "./run-state.ts";
import { type RunStats, type RunSummary, runStats } from "./run-stats.ts";
import { RuntimeError } from "./runtime-error.ts";

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
}

export function runPipeline(config: RuntimeConfig, services: RunServices): Run {
  const run = new PipelineRun(config, services);
  return { done: run.run(), stop: () => run.stop(), stats: () => run.stats() };
}

class PipelineRun {
  private readonly state: RunState;
  private readonly startMs: number;
  private endMs: number | undefined;

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
      this.endMs = state.clock.nowMs();
    }
    return { ...this.stats(), reasons: state.failures.reasons(), stopped: state.stopping };
  }

  private async work(): Promise<void> {
    const stage = await openRun(this.state);
    await pump(this.state);
    await closeWindows(this.state, stage);
    await finish(this.state);
  }

  stop(): void {
    const { state } = this;
    if (state.stopping) state.fail(new RuntimeError("aborted", "The run was stopped before it had finished."));
    state.stop();
  }

  stats(): RunStats {
    return runStats(this.state, (this.endMs ?? this.state.clock.nowMs()) - this.startMs);
  }
}
