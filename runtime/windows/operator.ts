/** What every kind of window is to the stage that drives it: events and watermarks in, panes out through the cell code. */
import type { WindowPlan } from "../../compiler/contract/runtime-config.ts";
import type { Cell, Hash } from "./cell.ts";
import type { SpillPlan } from "./spill.ts";
import type { WindowState } from "./state.ts";

/** The part of a window's plan that says when and where, not what. */
export type WindowRules = Pick<
  WindowPlan,
  "assign" | "latenessMs" | "trigger" | "onTime" | "closing" | "panes" | "timestamp" | "lateBy"
> & { readonly aggregates: readonly { readonly fn: string }[] };

export interface WindowServices {
  /** Asked after each pane: firing stops, and goes on when it is called again. */
  isPaused(): boolean;
  /** Processing time. Asked only for triggers that wait for it. */
  nowMs(): number;
  /** Where there may be more cells than memory has room for. */
  readonly spill?: SpillPlan | undefined;
}

/** Events that were not added, per window they would have belonged to. */
export interface Dropped {
  /** The window had expired. */
  lateness: number;
  /** The window's trigger had finished. */
  closedWindow: number;
}

export interface WindowOperator {
  /** After `assign`: the cells that the event goes into. */
  readonly cells: readonly Cell[];
  readonly dropped: Dropped;
  /** Keys in windows that are held. */
  readonly openCells: number;
  readonly state: WindowState;
  /** Earliest watermark at which something may be due; +∞ when nothing waits. */
  readonly nextWatermarkMs: number;
  /** The same of processing time. */
  readonly nextProcessingMs: number;
  /** Finds the cells of an event, judged by the watermark as it stands. Returns how many; 0: the event is late. */
  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number;
  /** The aggregates of all `cells` took the event. May fire. */
  added(count: number, timeMs: number): void;
  /** An aggregate refused the event: nothing of it stays. */
  failed(count: number): void;
  /** Fires what is due: by time, then by the cells' order. True when it stopped for a pause: to be called again with the same time. */
  advanceWatermark(toMs: number): boolean;
  /** The same in processing time. */
  advanceProcessing(nowMs: number): boolean;
  /** No result to come is earlier than this, unless it is late; +∞ when nothing holds the output watermark below that of the input. */
  holdMs(): number;
}
