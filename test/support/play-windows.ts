/** Plays events through a window: values are collected in lists, the watermark follows the events as a source's does. Panes come out as text. */

import { CellPages } from "../../runtime/state/cell-pages.ts";
import { sqliteSpill } from "../../runtime/state/sqlite-spill.ts";
import type { Cell, CellCode, PaneInfo } from "../../runtime/windows/cell.ts";
import type { WindowOperator, WindowRules, WindowServices } from "../../runtime/windows/operator.ts";
import { makeOperator } from "../../runtime/windows/window-operator.ts";

export interface Event {
  readonly key: string;
  readonly timeMs: number;
  readonly value: number;
}

export interface Played {
  readonly key: unknown;
  readonly start: number;
  readonly end: number;
  readonly values: readonly number[];
  readonly pane: PaneInfo;
  readonly isRetraction: boolean;
}

type ListCell = Cell & { values: number[] };
export type MakeOperator = (rules: WindowRules, code: CellCode, services: WindowServices) => WindowOperator;

export interface PlayOptions {
  readonly delayMs?: number;
  readonly make?: MakeOperator;
  /** Asked after each pane. */
  readonly isPaused?: () => boolean;
  /** After this many events the window is saved, and another goes on from what was saved. */
  readonly restartAfter?: number;
  /** So many cells stay in memory. */
  readonly cells?: number;
}

export const defaultRules: WindowRules = {
  assign: { kind: "fixed", sizeMs: 10, offsetMs: 0 },
  latenessMs: 0,
  trigger: { kind: "repeatedly", of: { kind: "after_watermark" } },
  onTime: "always",
  closing: "if_new",
  panes: "accumulate",
  timestamp: "end",
  lateBy: "merged",
  aggregates: [{ fn: "sum" }],
};

export class WindowPlayer {
  readonly panes: Played[] = [];
  readonly late: Event[] = [];
  /** How often a cell was written, for a checkpoint or since it left memory. */
  writtenCells = 0;
  nowMs = 0;
  watermarkMs = Number.NEGATIVE_INFINITY;
  operator: WindowOperator;
  private pages: CellPages;
  private readonly make: () => WindowOperator;
  private readonly delayMs: number;

  constructor(rules: Partial<WindowRules>, options: PlayOptions = {}) {
    this.delayMs = options.delayMs ?? 0;
    const spill =
      options.cells === undefined
        ? undefined
        : sqliteSpill(options.cells, (error) => {
            throw error;
          });
    const services = { isPaused: options.isPaused ?? (() => false), nowMs: () => this.nowMs, spill };
    this.make = () => (options.make ?? makeOperator)({ ...defaultRules, ...rules }, this.code(), services);
    this.operator = this.make();
    this.pages = new CellPages(this.operator.state, this.code());
  }

  event({ key, timeMs, value }: Event): void {
    const count = this.operator.assign(key, key, timeMs, this.watermarkMs);
    for (const cell of this.operator.cells.slice(0, count)) (cell as ListCell).values.push(value);
    if (count > 0) this.operator.added(count, timeMs);
    else this.late.push({ key, timeMs, value });
    this.watermark(Math.max(this.watermarkMs, timeMs - this.delayMs));
  }

  watermark(toMs: number): void {
    this.watermarkMs = toMs;
    if (this.operator.nextWatermarkMs > toMs) return;
    while (this.operator.advanceWatermark(toMs));
  }

  clock(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.operator.nextProcessingMs > nowMs) return;
    while (this.operator.advanceProcessing(nowMs));
  }

  end(): this {
    this.watermark(Number.POSITIVE_INFINITY);
    return this;
  }

  /** Everything goes through bytes, as through a store. `store` holds what earlier checkpoints wrote. */
  restart(store: Map<number, Uint8Array>): void {
    this.checkpoint(store);
    const saved = JSON.stringify(this.operator.state.operator());
    this.operator = this.make();
    this.pages = new CellPages(this.operator.state, this.code());
    this.operator.state.restore(JSON.parse(saved));
    this.pages.restore([...store].sort(([a], [b]) => a - b));
  }

  checkpoint(store: Map<number, Uint8Array>): void {
    this.pages.save((page, content) => {
      if (content === undefined) store.delete(page);
      else store.set(page, Uint8Array.from(content));
    });
    this.pages.saved();
  }

  /** One line a pane. */
  text(): string[] {
    return this.panes.map(({ key, start, end, values, pane, isRetraction }) => {
      const { timing, index, onTimeIndex, isFirst, isLast, timeMs } = pane;
      const flags = `${isFirst ? " first" : ""}${isLast ? " last" : ""}${isRetraction ? " taken back" : ""}`;
      const sorted = values.toSorted((a, b) => a - b).join(" ");
      return `${key} [${start},${end}) {${sorted}} ${timing} ${index}/${onTimeIndex}${flags} at ${timeMs}`;
    });
  }

  private code(): CellCode {
    const seen = (cell: Cell, values: readonly number[], pane: PaneInfo, isRetraction: boolean) => {
      const { start, end } = cell.window;
      this.panes.push({ key: cell.key, start, end, values, pane, isRetraction });
    };
    return {
      create: (key, hash, window, order): ListCell => ({
        key,
        hash,
        window,
        order,
        timeMs: 0,
        isChanged: false,
        state: undefined,
        values: [],
      }),
      merge: (into, from) => void (into as ListCell).values.push(...(from as ListCell).values),
      reset: (cell) => {
        (cell as ListCell).values = [];
      },
      emit: (cell, pane) => {
        const values = [...(cell as ListCell).values];
        seen(cell, values, pane, false);
        return values;
      },
      retract: (data, cell, pane) => seen(cell, data as readonly number[], pane, true),
      save: (cell, out) => {
        this.writtenCells++;
        out.value((cell as ListCell).values);
      },
      load: (cell, from) => {
        (cell as ListCell).values = from.value() as number[];
      },
    };
  }
}

export function play(events: readonly Event[], rules: Partial<WindowRules>, options: PlayOptions = {}): WindowPlayer {
  const player = new WindowPlayer(rules, options);
  const store = new Map<number, Uint8Array>();
  for (const [at, event] of events.entries()) {
    if (at % 3 === 0 && options.restartAfter !== undefined) player.checkpoint(store);
    if (at === options.restartAfter) player.restart(store);
    player.event(event);
  }
  return player.end();
}
