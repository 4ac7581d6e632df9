/** Cells that are not in memory: where a window puts those that were not touched for long, and how it gets them back. */
import type { Cell, CellCode, Hash } from "./cell.ts";

/** What a window needs to keep only some of its cells in memory. */
export interface SpillPlan {
  /** About so many cells of one window stay in memory. */
  readonly cells: number;
  /** Opened when the first cell has to go. Undefined where there is no store: all cells stay. @param isByPlace see `CellSpill.take` */
  open(code: CellCode, isByPlace: boolean): CellSpill | undefined;
}

/** The cells of one window node outside of memory. They come out in order of place, then of their creation. */
export interface CellSpill {
  /** How many there are. */
  readonly size: number;
  /** No cell has a lower place; it may be that the lowest is higher. +∞ when there is none. */
  readonly leastPlace: number;
  /** @param place where it stands in the order in which cells fire: the start of a window, the end of a session */
  put(cell: Cell, place: number): void;
  /** Takes out the cells of a hash: those of one place where the spill is by place, else all. In no order. */
  take(hash: Hash, place: number): readonly Cell[];
  /** The first one whose place is not above `place`; it stays until `shift`. While there is one, nothing is put or taken. */
  first(place: number): Cell | undefined;
  /** Takes out what `first` gave. */
  shift(): void;
  /** What a page of a checkpoint says of the cells with these orders, ascending. The content is valid until the next one. */
  saved(fromOrder: number, toOrder: number): Iterable<readonly [order: number, content: Uint8Array]>;
}
