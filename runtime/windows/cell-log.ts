/** Which cells changed and which were freed since the last checkpoint. Keeps nothing unless asked to. */
import type { Cell } from "./cell.ts";

export class CellLog {
  /** Cells that there are. */
  open = 0;
  private cells: Cell[] = [];
  private orders: number[] = [];
  /** Somebody asks for them. */
  isTracking = false;

  track(): void {
    this.isTracking = true;
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
    this.orders.push(cell.order);
  }

  changedCells(): readonly Cell[] {
    return this.cells.filter((cell) => cell.isChanged);
  }

  freedOrders(): readonly number[] {
    return this.orders;
  }

  saved(): void {
    for (const cell of this.cells) cell.isChanged = false;
    this.cells = [];
    this.orders = [];
  }
}
