/** The time that the oldest unit may take, with one timer for all of them: it looks again when it is due too early. */
import type { Clock } from "../engine/clock.ts";

export class Deadline {
  private readonly timeoutMs: number;
  private readonly clock: Clock;
  private readonly late: () => void;
  private sinceMs = 0;
  /** How often it was started. */
  private round = 0;
  private isRunning = false;
  private cancel: (() => void) | undefined;

  /** `late` is called when the time is over, once for each `start`. */
  constructor(timeoutMs: number, clock: Clock, late: () => void) {
    this.timeoutMs = timeoutMs;
    this.clock = clock;
    this.late = late;
  }

  /** A unit is the oldest from now on. */
  start(): void {
    this.sinceMs = this.clock.nowMs();
    this.round++;
    this.isRunning = true;
    if (this.cancel === undefined) this.arm(this.timeoutMs);
  }

  /** Nothing is under way. */
  stop(): void {
    this.isRunning = false;
  }

  /** For good. */
  close(): void {
    this.stop();
    this.cancel?.();
    this.cancel = undefined;
  }

  private arm(delayMs: number): void {
    this.cancel = this.clock.after(delayMs, () => {
      this.cancel = undefined;
      if (!this.isRunning) return;
      const leftMs = this.sinceMs + this.timeoutMs - this.clock.nowMs();
      if (leftMs > 0) return this.arm(leftMs);
      const { round } = this;
      // We may have been the slow ones: what has come already is read first.
      setImmediate(() => {
        if (!this.isRunning) return;
        if (this.round === round) this.late();
        else if (this.cancel === undefined) this.arm(this.timeoutMs);
      });
    });
  }
}
