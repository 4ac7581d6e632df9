/**
 * The cells of a window in pages, by their order of creation: cells that begin together stand together, so that a checkpoint writes few rows, and what is
 * freed together leaves whole pages empty. A page holds, for each of its cells, its place in the page, the saved part of `saveCell`, and the aggregates.
 * Cells that are not in memory are copied from where they are.
 */
import type { Cell, CellCode, TimeWindow } from "../windows/cell.ts";
import type { WindowState } from "../windows/state.ts";
import { readCell, writeCell } from "./cell-bytes.ts";
import type { KeptCells } from "./kept-cells.ts";
import { ValueReader } from "./value-reader.ts";
import { ValueWriter } from "./value-writer.ts";

/** Fewer make more rows to write, more make more cells to write again for one that changed. */
export const pageCells = 64;

type Page = (Cell | undefined)[];

export class CellPages implements KeptCells {
  private readonly state: WindowState;
  private readonly code: CellCode;
  private readonly pages = new Map<number, Page>();
  private readonly changed = new Set<number>();
  private readonly writer = new ValueWriter();

  constructor(state: WindowState, code: CellCode) {
    this.state = state;
    state.track((order) => this.drop(order));
    this.code = code;
  }

  save(put: (page: number, content: Uint8Array | undefined) => void): void {
    for (const order of this.state.freed()) this.changed.add(this.drop(order));
    for (const order of this.state.spilled()) this.changed.add(pageOf(order));
    // Last: an order that was freed may have been given again, and what was spilled may have come back.
    for (const cell of this.state.changed()) {
      this.changed.add(pageOf(cell.order));
      this.hold(cell);
    }
    for (const number of this.changed) put(number, this.content(number));
  }

  saved(): void {
    this.state.saved();
    this.changed.clear();
  }

  restore(pages: Iterable<readonly [number, Uint8Array]>): void {
    // Cells of one window share it, as they did when they were made.
    const windows = new Map<string, TimeWindow>();
    const share = (window: TimeWindow): TimeWindow => {
      const name = `${window.start} ${window.end}`;
      const known = windows.get(name);
      if (known === undefined) windows.set(name, window);
      return known ?? window;
    };
    for (const [number, content] of pages) {
      const reader = new ValueReader(content);
      while (!reader.isAtEnd) {
        const place = reader.count();
        const cell = readCell(reader, number * pageCells + place, this.code, share);
        this.hold(cell);
        this.state.restoreCell(cell);
      }
    }
  }

  private hold(cell: Cell): void {
    const number = pageOf(cell.order);
    // Of its whole length at once: one that grows takes half as much again.
    const page = this.pages.get(number) ?? new Array<Cell | undefined>(pageCells).fill(undefined);
    this.pages.set(number, page);
    page[cell.order % pageCells] = cell;
  }

  /** The cell is not, or not in memory. Gives the number of its page. */
  private drop(order: number): number {
    const number = pageOf(order);
    const page = this.pages.get(number);
    if (page === undefined) return number;
    page[order % pageCells] = undefined;
    if (page.every((cell) => cell === undefined)) this.pages.delete(number);
    return number;
  }

  /** Cells in memory, and between them those that are not. */
  private content(number: number): Uint8Array | undefined {
    const { writer, code } = this;
    const first = number * pageCells;
    const outside = this.state.outside(first, first + pageCells - 1)[Symbol.iterator]();
    let next = outside.next();
    const page = this.pages.get(number);
    for (let place = 0; place < pageCells; place++) {
      const cell = page?.[place];
      if (cell !== undefined) {
        writer.count(place);
        writeCell(cell, code, writer);
      }
      if (next.done === true || next.value[0] !== first + place) continue;
      if (cell !== undefined) throw new Error(`bug: cell ${cell.order} is in two places`);
      writer.count(place);
      writer.raw(next.value[1]);
      next = outside.next();
    }
    return writer.lengthBytes === 0 ? undefined : writer.take();
  }
}

const pageOf = (order: number): number => Math.floor(order / pageCells);
