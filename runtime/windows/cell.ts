/** The things windows work on: a cell is one key in one window, a pane one result of it. Their aggregates are generated code's business. */

/** `[start, end)` in ms since 1970; all of time is `-Infinity` to `Infinity`. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

export interface PaneInfo {
  /** Counts the panes of the cell from 0. */
  readonly index: number;
  readonly timing: "early" | "on_time" | "late";
  /** Counts from 0 the panes that are not early; -1 while they are. */
  readonly onTimeIndex: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Event time of the result. */
  readonly timeMs: number;
}

export type Hash = string | number;

/** Made by generated code as one object literal; `isChanged` and `timeMs` start as false and 0, `state` as undefined. Small, since there may be millions. */
export interface Cell {
  readonly key: unknown;
  readonly hash: Hash;
  /** Shared by the cells of a window where it can be. */
  window: TimeWindow;
  /** Order of creation; names the cell among those of its operator. */
  readonly order: number;
  /** The latest event time in it, where results or holds are made of it. */
  timeMs: number;
  /** It differs from what the last checkpoint saw. */
  isChanged: boolean;
  /** undefined where a cell gives just one pane, at the end of its window. */
  state: CellState | undefined;
}

export type PaneTiming = PaneInfo["timing"];

/** What a cell that can give several panes remembers between them. JSON. */
export interface CellState {
  /** Two of each node of the trigger tree: whether it has finished, and its count or target time. */
  trigger: (number | null)[];
  /** Nothing came since the last pane. */
  isEmpty: boolean;
  /** The trigger has finished: no more events, no more panes. */
  isClosed: boolean;
  panes: number;
  panesOnTime: number;
  lastTiming: PaneTiming | null;
  /** Event time of the next pane by the events in it; null when all came too late to count for it. */
  holdMs: number | null;
  /** Holds the output back until the window is freed, for a pane without events of its own time. */
  extraHoldMs: number | null;
  /** Data of the panes that a next one takes back. */
  emitted: unknown[];
  /** Under which times its timers stand; worked out anew when it is restored. */
  timerMs: number | null;
  processingMs: number | null;
}

/** What generated code does with a cell. */
export interface CellCode {
  create(key: unknown, hash: Hash, window: TimeWindow, order: number): Cell;
  /** Adds the aggregates of `from` to those of `into`. `from` stays as it is and shares no mutable part with `into` afterwards. */
  merge(into: Cell, from: Cell): void;
  /** Aggregates back to their start. */
  reset(cell: Cell): void;
  /** Evaluates and delivers a result. Returns its data, for taking it back; undefined when there was none. */
  emit(cell: Cell, pane: PaneInfo): unknown;
  /** Writes the aggregates of a cell for a checkpoint; `load` fills a new cell with them. */
  save(cell: Cell, out: { value(value: unknown): void }): void;
  load(cell: Cell, from: { value(): unknown }): void;
  /** Takes back what an earlier pane gave. */
  retract(data: unknown, cell: Cell, pane: PaneInfo): void;
}
