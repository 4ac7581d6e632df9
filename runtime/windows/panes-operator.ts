/**
 * Windows whose cells may give several panes: the trigger says when, the pane tracker what kind, and the end of the window plus the lateness when
 * a cell is freed. Which cells an event goes into is the subclass's part.
 */
import type { TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import type { Cell, CellCode, CellState, Hash, PaneInfo, PaneTiming, TimeWindow } from "./cell.ts";
import { HoldHeap } from "./hold-heap.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { TimerHeap } from "./timer-heap.ts";
import type { Trigger, TriggerTimes } from "./trigger.ts";

export abstract class PanesOperator extends OperatorBase {
  protected readonly trigger: Trigger;
  private readonly timers = new TimerHeap<Cell>((cell) => cell.order);
  private readonly processingTimers = new TimerHeap<Cell>((cell) => cell.order);
  private readonly holds = new HoldHeap(holdOf);
  /** Without lateness no hold is ever below the watermark where results are at the end of their windows and given there. */
  protected readonly tracksHolds: boolean;
  /** The clock is asked only for triggers that wait for it. */
  private readonly waits: boolean;
  private readonly times = { watermarkMs: 0, processingMs: 0, endMs: 0 };
  private processingMs = Number.NEGATIVE_INFINITY;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices, trigger: Trigger) {
    super(rules, code, services);
    this.trigger = trigger;
    this.waits = JSON.stringify(rules.trigger).includes('"after_processing_time"');
    this.tracksHolds = rules.latenessMs > 0 || rules.timestamp !== "end" || !firesAtEnd(rules.trigger);
  }

  /** All cells, those with a finished trigger too. */
  abstract allCells(): Iterable<Cell>;
  /** The cell is no more. */
  protected abstract forget(cell: Cell): void;
  /** Its trigger has finished; it takes no more events until it would be freed. */
  protected abstract close(cell: Cell): void;

  added(count: number, timeMs: number): void {
    const { cells } = this;
    for (let i = 0; i < count; i++) this.addTo(cells[i]!, timeMs);
    for (let i = 0; i < count; i++) {
      const cell = cells[i]!;
      if (this.isReady(cell)) this.fire(cell);
      else this.waitForProcessing(cell);
    }
  }

  /** `outputLimitMs`: where something else holds the output. */
  advanceWatermark(toMs: number, outputLimitMs = Number.POSITIVE_INFINITY): boolean {
    const { timers, services } = this;
    if (toMs > this.watermarkMs) this.watermarkMs = toMs;
    while (timers.size > 0 && timers.nextMs <= toMs) {
      const atMs = timers.nextMs;
      const cell = timers.pop();
      const state = stateOf(cell);
      if (state.timerMs !== atMs) continue;
      state.timerMs = null;
      const { end } = cell.window;
      const freeMs = end + this.rules.latenessMs;
      if (atMs < end) this.setTimer(cell, end);
      // It was to be freed, and has grown since.
      else if (atMs > end && atMs < freeMs) this.setTimer(cell, freeMs);
      else if (toMs >= freeMs) this.expire(cell);
      else {
        this.setTimer(cell, freeMs);
        if (this.isReady(cell)) this.fire(cell);
      }
      if (services.isPaused()) return true;
    }
    this.nextWatermarkMs = timers.nextMs;
    this.moveOutput(outputLimitMs);
    return false;
  }

  override advanceProcessing(nowMs: number): boolean {
    const timers = this.processingTimers;
    this.processingMs = Math.max(this.processingMs, nowMs);
    while (timers.size > 0 && timers.nextMs <= nowMs) {
      const atMs = timers.nextMs;
      const cell = timers.pop();
      const state = stateOf(cell);
      if (state.processingMs !== atMs) continue;
      state.processingMs = null;
      if (this.isReady(cell)) this.fire(cell);
      else this.waitForProcessing(cell);
      if (this.services.isPaused()) return true;
    }
    this.nextProcessingMs = timers.nextMs;
    return false;
  }

  /** Fires those cells whose trigger says yes now, without an event or a timer. */
  fireReady(isMeant: (cell: Cell) => boolean = () => true): void {
    for (const cell of [...this.allCells()]) if (isMeant(cell) && this.isReady(cell)) this.fire(cell);
  }

  /** The trigger of this window has finished, and it has not expired. */
  hasFinished(hash: Hash, { start, end }: TimeWindow): boolean {
    for (const cell of this.allCells())
      if (cell.hash === hash && cell.window.start === start && cell.window.end === end) return stateOf(cell).isClosed;
    return false;
  }

  holdMs(): number {
    return this.tracksHolds ? this.holds.earliest() : Number.POSITIVE_INFINITY;
  }

  get outputWatermarkMs(): number {
    return this.outputMs;
  }

  restoreCell(cell: Cell): void {
    const state = stateOf(cell);
    state.timerMs = null;
    state.processingMs = null;
    this.setTimer(cell, this.watermarkMs < cell.window.end ? cell.window.end : this.freeMs(cell));
    if (state.isClosed) return;
    this.noteHold(cell);
    const nextMs = this.trigger.nextProcessingMs(state.trigger, Number.NEGATIVE_INFINITY);
    if (nextMs < Number.POSITIVE_INFINITY) this.setProcessingTimer(cell, nextMs);
  }

  /** The watermark as the event found it. */
  protected seeWatermark(watermarkMs: number): void {
    if (watermarkMs <= this.watermarkMs) return;
    this.watermarkMs = watermarkMs;
    this.moveOutput();
  }

  protected freeMs(cell: Cell): number {
    return cell.window.end + this.rules.latenessMs;
  }

  protected newState(): CellState {
    return {
      trigger: this.trigger.start(),
      isEmpty: true,
      isClosed: false,
      panes: 0,
      panesOnTime: 0,
      lastTiming: null,
      holdMs: null,
      extraHoldMs: null,
      emitted: none,
      timerMs: null,
      processingMs: null,
    };
  }

  protected timesOf(cell: Cell): TriggerTimes {
    const { times } = this;
    times.watermarkMs = this.watermarkMs;
    times.processingMs = this.processingMs;
    times.endMs = cell.window.end;
    return times;
  }

  /** Makes sure that it is looked at when its window ends, and when it is to be freed. */
  protected schedule(cell: Cell): void {
    const { end } = cell.window;
    const dueMs = this.watermarkMs < end ? end : this.freeMs(cell);
    const { timerMs } = stateOf(cell);
    if (timerMs === null || dueMs < timerMs) this.setTimer(cell, dueMs);
  }

  /** Ends a cell without a pane. */
  protected free(cell: Cell): void {
    const state = stateOf(cell);
    state.timerMs = null;
    state.processingMs = null;
    state.holdMs = null;
    state.extraHoldMs = null;
    state.isClosed = true;
    if (this.tracksHolds) this.holds.drop(cell);
    this.log.freed(cell);
    this.forget(cell);
  }

  /** The event time that an event gives the pane it will be in, unless it comes too late for that. */
  protected elementHoldMs(cell: Cell, timeMs: number): number | null {
    const { assign, timestamp } = this.rules;
    const { end } = cell.window;
    // Overlapping windows would hold each other back by events that the earlier one has already given.
    const shiftedMs = assign.kind === "sliding" ? Math.max(timeMs, end - assign.everyMs) : timeMs;
    const holdMs = timestamp === "end" ? end - 1 : shiftedMs;
    return holdMs < this.outputMs || this.watermarkMs >= end ? null : holdMs;
  }

  protected combine(a: number | null, b: number | null): number | null {
    if (a === null || b === null) return a ?? b;
    return this.rules.timestamp === "latest" ? Math.max(a, b) : Math.min(a, b);
  }

  protected freeHoldMs(cell: Cell): number | null {
    const holdMs = this.freeMs(cell) - 1;
    return holdMs < this.watermarkMs ? null : holdMs;
  }

  protected noteHold(cell: Cell): void {
    if (!this.tracksHolds) return;
    const holdMs = holdOf(cell);
    if (holdMs < Number.POSITIVE_INFINITY) this.holds.note(cell, holdMs);
  }

  private addTo(cell: Cell, timeMs: number): void {
    const state = stateOf(cell);
    this.log.changed(cell);
    // Only results without an end of their own need it.
    if (cell.window.end === Number.POSITIVE_INFINITY) {
      const isFirst = state.panes === 0 && state.isEmpty;
      cell.timeMs = isFirst ? timeMs : Math.max(cell.timeMs, timeMs);
    }
    state.isEmpty = false;
    this.schedule(cell);
    this.nextWatermarkMs = this.timers.nextMs;
    if (this.tracksHolds) {
      const holdMs = this.elementHoldMs(cell, timeMs);
      if (holdMs !== null) state.holdMs = this.combine(state.holdMs, holdMs);
      else state.extraHoldMs ??= this.freeHoldMs(cell);
      this.noteHold(cell);
    }
    if (this.waits) this.processingMs = Math.max(this.processingMs, this.services.nowMs());
    this.trigger.onElement(state.trigger, this.timesOf(cell));
  }

  private isReady(cell: Cell): boolean {
    const state = stateOf(cell);
    return !state.isClosed && this.trigger.shouldFire(state.trigger, this.timesOf(cell));
  }

  private fire(cell: Cell): void {
    const { trigger, rules, code } = this;
    const state = stateOf(cell);
    this.log.changed(cell);
    trigger.onFire(state.trigger, this.timesOf(cell));
    const isFinished = trigger.isFinished(state.trigger);
    this.pane(cell, isFinished);
    state.isEmpty = true;
    if (isFinished || rules.panes === "discard") code.reset(cell);
    if (isFinished) {
      state.isClosed = true;
      state.emitted = none;
      this.close(cell);
    } else this.waitForProcessing(cell);
  }

  private expire(cell: Cell): void {
    if (!stateOf(cell).isClosed) this.pane(cell, true);
    this.free(cell);
  }

  /** Gives a pane, if it is one that is wanted. */
  private pane(cell: Cell, isLast: boolean): void {
    const { rules, code } = this;
    const state = stateOf(cell);
    const timeMs = this.release(cell, isLast);
    const timing = this.timingOf(cell);
    const isWanted =
      !state.isEmpty || (timing === "on_time" && rules.onTime === "always") || (isLast && rules.closing === "always");
    if (!isWanted) return;
    const pane: PaneInfo = {
      index: state.panes,
      timing,
      onTimeIndex: timing === "early" ? -1 : state.panesOnTime,
      isFirst: state.panes === 0,
      isLast,
      timeMs,
    };
    state.panes++;
    if (timing !== "early") state.panesOnTime++;
    state.lastTiming = timing;
    if (rules.panes === "retract") for (const data of state.emitted) code.retract(data, cell, pane);
    const data = code.emit(cell, pane);
    if (rules.panes === "retract") state.emitted = data === undefined ? none : [data];
  }

  /** Early before the window's end, then one pane on time, then late; late from the first where the output is already past the end. */
  private timingOf(cell: Cell): PaneTiming {
    const { end } = cell.window;
    const { lastTiming } = stateOf(cell);
    if (end - 1 < this.outputMs || (lastTiming !== null && lastTiming !== "early")) return "late";
    return this.watermarkMs < end ? "early" : "on_time";
  }

  /** Takes the hold of the pane away and gives the event time that it had. */
  private release(cell: Cell, isLast: boolean): number {
    const state = stateOf(cell);
    const lastMs = cell.window.end - 1;
    if (!this.tracksHolds) return lastMs === Number.POSITIVE_INFINITY ? cell.timeMs : lastMs;
    const holdMs = holdOf(cell);
    state.holdMs = null;
    state.extraHoldMs = !isLast && this.rules.closing === "always" ? this.freeHoldMs(cell) : null;
    this.noteHold(cell);
    if (holdMs <= lastMs && holdMs < Number.POSITIVE_INFINITY) return holdMs;
    return lastMs === Number.POSITIVE_INFINITY ? cell.timeMs : lastMs;
  }

  private waitForProcessing(cell: Cell): void {
    const state = stateOf(cell);
    const nextMs = this.trigger.nextProcessingMs(state.trigger, this.processingMs);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    if (state.processingMs === null || nextMs < state.processingMs) this.setProcessingTimer(cell, nextMs);
  }

  private setTimer(cell: Cell, timeMs: number): void {
    stateOf(cell).timerMs = timeMs;
    this.timers.push(timeMs, cell);
    this.nextWatermarkMs = this.timers.nextMs;
  }

  private setProcessingTimer(cell: Cell, timeMs: number): void {
    stateOf(cell).processingMs = timeMs;
    this.processingTimers.push(timeMs, cell);
    this.nextProcessingMs = this.processingTimers.nextMs;
  }

  private moveOutput(limitMs = Number.POSITIVE_INFINITY): void {
    this.outputMs = Math.max(this.outputMs, Math.min(this.watermarkMs, this.holdMs(), limitMs));
  }
}

/** Shared, so never added to. */
const none: unknown[] = [];

/** Whether the trigger surely fires when the watermark reaches the end of the window. */
function firesAtEnd(trigger: TriggerPlan): boolean {
  switch (trigger.kind) {
    case "after_watermark":
      return true;
    case "repeatedly":
      return firesAtEnd(trigger.of);
    case "first_of":
      return trigger.of.some(firesAtEnd);
    case "or_finally":
      return firesAtEnd(trigger.of) || firesAtEnd(trigger.until);
    default:
      return false;
  }
}

/** Cells of these windows all have a state. */
export function stateOf(cell: Cell): CellState {
  if (cell.state === undefined) throw new Error("bug: a cell without state");
  return cell.state;
}

function holdOf({ state }: Cell): number {
  return Math.min(state?.holdMs ?? Number.POSITIVE_INFINITY, state?.extraHoldMs ?? Number.POSITIVE_INFINITY);
}
