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

/** The partitions of a source, as generated code sees them: each has a watermark of its own. */
export interface Channels {
  /** The present record has been through. */
  saw(atMs: number, delayMs: number, aheadMs: number): void;
}

/** A source whose clock is wrong cannot close every window: its watermark stays within so much of the time of arrival. */
export const defaultAheadMs = 86_400_000;

export class EventTimeline {
  /** By node: up to where its output is complete. While nothing that it reads gives anything (it is idle): what it still holds, else +∞. */
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
  /** By source node: the channels of those that have several. */
  readonly channels: (Channels | undefined)[];
  /** What steps remember; `operator` counts within the step. */
  readonly dedupes: { readonly node: number; readonly operator: number; readonly dedupe: PassedKeys }[] = [];
  private readonly services: TimelineServices;
  private readonly known: Float64Array;
  /** Of nodes that are idle, the watermark that they had. */
  private readonly idle = new Map<number, number>();
  private readonly endedSources = new Set<number>();
  private processingTargetMs = Number.NEGATIVE_INFINITY;
  private isSettling = false;
  private isFiringTimers = false;
  /** Give more of results that were stopped in the middle; true when nothing of it is left. */
  private unfinished: (() => boolean)[] = [];
  /** By node: what else than a window holds its output back. */
  private readonly holders = new Map<number, (() => number)[]>();

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
    this.channels = Array.from({ length: size });
  }

  /** Of a node, for a checkpoint; not while firing is `pending`. */
  saved(node: number): readonly number[] {
    return [this.ownWatermark(node), this.inputWatermarks[node]!, this.aheadEvents[node]!, this.idle.has(node) ? 1 : 0];
  }

  /** Takes up what `saved` gave in an earlier run. */
  restore(node: number, saved: readonly number[]): void {
    const [watermark = Number.NEGATIVE_INFINITY, inputWatermark = Number.NEGATIVE_INFINITY] = saved;
    const [, , aheadEvents = 0, isIdle = 0] = saved;
    this.watermarks[node] = isIdle === 1 ? Number.POSITIVE_INFINITY : watermark;
    if (isIdle === 1) this.idle.set(node, watermark);
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

  /** Of a node, idle or not. */
  ownWatermark(node: number): number {
    return this.idle.get(node) ?? this.watermarks[node]!;
  }

  /**
   * The watermark that an event of `timeMs` moves the source to: no further than the clock and `aheadMs` allow.
   * @throws RangeError for a time at the end of time: nothing happens then any more.
   */
  withinAhead(source: number, timeMs: number, delayMs: number, aheadMs: number): number {
    if (timeMs === Number.POSITIVE_INFINITY) throw new RangeError("an event has a time before the end of time");
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

  /** All that it reads is idle. */
  isIdle(node: number): boolean {
    return this.idle.has(node);
  }

  /** To be called before its next record. */
  becameActive(source: number): void {
    const watermark = this.idle.get(source);
    if (watermark === undefined) return;
    this.idle.delete(source);
    this.watermarks[source] = watermark;
    this.findLimits();
  }

  /** Windows give what is due, between one record and the next. */
  get isFiring(): boolean {
    return this.isSettling || this.isFiringTimers;
  }

  /** While firing: `give` gives a part of a result, as much as there is room for, and says whether that was the rest. The window stops after that. */
  giveInPieces(give: () => boolean): void {
    if (!give()) this.unfinished.push(give);
  }

  /** False when there is still something left. */
  private finishPieces(): boolean {
    this.unfinished = this.unfinished.filter((give) => !give());
    return this.unfinished.length === 0;
  }

  /** The node's output is never further than `holdMs` gives; +∞ when nothing holds it. */
  heldBy(node: number, holdMs: () => number): void {
    this.holders.set(node, [...(this.holders.get(node) ?? []), holdMs]);
  }

  /** What holds the node back has moved: carries that on. True when a window stopped in the middle. */
  settleFrom(node: number): boolean {
    if (this.isSettling) return this.pending;
    this.isSettling = true;
    try {
      const stopped = this.carry(node);
      if (stopped) this.pending = true;
      return stopped;
    } finally {
      this.isSettling = false;
    }
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
      this.pending = !this.finishPieces() || this.carry() || this.processingTargetMs > Number.NEGATIVE_INFINITY;
    } finally {
      this.isSettling = false;
    }
  }

  /** Processing time is `nowMs`: fires what waits for it, in order of time, then what that set free. */
  fireProcessing(nowMs: number): void {
    this.processingTargetMs = nowMs;
    this.isFiringTimers = true;
    try {
      this.pending = !this.finishPieces() || this.fireTimers(nowMs);
    } finally {
      this.isFiringTimers = false;
    }
    if (this.pending) return;
    this.processingTargetMs = Number.NEGATIVE_INFINITY;
    this.settle();
  }

  /** True when it had to stop. */
  private fireTimers(nowMs: number): boolean {
    for (let next = this.nextProcessing(); next !== undefined; next = this.nextProcessing()) {
      if (next.nextProcessingMs > nowMs) break;
      if (next.advanceProcessing(next.nextProcessingMs) || this.endFiring()) return true;
    }
    return false;
  }

  /** What waits for no more than the end of a firing, as a chunk of panes does. True when it had to stop. */
  private endFiring(): boolean {
    for (const [node, window] of this.windows.entries())
      if (window?.nextWatermarkMs === Number.NEGATIVE_INFINITY && window.advanceWatermark(this.inputWatermarks[node]!))
        return true;
    return false;
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
  private carry(from = 0): boolean {
    const { windows, watermarks, inputWatermarks, plan } = this;
    for (let node = from; node < windows.length; node++) {
      const inputs = plan.inputs[node]!;
      if (inputs.length === 0) continue;
      const input = Math.max(inputWatermarks[node]!, this.least(inputs));
      inputWatermarks[node] = input;
      const window = windows[node];
      if (window !== undefined && window.nextWatermarkMs <= input && window.advanceWatermark(input)) return true;
      const holdMs = window?.holdMs() ?? this.holderMs(node);
      const output = Math.min(input, holdMs);
      if (this.idle.size === 0) watermarks[node] = Math.max(watermarks[node]!, output);
      else this.carryIdle(node, Math.max(this.ownWatermark(node), output), holdMs);
    }
    this.findLimits();
    return false;
  }

  private holderMs(node: number): number {
    const holders = this.holders.size === 0 ? undefined : this.holders.get(node);
    let least = Number.POSITIVE_INFINITY;
    if (holders !== undefined) for (const holdMs of holders) least = Math.min(least, holdMs());
    return least;
  }

  /** Some source is idle. A node is when all that it reads is. */
  private carryIdle(node: number, output: number, holdMs: number): void {
    const isIdle = this.plan.inputs[node]!.every((one) => this.idle.has(one.node));
    // Its windows cannot end now, and their results are not to come too late when they do.
    const dueMs = this.windows[node]?.nextWatermarkMs ?? Number.POSITIVE_INFINITY;
    this.watermarks[node] = isIdle ? Math.min(holdMs, dueMs - 1) : output;
    if (isIdle) this.idle.set(node, output);
    else this.idle.delete(node);
  }

  private least(inputs: readonly TimeInput[]): number {
    if (this.idle.size > 0) return this.leastWithIdle(inputs);
    let least = Number.POSITIVE_INFINITY;
    for (const input of inputs) least = Math.min(least, this.watermarkOf(input));
    return least;
  }

  /** Without what is idle and holds nothing. Where all is idle nothing later can come than what has. */
  private leastWithIdle(inputs: readonly TimeInput[]): number {
    let least = Number.POSITIVE_INFINITY;
    let greatestIdle = Number.NEGATIVE_INFINITY;
    let idle = 0;
    for (const input of inputs) {
      const before = this.idle.get(input.node);
      if (before !== undefined) {
        idle++;
        greatestIdle = Math.max(greatestIdle, before);
      }
      if (before === undefined || !this.isRefused(input)) least = Math.min(least, this.watermarkOf(input));
    }
    const stays = idle === inputs.length || (idle > 0 && least === Number.POSITIVE_INFINITY);
    return stays ? Math.min(least, greatestIdle) : least;
  }

  private watermarkOf(input: TimeInput): number {
    return this.isRefused(input) ? this.inputWatermarks[input.node]! : this.watermarks[input.node]!;
  }

  /** What a window refuses is not held back by it. */
  private isRefused({ node, isResult }: TimeInput): boolean {
    return !isResult && this.windows[node] !== undefined;
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
