/**
 * The earliest hold among many cells. A cell's hold moves with its events, so the heap keeps it under an earlier time and looks again when that
 * comes to the top: adding an event to a cell that holds already costs nothing.
 */
import type { Cell } from "./cell.ts";
import { TimerHeap } from "./timer-heap.ts";

export class HoldHeap {
  private heap = new TimerHeap<Cell>((cell) => cell.order);
  /** Under which time each cell stands in the heap; the least of them counts. */
  private readonly known = new Map<Cell, number>();
  private readonly holdOf: (cell: Cell) => number;

  /** `holdOf` is +∞ for a cell that holds nothing back. */
  constructor(holdOf: (cell: Cell) => number) {
    this.holdOf = holdOf;
  }

  /** The cell has a hold, or an earlier one. */
  note(cell: Cell, holdMs: number): void {
    const known = this.known.get(cell);
    if (known !== undefined && known <= holdMs) return;
    this.known.set(cell, holdMs);
    this.heap.push(holdMs, cell);
    if (this.heap.size > 2 * this.known.size + 64) this.rebuild();
  }

  /** The cell is no more. */
  drop(cell: Cell): void {
    const { heap, known } = this;
    known.delete(cell);
    // Else it would stay in memory, with all that it holds, until somebody asks for the earliest.
    while (heap.size > 0 && !known.has(heap.first)) heap.pop();
  }

  /** +∞ when nothing holds. */
  earliest(): number {
    const { heap, known } = this;
    while (heap.size > 0) {
      const at = heap.nextMs;
      const cell = heap.first;
      if (known.get(cell) !== at) {
        heap.pop();
        continue;
      }
      const holdMs = this.holdOf(cell);
      if (holdMs === at) return at;
      if (holdMs === Number.POSITIVE_INFINITY) {
        heap.pop();
        known.delete(cell);
      } else {
        known.set(cell, holdMs);
        heap.replaceFirst(holdMs);
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Without what stands there for nothing. */
  private rebuild(): void {
    this.heap = new TimerHeap<Cell>((cell) => cell.order);
    for (const [cell, holdMs] of this.known) this.heap.push(holdMs, cell);
  }
}
