/**
 * Event time of one stage: the watermark of every node, and the firing of what is due. Knows windows only by their timers and holds; knows nothing
 * of batches, so what comes out cannot depend on them.
 *
 * Generated code moves a source's watermark itself, after each record, and calls `settle` once that reaches the source's limit: the earliest
 * time at which something can be due.
 */
import type { PassedKeys } from "../operators/passed-keys.ts";
import type { CellCode } from "../windows/cell.ts";
import type { WindowOperator } from "../windows/operator.ts";
import type { TimeInput, TimePlan } from "./time-plan.ts";

export interface TimelineServices {
  nowMs(): number;
  /** An output is full or a throttle waits: firing stops and goes on with the next `resume`. */
  isPaused(): boolean;
}

/** A source whose clock is wrong cannot close every window: its watermark stays within so much of the time of arrival. */
export const defaultAheadMs = 86_400_000;

export class EventTimeline {
  /** By node: up to where its output is complete. Of a source that is idle, +∞ while it is. */
  readonly watermarks: Float64Array;
  /** By node: up to where its input is complete, as windows and `dedupe` judge by it. */
  readonly inputWatermarks: Float64Array;
  /** By source node: the watermark at which `settle` has something to do. */
  readonly limits: Float64Array;
  /** By source node: event times beyond this are looked at against the clock. */
  readonly aheadLimits: Float64Array;
  /** By source node: events that were further ahead than is believed. */
  readonly aheadEvents: Float64Array;
  /** By source node: the watermark at which another source has its turn. Only kept where `ordersSources`. */
  readonly turnLimits: Float64Array;
  /** Several sources are read in the order of their watermarks. */
  readonly ordersSources: boolean;
  /** Firing stopped in the middle: `resume` before the next record. */
  pending = false;
  readonly plan: TimePlan;
  /** By node. */
  readonly windows: (WindowOperator | undefined)[];
  /** By node: what the window's cells are worked on with. */
  readonly cellCodes: (CellCode | undefined)[];
  /** What steps remember; `operator` counts within the step. */
  readonly dedupes: { readonly node: number; readonly operator: number; readonly dedupe: PassedKeys }[] = [];
  private readonly services: TimelineServices;
  private readonly known: Float64Array;
  private readonly idle = new Map<number, number>();
  private readonly endedSources = new Set<number>();
  private processingTargetMs = Number.NEGATIVE_INFINITY;
  private isSettling = false;

