/**
 * Where offsets are committed beside the outputs (at_least_once), all that was taken since the last commit comes twice after a crash. That stays little, as a commit comes every
 * 100 ms; but one may have to wait for brokers. Then nothing more is read until it is through.
 */
import type { Clock } from "../engine/clock.ts";

export class CommitGate {
  private readonly clock: Pick<Clock, "elapsedMs">;
  private readonly patienceMs: number;
  private sinceMs: number | undefined;
  private done: Promise<void> = Promise.resolve();
  private tellDone: () => void = () => {};

  /** @param patienceMs a commit that takes no longer holds up nobody */
  constructor(clock: Pick<Clock, "elapsedMs">, patienceMs: number) {
    this.clock = clock;
    this.patienceMs = patienceMs;
  }

  /** A commit is sent. */
  begin(): void {
    this.sinceMs = this.clock.elapsedMs();
    this.done = new Promise((resolve) => {
      this.tellDone = resolve;
    });
  }

  /** It has been answered, well or not. */
  end(): void {
    this.sinceMs = undefined;
    this.tellDone();
  }

  /** Resolves when more may be read; undefined: now. */
  get closed(): Promise<void> | undefined {
    const { sinceMs } = this;
    return sinceMs !== undefined && this.clock.elapsedMs() - sinceMs > this.patienceMs ? this.done : undefined;
  }
}
