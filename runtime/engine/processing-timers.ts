/** Wakes windows that wait for processing time, by the clock of the run: also when no source has anything to give. */
import type { Clock } from "./clock.ts";
import type { EventTimeline } from "./event-time.ts";

export interface TimerServices {
  readonly clock: Clock;
  /** Firing has to wait; `fire` is called later. */
  mustWait(): boolean;
  /** The run cannot go on. */
  failed(error: unknown): void;
  /** Something was given out. */
  woke(): void;
}

export class ProcessingTimers {
  /** Something was due while it could not fire. */
  isOverdue = false;
  private readonly time: EventTimeline;
  private readonly services: TimerServices;
  private armedMs = Number.POSITIVE_INFINITY;
  private cancel: () => void = () => {};

  constructor(time: EventTimeline, services: TimerServices) {
    this.time = time;
    this.services = services;
  }

  /** To be called whenever a window may have got a timer. */
  arm(): void {
    const dueMs = this.time.nextProcessingMs;
    if (dueMs === this.armedMs) return;
    this.stop();
    if (dueMs === Number.POSITIVE_INFINITY) return;
    this.armedMs = dueMs;
    const { clock } = this.services;
    this.cancel = clock.after(Math.min(Math.max(0, dueMs - clock.nowMs()), longestTimerMs), () => this.ring());
  }

  fire(): void {
    this.isOverdue = false;
    this.time.fireProcessing(this.services.clock.nowMs());
    this.arm();
  }

  stop(): void {
    this.cancel();
    this.cancel = () => {};
    this.armedMs = Number.POSITIVE_INFINITY;
  }

  private ring(): void {
    this.armedMs = Number.POSITIVE_INFINITY;
    try {
      if (this.services.mustWait() || this.time.pending) this.isOverdue = true;
      else this.fire();
    } catch (error) {
      this.services.failed(error);
    }
    this.services.woke();
  }
}

/** What `setTimeout` can wait at most. */
const longestTimerMs = 2 ** 31 - 1;
