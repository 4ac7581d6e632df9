/** Windows that never merge, with any trigger and lateness: fixed, sliding and global, a cell per key and window. */
import { type Assigner, assigner } from "./assign.ts";
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { PanesOperator, stateOf } from "./panes-operator.ts";
import type { Trigger } from "./trigger.ts";
import { triggerTree } from "./trigger-tree.ts";

interface Bucket {
  readonly window: TimeWindow;
  readonly cells: Map<Hash, Cell>;
}

export class PlainOperator extends PanesOperator {
  private readonly buckets = new Map<number, Bucket>();
  private readonly windowsOf: Assigner;
  private readonly fresh: Cell[] = [];

  constructor(rules: WindowRules, code: CellCode, services: WindowServices, trigger?: Trigger) {
    super(rules, code, services, trigger ?? triggerTree(rules.trigger, false));
    const { assign } = rules;
    if (assign.kind === "session" || assign.kind === "count") throw new Error(`bug: ${assign.kind} windows merge`);
    this.windowsOf = assigner(assign);
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    this.seeWatermark(watermarkMs);
    this.fresh.length = 0;
    let count = 0;
    for (const window of this.windowsOf(timeMs)) {
      if (watermarkMs >= window.end + this.rules.latenessMs) this.dropped.lateness++;
      else {
        const cell = this.cellOf(key, hash, window);
        if (stateOf(cell).isClosed) this.dropped.closedWindow++;
        else this.cells[count++] = cell;
      }
    }
    return count;
  }

  failed(): void {
    for (const cell of this.fresh.toReversed()) {
      this.forget(cell);
      this.uncreate(cell);
    }
  }

  override *allCells(): Iterable<Cell> {
    for (const { cells } of this.buckets.values()) yield* cells.values();
  }

  override restoreCell(cell: Cell): void {
    const bucket = this.bucketOf(cell.window);
    cell.window = bucket.window;
    bucket.cells.set(cell.hash, cell);
    super.restoreCell(cell);
  }

  protected override forget(cell: Cell): void {
    const bucket = this.buckets.get(cell.window.start);
    bucket?.cells.delete(cell.hash);
    if (bucket?.cells.size === 0) this.buckets.delete(cell.window.start);
  }

  /** The cell stays until its time, to tell that it is closed. */
  protected override close(): void {}

  private cellOf(key: unknown, hash: Hash, window: TimeWindow): Cell {
    const bucket = this.bucketOf(window);
    const held = bucket.cells.get(hash);
    if (held !== undefined) return held;
    const cell = this.create(key, hash, bucket.window);
    cell.state = this.newState();
    bucket.cells.set(cell.hash, cell);
    this.fresh.push(cell);
    return cell;
  }

  private bucketOf(window: TimeWindow): Bucket {
    const held = this.buckets.get(window.start);
    if (held !== undefined) return held;
    const bucket = { window, cells: new Map<Hash, Cell>() };
    this.buckets.set(window.start, bucket);
    return bucket;
  }
}
