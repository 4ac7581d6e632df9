/** What all kinds of windows have in common: order of creation, what was dropped, and the state's way out and back. */
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import { CellLog } from "./cell-log.ts";
import { MemoryShare } from "./memory-share.ts";
import type { WindowOperator, WindowRules, WindowServices } from "./operator.ts";
import type { CellSpill } from "./spill.ts";
import { finite, type SavedOperator, type WindowState } from "./state.ts";

export abstract class OperatorBase implements WindowOperator {
  readonly cells: Cell[] = [];
  readonly dropped = { lateness: 0, closedWindow: 0 };
  nextWatermarkMs = Number.POSITIVE_INFINITY;
  nextProcessingMs = Number.POSITIVE_INFINITY;
  protected watermarkMs = Number.NEGATIVE_INFINITY;
  /** The output watermark, as it was after the last move of the input's. */
  protected outputMs = Number.NEGATIVE_INFINITY;
  protected readonly rules: WindowRules;
  protected readonly code: CellCode;
  protected readonly services: WindowServices;
  readonly log = new CellLog();
  /** Where cells are that memory has no room for; undefined until there are some. */
  protected spill: CellSpill | undefined;
  /** When cells leave memory. */
  protected memory = new MemoryShare(undefined);
  private nextOrder = 0;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    this.rules = rules;
    this.code = code;
    this.services = services;
  }

  /** Of those kinds of windows that can: from now on cells may leave memory. */
  protected maySpill(): void {
    this.memory = new MemoryShare(this.services.spill?.cells);
  }

  /** Undefined where there is no room but memory; it is then not asked again. */
  protected openSpill(isByPlace: boolean): CellSpill | undefined {
    this.spill ??= this.services.spill?.open(this.code, isByPlace);
    if (this.spill === undefined) this.memory = new MemoryShare(undefined);
    return this.spill;
  }

  /** Puts a cell where it is not in memory. */
  protected putAway(cell: Cell, place: number, spill: CellSpill): void {
    spill.put(cell, place);
    this.log.spilled(cell);
  }

  /** A cell has come back; the next checkpoint finds it here. */
  protected cameBack(cell: Cell): void {
    this.log.changed(cell);
  }

  abstract assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number;
  abstract added(count: number, timeMs: number): void;
  abstract failed(count: number): void;
  abstract advanceWatermark(toMs: number): boolean;
  abstract holdMs(): number;
  abstract restoreCell(cell: Cell): void;

  get openCells(): number {
    return this.log.open;
  }

  /** Only triggers wait for processing time. */
  advanceProcessing(_nowMs: number): boolean {
    return false;
  }

  get state(): WindowState {
    const { log } = this;
    return {
      track: (leftMemory) => log.track(leftMemory),
      changed: () => log.changedCells(),
      freed: () => log.freedCells(),
      spilled: () => log.spilledCells(),
      outside: (from, to) => this.spill?.saved(from, to) ?? [],
      saved: () => log.saved(),
      operator: () => this.save(),
      restore: (saved) => this.restore(saved),
      restoreCell: (cell) => {
        log.open++;
        this.restoreCell(cell);
      },
    };
  }

  protected create(key: unknown, hash: Hash, window: TimeWindow): Cell {
    const cell = this.code.create(key, hash, window, this.nextOrder++);
    this.log.open++;
    this.log.changed(cell);
    return cell;
  }

  /** The last cell made is taken back. */
  protected uncreate(cell: Cell): void {
    this.log.freed(cell);
    this.nextOrder = cell.order;
  }

  protected save(): SavedOperator {
    const { nextOrder, watermarkMs, outputMs, dropped } = this;
    return {
      nextOrder,
      watermarkMs: finite(watermarkMs),
      outputMs: finite(outputMs),
      dropped: { ...dropped },
      closed: [],
    };
  }

  protected restore(saved: SavedOperator): void {
    this.nextOrder = saved.nextOrder;
    this.watermarkMs = saved.watermarkMs ?? Number.NEGATIVE_INFINITY;
    this.outputMs = saved.outputMs ?? Number.NEGATIVE_INFINITY;
    Object.assign(this.dropped, saved.dropped);
  }
}
