/**
 * Finds the partitions of a source that have given nothing for so long although the source was asked. What a slow sink holds back is not idle: time counts from when a
 * partition is known to be empty, and it is looked at once more before it is given up. Knows nothing of watermarks.
 */
import type { Clock } from "./clock.ts";

export interface IdleServices {
  readonly clock: Clock;
  readonly idleMs: number;
  /** Runs what comes from a clock at a time when the run may change. */
  meanwhile(action: () => void): void;
  /** Partitions have become idle; by their places. */
  becameIdle(partitions: readonly number[]): void;
}

const unknown = Number.POSITIVE_INFINITY;

export class IdlePartitions {
  private readonly services: IdleServices;
  private readonly isIdle: boolean[];
  /** Since when there was nothing in it, as far as is known. */
  private readonly emptySinceMs: Float64Array;
  /** How often the source had been asked when it gave something last, and when it was found to be overdue (−1: it is not). */
  private readonly askedWhenGave: Float64Array;
  private readonly askedWhenDue: Float64Array;
  private asked = 0;
  private isWaiting = false;
  private isStopped = false;
  private stands = false;
  private armedForMs = Number.NaN;
  private cancel: () => void = () => {};

  constructor(partitions: number, services: IdleServices) {
    this.services = services;
    this.isIdle = Array.from({ length: partitions }, () => false);
    this.emptySinceMs = new Float64Array(partitions).fill(unknown);
    this.askedWhenGave = new Float64Array(partitions);
    this.askedWhenDue = new Float64Array(partitions).fill(-1);
  }

  /** Something of the partition comes next. */
  gave(partition: number): void {
    this.isIdle[partition] = false;
    this.emptySinceMs[partition] = unknown;
    this.askedWhenGave[partition] = this.asked;
    this.askedWhenDue[partition] = -1;
  }

  /** The source is asked for more. Asked more often than there are partitions, it has given of each that has something. */
  asks(): void {
    this.asked++;
    let found = false;
    for (let partition = 0; partition < this.isIdle.length; partition++) {
      if (this.isIdle[partition]) continue;
      if (this.askedWhenDue[partition]! >= 0) found ||= this.hadTurnSince(this.askedWhenDue[partition]!);
      else if (this.emptySinceMs[partition] === unknown && this.hadTurnSince(this.askedWhenGave[partition]!)) {
        this.emptySinceMs[partition] = this.services.clock.elapsedMs();
        found = true;
      }
    }
    if (found) this.arm();
  }

  /** It has nothing now (`true`): no partition has. Or something has come. */
  waits(isWaiting: boolean): void {
    this.isWaiting = isWaiting;
    if (!isWaiting) return;
    const nowMs = this.services.clock.elapsedMs();
    for (let partition = 0; partition < this.isIdle.length; partition++)
      if (this.emptySinceMs[partition] === unknown) this.emptySinceMs[partition] = nowMs;
    this.arm();
  }

  /** While it stands still nobody asks, so that nothing is known; then all time counts anew. */
  standStill(stands: boolean): void {
    this.stands = stands;
    this.emptySinceMs.fill(unknown);
    this.askedWhenDue.fill(-1);
    if (!stands && this.isWaiting) this.waits(true);
  }

  /** As in an earlier run. */
  restore(partition: number): void {
    this.isIdle[partition] = true;
  }

  is(partition: number): boolean {
    return this.isIdle[partition]!;
  }

  get areAll(): boolean {
    return this.isIdle.every((idle) => idle);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  private hadTurnSince(asked: number): boolean {
    return this.asked - asked > this.isIdle.length;
  }

  /** For the partition that is due next. */
  private arm(): void {
    if (this.isStopped || this.stands) return;
    const { clock } = this.services;
    const nowMs = clock.elapsedMs();
    let nextMs = unknown;
    for (let partition = 0; partition < this.isIdle.length; partition++)
      if (!this.isIdle[partition]) nextMs = Math.min(nextMs, this.lookAtMs(partition, nowMs));
    if (nextMs === this.armedForMs) return;
    this.cancel();
    this.armedForMs = nextMs;
    this.cancel = () => {};
    if (nextMs === unknown) return;
    this.cancel = clock.after(nextMs - nowMs, () => this.services.meanwhile(() => this.ring()));
  }

  /** When there is something to find out about it. */
  private lookAtMs(partition: number, nowMs: number): number {
    const dueMs = this.emptySinceMs[partition]! + this.services.idleMs;
    if (dueMs > nowMs) return dueMs;
    const asked = this.askedWhenDue[partition]!;
    // While the source is not asked nobody knows.
    return asked < 0 || this.isWaiting || this.hadTurnSince(asked) ? nowMs : unknown;
  }

  private ring(): void {
    this.armedForMs = Number.NaN;
    const nowMs = this.services.clock.elapsedMs();
    const became: number[] = [];
    for (let partition = 0; partition < this.isIdle.length; partition++) {
      if (this.isIdle[partition] || this.emptySinceMs[partition]! + this.services.idleMs > nowMs) continue;
      const asked = this.askedWhenDue[partition]!;
      if (this.isWaiting || (asked >= 0 && this.hadTurnSince(asked))) became.push(partition);
      else if (asked < 0) this.askedWhenDue[partition] = this.asked;
    }
    for (const partition of became) this.isIdle[partition] = true;
    this.arm();
    if (became.length > 0) this.services.becameIdle(became);
  }
}
