/** Which cells changed, left memory and were freed since the last checkpoint. Keeps nothing unless asked to. */
import type { Cell } from "./cell.ts";
import { OrderSet } from "./order-set.ts";

export class CellLog {
  /** Cells that there are, in memory or not. */
  open = 0;
  private cells: Cell[] = [];
  private readonly freedOrders = new OrderSet();
  private readonly spilledOrders = new OrderSet();
  private leftMemory: (order: number) => void = () => {};
  /** Somebody asks for them. */
  isTracking = false;

  track(leftMemory?: (order: number) => void): void {
    this.isTracking = true;
    if (leftMemory !== undefined) this.leftMemory = leftMemory;
  }

  changed(cell: Cell): void {
    if (cell.isChanged || !this.isTracking) return;
    cell.isChanged = true;
    this.cells.push(cell);
  }

  freed(cell: Cell): void {
    this.open--;
    if (!this.isTracking) return;
    cell.isChanged = false;
    this.freedOrders.add(cell.order);
  }

  /** The cell was put where it is not in memory. */
  spilled(cell: Cell): void {
    if (!this.isTracking) return;
    if (cell.isChanged) this.spilledOrders.add(cell.order);
    cell.isChanged = false;
    this.leftMemory(cell.order);
  }

  /** After some were spilled: they are not held on to. */
  forgetSpilled(): void {
    if (this.isTracking) this.cells = this.changedCells();
  }

  changedCells(): Cell[] {
    return this.cells.filter((cell) => cell.isChanged);
  }

  freedCells(): Iterable<number> {
    return this.freedOrders;
  }

  spilledCells(): Iterable<number> {
    return this.spilledOrders;
  }

  saved(): void {
    for (const cell of this.cells) cell.isChanged = false;
    this.cells = [];
    this.freedOrders.clear();
    this.spilledOrders.clear();
  }
}
