/**
 * The cells of a window in pages, by their order of creation: cells that begin together stand together, so that a checkpoint writes few rows, and what is
 * freed together leaves whole pages empty. A page holds, for each of its cells, its place in the page, the saved part of `saveCell`, and the aggregates.
 */
import type { Cell, CellCode, TimeWindow } from "../windows/cell.ts";
import { type SavedCell, saveCell, savedWindow, type WindowState } from "../windows/state.ts";
import type { KeptCells } from "./kept-cells.ts";
import { DamagedValue, ValueReader } from "./value-reader.ts";
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
    state.track();
    this.code = code;
  }

  save(put: (page: number, content: Uint8Array | undefined) => void): void {
    // An order that was freed may have been given again.
    for (const order of this.state.freed()) this.page(order)[order % pageCells] = undefined;
    for (const cell of this.state.changed()) this.page(cell.order)[cell.order % pageCells] = cell;
    for (const number of this.changed) put(number, this.content(this.pages.get(number) ?? []));
  }

  saved(): void {
    this.state.saved();
    for (const number of this.changed) {
      if (this.pages.get(number)?.every((cell) => cell === undefined)) this.pages.delete(number);
    }
    this.changed.clear();
  }

  restore(pages: Iterable<readonly [number, Uint8Array]>): void {
    // Cells of one window share it, as they did when they were made.
    const windows = new Map<string, TimeWindow>();
    for (const [number, content] of pages) {
      const page: Page = [];
      this.pages.set(number, page);
      const reader = new ValueReader(content);
      while (!reader.isAtEnd) {
        const place = reader.count();
        const cell = this.cell(reader, number * pageCells + place, windows);
        page[place] = cell;
        this.state.restoreCell(cell);
      }
    }
  }

  /** To be written again. */
  private page(order: number): Page {
    const number = Math.floor(order / pageCells);
    this.changed.add(number);
    const known = this.pages.get(number);
    if (known !== undefined) return known;
    // Of its whole length at once: one that grows takes half as much again.
    const page: Page = new Array<Cell | undefined>(pageCells).fill(undefined);
    this.pages.set(number, page);
    return page;
  }

  private content(page: Page): Uint8Array | undefined {
    const { writer, code } = this;
    let isEmpty = true;
    for (let place = 0; place < page.length; place++) {
      const cell = page[place];
      if (cell === undefined) continue;
      isEmpty = false;
      const { key, hash, start, end, timeMs, state } = saveCell(cell);
      writer.count(place);
      writer.value(key);
      // Most hashes are the key itself.
      writer.value(hash === key ? undefined : hash);
      writer.value(start);
      writer.value(end);
      writer.value(timeMs);
      writer.value(state);
      code.save(cell, writer);
    }
    return isEmpty ? undefined : writer.take();
  }

  private cell(reader: ValueReader, order: number, windows: Map<string, TimeWindow>): Cell {
    const key = reader.value();
    const hash = reader.value() ?? key;
    if (typeof hash !== "string" && typeof hash !== "number") throw new DamagedValue("a cell without a hash");
    const [start, end, timeMs, state] = [reader.value(), reader.value(), reader.value(), reader.value()];
    const saved = { key, hash, start, end, order, timeMs, state } as SavedCell;
    const name = `${String(start)} ${String(end)}`;
    const window = windows.get(name) ?? savedWindow(saved);
    windows.set(name, window);
    const cell = this.code.create(key, hash, window, order);
    this.code.load(cell, reader);
    cell.timeMs = saved.timeMs;
    cell.state = saved.state ?? undefined;
    return cell;
  }
}
