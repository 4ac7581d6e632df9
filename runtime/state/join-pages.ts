/**
 * The events that the cells of a join or of a chunk hold, beside the pages of the cells themselves: a cell has pages of its own, so that a checkpoint writes what is new of it and not
 * all that it holds. They go with their cell.
 */
import type { Cell, CellCode } from "../windows/cell.ts";
import type { WindowState } from "../windows/state.ts";
import type { KeptCells } from "./kept-cells.ts";
import type { PagedRows } from "./paged-rows.ts";
import { DamagedValue, ValueReader } from "./value-reader.ts";
import { ValueWriter } from "./value-writer.ts";

/** More than a cell can have, and so few that the number of a page, `order * mostPages + page`, is exact. */
const mostPages = 2 ** 17;

interface CellOfRows extends Cell {
  rows: PagedRows;
}

export class JoinPages implements KeptCells {
  private readonly state: Pick<WindowState, "changed" | "freed">;
  /** By the order of the cell: how many of its pages are in the last checkpoint. */
  private readonly pagesByOrder = new Map<number, number>();
  /** Cells whose rows come next. */
  private readonly unread = new Map<number, PagedRows>();
  private readonly writer = new ValueWriter();
  private freed: readonly number[] = [];
  private changed: readonly CellOfRows[] = [];

  constructor(state: Pick<WindowState, "changed" | "freed">) {
    this.state = state;
  }

  /** The code of the cells for whoever keeps the cells themselves: these are restored first, then their rows. */
  codeOf(code: CellCode): CellCode {
    return {
      ...code,
      load: (cell, from) => {
        code.load(cell, from);
        if (holdsRows(cell)) this.unread.set(cell.order, cell.rows);
      },
    };
  }

  save(put: (page: number, content: Uint8Array | undefined) => void): void {
    this.freed = [...this.state.freed()];
    this.changed = this.state.changed().filter(holdsRows);
    for (const order of this.freed) {
      const pages = this.pagesByOrder.get(order) ?? 0;
      for (let page = 0; page < pages; page++) put(order * mostPages + page, undefined);
    }
    for (const { order, rows } of this.changed)
      for (const [page, content] of rows.unsaved(this.writer)) put(order * mostPages + page, content);
  }

  saved(): void {
    for (const order of this.freed) this.pagesByOrder.delete(order);
    for (const { order, rows } of this.changed) {
      rows.saved();
      this.pagesByOrder.set(order, rows.pages);
    }
    this.freed = [];
    this.changed = [];
  }

  restore(pages: Iterable<readonly [number, Uint8Array]>): void {
    for (const [number, content] of pages) {
      const order = Math.floor(number / mostPages);
      const unread = this.unread.get(order);
      if (unread === undefined) throw new DamagedValue("rows without their cell");
      unread.read(new ValueReader(content));
      this.pagesByOrder.set(order, (this.pagesByOrder.get(order) ?? 0) + 1);
    }
    for (const unread of this.unread.values()) unread.check();
    this.unread.clear();
  }
}

const holdsRows = (cell: Cell): cell is CellOfRows => "rows" in cell;
