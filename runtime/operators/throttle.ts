/** `throttle rate`: lets at most so many events a time through by making the source wait; drops none. */
import type { EmitOperator } from "./operator.ts";

export const emitThrottle: EmitOperator<"throttle"> = ({ count, perMs }, step) => {
  const { code, services } = step;
  code.line(`${code.bind(services.throttle(step.node, count, perMs))}.pass();`);
};

/**
 * The rate as a schedule: each event takes `perMs / count` of it. Time not used is lost but for `slackMs`, which covers what timers are late.
 * An `expand` may put many events on the schedule at once; the source then waits the longer.
 */
export class Throttle {
  private readonly stepMs: number;
  private nextMs = Number.NEGATIVE_INFINITY;
  private readonly nowMs: () => number;
  private readonly waitUntil: (ms: number) => void;

  /** @param waitUntil makes the source wait; called once per event at most. */
  constructor(count: number, perMs: number, nowMs: () => number, waitUntil: (ms: number) => void) {
    this.stepMs = perMs / count;
    this.nowMs = nowMs;
    this.waitUntil = waitUntil;
  }

  pass(): void {
    const now = this.nowMs();
    this.nextMs = Math.max(this.nextMs, now - slackMs) + this.stepMs;
    if (this.nextMs > now) this.waitUntil(this.nextMs);
  }
}

const slackMs = 5;
