/**
 * Fixed windows and the global one where a cell gives exactly one pane, at the end of its window: no lateness, the default trigger. One timer per
 * window, no state per cell, and nothing made per event but the first of a key.
 */
import { checkedFixed, fixedWindow } from "./assign.ts";
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";
import { TimerHeap } from "./timer-heap.ts";

export interface Bucket {
  readonly window: TimeWindow;
  readonly cells: Map<Hash, Cell>;
}

export class FixedOperator extends OperatorBase {
  private readonly buckets = new Map<number, Bucket>();
  private readonly timers = new TimerHeap<Bucket>(() => 0);
  private readonly windowOf: (timeMs: number) => TimeWindow;
  private readonly takesLatest: boolean;
  /** Where the last event went: events come near each other. Generated code looks here first, and calls `took` instead of `assign` and `added`. */
  last: Bucket | undefined;
  private isNew = false;
  /** While results have the time of their events: none of them is earlier. */
  leastMs = Number.POSITIVE_INFINITY;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    super(rules, code, services);
    this.takesLatest = rules.timestamp === "latest";
    this.windowOf = fixedWindows(rules);
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    let bucket = this.last;
    if (bucket === undefined || timeMs < bucket.window.start || timeMs >= bucket.window.end)
      bucket = this.bucketOf(timeMs);
    if (watermarkMs >= bucket.window.end) {
      this.dropped.lateness++;
      return 0;
    }
    const held = bucket.cells.get(hash);
    this.isNew = held === undefined;
    this.cells[0] = held ?? this.open(bucket, key, hash);
    return 1;
  }

  added(_count: number, timeMs: number): void {
    const cell = this.cells[0]!;
    this.log.changed(cell);
    if (!this.takesLatest) return;
    if (this.isNew || timeMs > cell.timeMs) cell.timeMs = timeMs;
    if (timeMs < this.leastMs) this.leastMs = timeMs;
  }

  /** A cell of `last` took an event, whose window has not expired. May be left out where nothing of it would change. */
  took(cell: Cell, timeMs: number): void {
    this.log.changed(cell);
    if (!this.takesLatest) return;
    if (timeMs > cell.timeMs) cell.timeMs = timeMs;
    if (timeMs < this.leastMs) this.leastMs = timeMs;
  }

  failed(): void {
    if (!this.isNew) return;
    const cell = this.cells[0]!;
    this.buckets.get(cell.window.start)?.cells.delete(cell.hash);
    this.uncreate(cell);
  }

  advanceWatermark(toMs: number): boolean {
    const { timers, services, code, log } = this;
    if (toMs > this.watermarkMs) this.watermarkMs = toMs;
    while (timers.size > 0 && timers.nextMs <= toMs) {
      const bucket = timers.first;
      const pane = onlyPane(bucket.window.end - 1);
      for (const [hash, cell] of bucket.cells) {
        bucket.cells.delete(hash);
        log.freed(cell);
        code.emit(cell, this.takesLatest ? onlyPane(cell.timeMs) : pane);
        if (services.isPaused()) return true;
      }
      this.buckets.delete(bucket.window.start);
      if (this.last === bucket) this.last = undefined;
      timers.pop();
    }
    this.nextWatermarkMs = timers.nextMs;
    if (timers.size === 0) this.leastMs = Number.POSITIVE_INFINITY;
    return false;
  }

  holdMs(): number {
    return this.leastMs;
  }

  restoreCell(cell: Cell): void {
    const bucket = this.bucketOf(Number.isFinite(cell.window.start) ? cell.window.start : 0);
    cell.window = bucket.window;
    bucket.cells.set(cell.hash, cell);
    this.register(bucket);
    if (this.takesLatest && cell.timeMs < this.leastMs) this.leastMs = cell.timeMs;
  }

  private open(bucket: Bucket, key: unknown, hash: Hash): Cell {
    const cell = this.create(key, hash, bucket.window);
    this.register(bucket);
    bucket.cells.set(cell.hash, cell);
    return cell;
  }

  /** The bucket of an event; only one that has cells is remembered. */
  private bucketOf(timeMs: number): Bucket {
    const window = this.windowOf(timeMs);
    const bucket = this.buckets.get(window.start);
    if (bucket === undefined) return { window, cells: new Map() };
    this.last = bucket;
    return bucket;
  }

  private register(bucket: Bucket): void {
    if (this.last === bucket || this.buckets.has(bucket.window.start)) return;
    this.buckets.set(bucket.window.start, bucket);
    this.timers.push(bucket.window.end, bucket);
    this.nextWatermarkMs = this.timers.nextMs;
    this.last = bucket;
  }
}

function fixedWindows({ assign }: WindowRules): (timeMs: number) => TimeWindow {
  if (assign.kind !== "fixed") {
    const always = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
    return () => always;
  }
  const { sizeMs, offsetMs } = checkedFixed(assign);
  return (timeMs) => fixedWindow(timeMs, sizeMs, offsetMs);
}
