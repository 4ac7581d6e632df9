/**
 * How the state of a window survives: the cells that changed since the last checkpoint, those freed, and the way back. A cell's own fields here
 * are plain data; its aggregates are saved by whoever generated them.
 */
import type { Cell, CellState, TimeWindow } from "./cell.ts";

/** What an operator remembers beside its cells. JSON, but for infinite numbers, which are null. */
export interface SavedOperator {
  readonly nextOrder: number;
  readonly watermarkMs: number | null;
  readonly outputMs: number | null;
  readonly dropped: { readonly lateness: number; readonly closedWindow: number };
  /** Windows of keys whose trigger has finished, where no cell remembers it. */
  readonly closed: readonly { readonly hash: string | number; readonly start: number; readonly end: number }[];
}

/** The part of a cell that is the same for all windows. JSON, but for `key` and the results in `state.emitted`, which are values. */
export interface SavedCell {
  readonly key: unknown;
  readonly hash: string | number;
  /** null: no bound on that side. */
  readonly start: number | null;
  readonly end: number | null;
  readonly order: number;
  readonly timeMs: number;
  readonly state: CellState | null;
}

export interface WindowState {
  /**
   * From now on changes are kept for a checkpoint. Before the first event and before `restore`.
   * @param leftMemory is told of each cell that is not to be held on to
   */
  track(leftMemory?: (order: number) => void): void;
  /** Cells to be written; each once, in no order. They stay marked until `saved`. */
  changed(): readonly Cell[];
  /** Orders of cells that are no more; some were perhaps never written. */
  freed(): Iterable<number>;
  /** Orders of cells that changed and then left memory: some were freed after that, and those that have come back are in `changed`. */
  spilled(): Iterable<number>;
  /** The cells that are not in memory, by their orders, ascending; the bytes are what a page says of a cell. */
  outside(fromOrder: number, toOrder: number): Iterable<readonly [order: number, content: Uint8Array]>;
  /** What `changed`, `freed` and `spilled` gave is durable: they are empty now. */
  saved(): void;
  operator(): SavedOperator;
  /** Before the first event: first this, then every cell, in ascending order. */
  restore(operator: SavedOperator): void;
  /** The cell as generated code made it: aggregates filled in, `window`, `timeMs` and `state` as saved. */
  restoreCell(cell: Cell): void;
}

export function saveCell(cell: Cell): SavedCell {
  const { key, hash, window, order, timeMs, state } = cell;
  return { key, hash, start: finite(window.start), end: finite(window.end), order, timeMs, state: state ?? null };
}

export const savedWindow = ({ start, end }: SavedCell): TimeWindow => ({
  start: start ?? Number.NEGATIVE_INFINITY,
  end: end ?? Number.POSITIVE_INFINITY,
});

export const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
