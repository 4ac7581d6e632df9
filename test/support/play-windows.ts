/** Plays events through a window: values are collected in lists, the watermark follows the events as a source's does. Panes come out as text. */
import type { Cell, CellCode, PaneInfo } from "../../runtime/windows/cell.ts";
import type { WindowOperator, WindowRules, WindowServices } from "../../runtime/windows/operator.ts";
import { saveCell, savedWindow } from "../../runtime/windows/state.ts";
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
  nowMs = 0;
  watermarkMs = Number.NEGATIVE_INFINITY;
  operator: WindowOperator;
  private readonly make: () => WindowOperator;
  private readonly delayMs: number;

  constructor(rules: Partial<WindowRules>, options: PlayOptions = {}) {
    this.delayMs = options.delayMs ?? 0;
    const services = { isPaused: options.isPaused ?? (() => false), nowMs: () => this.nowMs };
    this.make = () => (options.make ?? makeOperator)({ ...defaultRules, ...rules }, this.code(), services);
    this.operator = this.make();
    this.operator.state.track();
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

  /** Everything goes through JSON, as through a store. `cells` holds what earlier checkpoints wrote. */
  restart(cells: Map<number, string>): void {
    this.checkpoint(cells);
    const saved = JSON.stringify(this.operator.state.operator());
    this.operator = this.make();
    this.operator.state.track();
    this.operator.state.restore(JSON.parse(saved));
    for (const [order, text] of [...cells].sort(([a], [b]) => a - b)) {
      const { cell, values } = JSON.parse(text);
      const made = this.code().create(cell.key, cell.hash, savedWindow(cell), order) as ListCell;
      made.timeMs = cell.timeMs;
      made.state = cell.state ?? undefined;
      made.values = values;
      this.operator.state.restoreCell(made);
    }
  }

  checkpoint(cells: Map<number, string>): void {
    const { state } = this.operator;
    for (const cell of state.changed())
      cells.set(cell.order, JSON.stringify({ cell: saveCell(cell), values: (cell as ListCell).values }));
    for (const order of state.freed()) cells.delete(order);
    state.saved();
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
      save: () => {},
      load: () => {},
    };
  }
}

export function play(events: readonly Event[], rules: Partial<WindowRules>, options: PlayOptions = {}): WindowPlayer {
  const player = new WindowPlayer(rules, options);
  const cells = new Map<number, string>();
  for (const [at, event] of events.entries()) {
    if (at % 3 === 0 && options.restartAfter !== undefined) player.checkpoint(cells);
    if (at === options.restartAfter) player.restart(cells);
    player.event(event);
  }
  return player.end();
}
