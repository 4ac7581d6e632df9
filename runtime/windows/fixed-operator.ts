/**
 * Fixed windows and the global one where a cell gives exactly one pane, at the end of its window: no lateness, the default trigger. One timer per
 * window, no state per cell, and nothing made per event but the first of a key. Where cells are too many for memory, those not touched for long leave it.
 */
import { checkedFixed, fixedWindow } from "./assign.ts";
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";
import { TimerHeap } from "./timer-heap.ts";

export interface Bucket {
  readonly window: TimeWindow;
  /** In order of creation, unless there are older ones. */
  cells: Map<Hash, Cell>;
  /** Those not touched since cells last left memory; undefined while none ever have. */
  older: Map<Hash, Cell> | undefined;
  /** How many are not in memory. */
  spilled: number;
}

/** A window whose cells do not stand in their order in one map. */
interface Firing {
  readonly cells: readonly Cell[];
  at: number;
}

export class FixedOperator extends OperatorBase {
  private readonly buckets = new Map<number, Bucket>();
  private readonly timers = new TimerHeap<Bucket>(() => 0);
  private readonly windowOf: (timeMs: number) => TimeWindow;
  private readonly takesLatest: boolean;
  /** Where the last event went: events come near each other. Generated code looks here first, and calls `took` instead of `assign` and `added`. */
  last: Bucket | undefined;
  private isNew = false;
  /** Cells in the `cells` of all buckets. */
  private youngCells = 0;
  private firing: Firing | undefined;
  /** Cells are about to leave memory: none that was given by `assign` before may be kept elsewhere. */
  forgetCells: () => void = () => {};
  /** While results have the time of their events: none of them is earlier. */
  leastMs = Number.POSITIVE_INFINITY;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    super(rules, code, services);
    this.takesLatest = rules.timestamp === "latest";
    this.windowOf = fixedWindows(rules);
    this.maySpill();
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    let bucket = this.last;
    if (bucket === undefined || timeMs < bucket.window.start || timeMs >= bucket.window.end)
      bucket = this.bucketOf(timeMs);
    if (watermarkMs >= bucket.window.end) {
      this.dropped.lateness++;
      return 0;
    }
    const held = bucket.cells.get(hash) ?? this.find(bucket, hash);
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
    this.youngCells--;
    this.uncreate(cell);
  }

  advanceWatermark(toMs: number): boolean {
    const { timers } = this;
    if (toMs > this.watermarkMs) this.watermarkMs = toMs;
    while (timers.size > 0 && timers.nextMs <= toMs) {
      const bucket = timers.first;
      if (bucket.older === undefined ? this.fire(bucket) : this.fireAll(bucket)) return true;
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

  /** True when it stopped for a pause. */
  private fire({ window, cells }: Bucket): boolean {
    const { services, code, log, takesLatest } = this;
    const pane = onlyPane(window.end - 1);
    for (const [hash, cell] of cells) {
      cells.delete(hash);
      this.youngCells--;
      log.freed(cell);
      code.emit(cell, takesLatest ? onlyPane(cell.timeMs) : pane);
      if (services.isPaused()) return true;
    }
    return false;
  }

  /** The same where cells have left memory: each comes in its order, from where it is. */
  private fireAll(bucket: Bucket): boolean {
    const { services, code, log, takesLatest } = this;
    const pane = onlyPane(bucket.window.end - 1);
    this.firing ??= this.beginFiring(bucket);
    const { firing } = this;
    for (;;) {
      const held = firing.cells[firing.at];
      const stored = bucket.spilled > 0 ? this.spill?.first(placeOf(bucket)) : undefined;
      const cell = stored !== undefined && (held === undefined || stored.order < held.order) ? stored : held;
      if (cell === undefined) break;
      if (cell === held) firing.at++;
      else {
        cell.window = bucket.window;
        bucket.spilled--;
        this.spill?.shift();
      }
      log.freed(cell);
      code.emit(cell, takesLatest ? onlyPane(cell.timeMs) : pane);
      if (services.isPaused()) return true;
    }
    this.firing = undefined;
    return false;
  }

  private beginFiring(bucket: Bucket): Firing {
    const cells = [...bucket.cells.values(), ...(bucket.older?.values() ?? [])].sort(byOrder);
    this.youngCells -= bucket.cells.size;
    bucket.cells.clear();
    bucket.older?.clear();
    return { cells, at: 0 };
  }

  /** A cell that is not among the young ones becomes one of them. Also the moment for others to leave, since another cell is about to come. */
  private find(bucket: Bucket, hash: Hash): Cell | undefined {
    if (this.memory.isTurn(this.youngCells, this.log.open)) this.turn();
    const { older } = bucket;
    if (older === undefined) return undefined;
    let cell = older.get(hash);
    if (cell !== undefined) older.delete(hash);
    else {
      if (bucket.spilled === 0) return undefined;
      cell = this.spill?.take(hash, placeOf(bucket))[0];
      if (cell === undefined) return undefined;
      bucket.spilled--;
      cell.window = bucket.window;
      this.cameBack(cell);
    }
    bucket.cells.set(hash, cell);
    this.youngCells++;
    return cell;
  }

  /** The older cells leave memory, the young ones become the older ones. */
  private turn(): void {
    const spill = this.openSpill(true);
    if (spill === undefined) return;
    this.forgetCells();
    for (const bucket of this.buckets.values()) {
      if (bucket.older !== undefined && bucket.older.size > 0) {
        for (const cell of [...bucket.older.values()].sort(byOrder)) this.putAway(cell, placeOf(bucket), spill);
        bucket.spilled += bucket.older.size;
      }
      bucket.older = bucket.cells;
      bucket.cells = new Map();
    }
    this.youngCells = 0;
    this.log.forgetSpilled();
  }

  restoreCell(cell: Cell): void {
    const bucket = this.bucketOf(Number.isFinite(cell.window.start) ? cell.window.start : 0);
    cell.window = bucket.window;
    if (this.memory.isTurn(this.youngCells, this.log.open)) this.turn();
    bucket.cells.set(cell.hash, cell);
    this.youngCells++;
    this.register(bucket);
    if (this.takesLatest && cell.timeMs < this.leastMs) this.leastMs = cell.timeMs;
  }

  private open(bucket: Bucket, key: unknown, hash: Hash): Cell {
    const cell = this.create(key, hash, bucket.window);
    this.register(bucket);
    bucket.cells.set(cell.hash, cell);
    this.youngCells++;
    return cell;
  }

  /** The bucket of an event; only one that has cells is remembered. */
  private bucketOf(timeMs: number): Bucket {
    const window = this.windowOf(timeMs);
    const bucket = this.buckets.get(window.start);
    if (bucket === undefined) return { window, cells: new Map(), older: undefined, spilled: 0 };
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

const byOrder = (a: Cell, b: Cell): number => a.order - b.order;
const placeOf = ({ window }: Bucket): number => (Number.isFinite(window.start) ? window.start : 0);

function fixedWindows({ assign }: WindowRules): (timeMs: number) => TimeWindow {
  if (assign.kind !== "fixed") {
    const always = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
    return () => always;
  }
  const { sizeMs, offsetMs } = checkedFixed(assign);
  return (timeMs) => fixedWindow(timeMs, sizeMs, offsetMs);
}
