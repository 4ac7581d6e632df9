/** A window per so many events of a key: by arrival, so never late. It is as long as its events' times are apart; what is left at the end of the input comes out too. */
import type { Cell, CellCode, Hash } from "./cell.ts";
import { HoldHeap } from "./hold-heap.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";

export class CountOperator extends OperatorBase {
  private readonly count: number;
  private readonly open = new Map<Hash, Cell>();
  private readonly holds = new HoldHeap((cell) =>
    this.open.get(cell.hash) === cell ? cell.timeMs : Number.POSITIVE_INFINITY,
  );
  private isFresh = false;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    super(rules, code, services);
    if (rules.assign.kind !== "count") throw new Error(`bug: ${rules.assign.kind} windows do not count`);
    this.count = rules.assign.count;
  }

  assign(key: unknown, hash: Hash, timeMs: number): number {
    const held = this.open.get(hash);
    this.isFresh = held === undefined;
    this.cells[0] = held ?? this.begin(key, hash, timeMs);
    return 1;
  }

  added(_count: number, timeMs: number): void {
    const cell = this.cells[0]!;
    const { window, state } = cell;
    const start = Math.floor(timeMs);
    this.log.changed(cell);
    cell.window = { start: Math.min(window.start, start), end: Math.max(window.end, start + 1) };
    if (this.isFresh || timeMs > cell.timeMs) cell.timeMs = timeMs;
    this.nextWatermarkMs = Number.POSITIVE_INFINITY;
    if (this.isFresh) this.holds.note(cell, timeMs);
    const events = (state?.trigger[0] ?? 0) + 1;
    if (state !== undefined) state.trigger[0] = events;
    if (events >= this.count) this.emit(cell);
  }

  failed(): void {
    if (!this.isFresh) return;
    const cell = this.cells[0]!;
    this.open.delete(cell.hash);
    this.uncreate(cell);
  }

  advanceWatermark(toMs: number): boolean {
    if (toMs < Number.POSITIVE_INFINITY) return false;
    for (const cell of this.open.values()) {
      this.emit(cell);
      if (this.services.isPaused()) return true;
    }
    return false;
  }

  holdMs(): number {
    return this.holds.earliest();
  }

  restoreCell(cell: Cell): void {
    this.open.set(cell.hash, cell);
    this.holds.note(cell, cell.timeMs);
  }

  private begin(key: unknown, hash: Hash, timeMs: number): Cell {
    const start = Math.floor(timeMs);
    const cell = this.create(key, hash, { start, end: start + 1 });
    cell.state = countState();
    this.open.set(cell.hash, cell);
    return cell;
  }

  private emit(cell: Cell): void {
    this.open.delete(cell.hash);
    this.holds.drop(cell);
    this.log.freed(cell);
    this.code.emit(cell, onlyPane(cell.timeMs));
  }
}

/** Only `trigger` is used: how many events are in it. */
const countState = (): NonNullable<Cell["state"]> => ({
  trigger: [0],
  isEmpty: false,
  isClosed: false,
  panes: 0,
  panesOnTime: 0,
  lastTiming: null,
  holdMs: null,
  extraHoldMs: null,
  emitted: [],
  timerMs: null,
  processingMs: null,
});