  constructor(plan: TimePlan, services: TimelineServices) {
    const size = plan.inputs.length;
    this.plan = plan;
    this.services = services;
    this.watermarks = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.inputWatermarks = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.limits = new Float64Array(size).fill(plan.isChained ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    this.aheadLimits = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.aheadEvents = new Float64Array(size);
    this.turnLimits = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.ordersSources = plan.followed.size > 1;
    this.known = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.windows = Array.from({ length: size });
    this.cellCodes = Array.from({ length: size });
  }

  /** Of a node, for a checkpoint; not while firing is `pending`. */
  saved(node: number): readonly number[] {
    return [this.ownWatermark(node), this.inputWatermarks[node]!, this.aheadEvents[node]!];
  }

  /** Takes up what `saved` gave in an earlier run. */
  restore(node: number, saved: readonly number[]): void {
    const [watermark = Number.NEGATIVE_INFINITY, inputWatermark = Number.NEGATIVE_INFINITY, aheadEvents = 0] = saved;
    this.watermarks[node] = watermark;
    this.inputWatermarks[node] = inputWatermark;
    this.aheadEvents[node] = aheadEvents;
  }

  /** All nodes and windows are as they were: from now on it is known when something is due. */
  restored(): void {
    this.settle();
  }

  /** Earliest timer of each window as the limits know it; generated code compares after adding an event and calls `lowered`. */
  get knownTimers(): Float64Array {
    return this.known;
  }

  /** The window has a timer that is due earlier than any it had. */
  lowered(node: number): void {
    const dueMs = this.windows[node]!.nextWatermarkMs;
    this.known[node] = dueMs;
    if (this.plan.isChained) return;
    let isHeld = false;
    for (const source of this.plan.directSources[node] ?? []) {
      if (this.watermarks[source]! >= dueMs) continue;
      isHeld = true;
      if (dueMs < this.limits[source]!) this.limits[source] = dueMs;
    }
    if (!isHeld) for (const source of this.plan.sources) this.limits[source] = Number.NEGATIVE_INFINITY;
  }

  /** Of a source, idle or not. */
  ownWatermark(source: number): number {
    return this.idle.get(source) ?? this.watermarks[source]!;
  }

  /** The watermark that an event of `timeMs` moves the source to: no further than the clock and `aheadMs` allow. */
  withinAhead(source: number, timeMs: number, delayMs: number, aheadMs: number): number {
    const limitMs = this.services.nowMs() + aheadMs;
    this.aheadLimits[source] = limitMs;
    if (timeMs <= limitMs) return timeMs - delayMs;
    this.aheadEvents[source]!++;
    return Math.min(limitMs, timeMs - delayMs);
  }

  /** Moves a source's watermark from outside; never back. */
  setWatermark(source: number, toMs: number): void {
    if (toMs > this.watermarks[source]!) this.watermarks[source] = toMs;
    this.settle();
  }

  ended(source: number): void {
    this.endedSources.add(source);
    this.idle.delete(source);
    this.watermarks[source] = Number.POSITIVE_INFINITY;
    this.settle();
  }

  /** The source has given nothing for long enough not to be waited for. */
  becameIdle(source: number): void {
    if (this.endedSources.has(source) || this.idle.has(source)) return;
    this.idle.set(source, this.watermarks[source]!);
    this.watermarks[source] = Number.POSITIVE_INFINITY;
    this.settle();
  }

  /** To be called before its next record. */
  becameActive(source: number): void {
    const watermark = this.idle.get(source);
    if (watermark === undefined) return;
    this.idle.delete(source);
    this.watermarks[source] = watermark;
    this.findLimits();
  }

  /** Goes on where firing stopped. */
  resume(): void {
    this.pending = false;
    if (this.processingTargetMs > Number.NEGATIVE_INFINITY) this.fireProcessing(this.processingTargetMs);
    else this.settle();
  }

  /** Carries watermarks through the stage, in topological order, and fires what has become due. */
  settle(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    try {
      this.pending = this.carry();
    } finally {
      this.isSettling = false;
    }
  }

  /** Processing time is `nowMs`: fires what waits for it, in order of time, then what that set free. */
  fireProcessing(nowMs: number): void {
    this.processingTargetMs = nowMs;
    for (let next = this.nextProcessing(); next !== undefined; next = this.nextProcessing()) {
      if (next.nextProcessingMs > nowMs) break;
      if (next.advanceProcessing(next.nextProcessingMs)) {
        this.pending = true;
        return;
      }
    }
    this.processingTargetMs = Number.NEGATIVE_INFINITY;
    this.settle();
  }

  get nextProcessingMs(): number {
    return this.nextProcessing()?.nextProcessingMs ?? Number.POSITIVE_INFINITY;
  }

  private nextProcessing(): WindowOperator | undefined {
    let first: WindowOperator | undefined;
    for (const window of this.windows)
      if (window !== undefined && (first === undefined || window.nextProcessingMs < first.nextProcessingMs))
        first = window;
    return first;
  }

  /** True when it had to stop. */
  private carry(): boolean {
    const { windows, watermarks, inputWatermarks, plan } = this;
    for (let node = 0; node < windows.length; node++) {
      const inputs = plan.inputs[node]!;
      if (inputs.length === 0) continue;
      const input = Math.max(inputWatermarks[node]!, this.least(inputs));
      inputWatermarks[node] = input;
      const window = windows[node];
      if (window === undefined) {
        watermarks[node] = input;
        continue;
      }
      if (window.nextWatermarkMs <= input && window.advanceWatermark(input)) return true;
      watermarks[node] = Math.max(watermarks[node]!, Math.min(input, window.holdMs()));
    }
    this.findLimits();
    return false;
  }

  /** The least of what a node reads; of sources only those that are not idle, unless all are: then nothing later can come than what has. */
  private least(inputs: readonly TimeInput[]): number {
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let idle = false;
    for (const { node, isResult } of inputs) {
      const isWindow = this.windows[node] !== undefined;
      least = Math.min(least, isWindow && !isResult ? this.inputWatermarks[node]! : this.watermarks[node]!);
      const before = this.idle.get(node);
      if (before === undefined) continue;
      idle = true;
      greatest = Math.max(greatest, before);
    }
    return idle && least === Number.POSITIVE_INFINITY ? greatest : least;
  }

  private findLimits(): void {
    const { windows, known, limits, plan } = this;
    if (plan.isChained) return;
    for (const source of plan.sources) limits[source] = Number.POSITIVE_INFINITY;
    for (let node = 0; node < windows.length; node++) {
      const window = windows[node];
      if (window === undefined) continue;
      known[node] = Number.POSITIVE_INFINITY;
      if (window.nextWatermarkMs < Number.POSITIVE_INFINITY) this.lowered(node);
    }
  }
}
