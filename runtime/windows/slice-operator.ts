/**
 * Sliding windows where a cell gives exactly one pane. Time is cut into slices, as long as the greatest common divisor of size and period; an event goes
 * into one slice, and a window is the sum of its slices: overlapping windows share the work of adding.
 */
import { checkedSliding } from "./assign.ts";
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";

/** A cell of a slice, in the chain of its key's cells in order of time. */
interface Part {
  readonly cell: Cell;
  before: Part | undefined;
  after: Part | undefined;
}

interface Slice {
  readonly window: TimeWindow;
  readonly parts: Map<Hash, Part>;
}

/** A window whose results are being given. */
interface Firing {
  readonly window: TimeWindow;
  readonly firsts: Iterator<Part>;
}

export class SliceOperator extends OperatorBase {
  private readonly sizeMs: number;
  private readonly everyMs: number;
  private readonly offsetMs: number;
  private readonly sliceMs: number;
  /** In order of time. */
  private slices: Slice[] = [];
  private last: Slice | undefined;
  /** Of each key the last part of its chain. */
  private readonly latest = new Map<Hash, Part>();
  private isFresh = false;
  private firing: Firing | undefined;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    super(rules, code, services);
    if (rules.assign.kind !== "sliding") throw new Error(`bug: ${rules.assign.kind} windows do not slide`);
    const { sizeMs, everyMs, offsetMs } = checkedSliding(rules.assign);
    this.sizeMs = sizeMs;
    this.everyMs = everyMs;
    this.offsetMs = offsetMs;
    this.sliceMs = commonDivisor(sizeMs, everyMs);
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    const { last: near, sizeMs, everyMs } = this;
    if (watermarkMs > this.watermarkMs) this.watermarkMs = watermarkMs;
    const isNear = near !== undefined && timeMs >= near.window.start && timeMs < near.window.end;
    const slice = isNear ? near : this.sliceOf(timeMs);
    const { start } = slice.window;
    const firstEnd = this.firstEndAfter(start);
    if (watermarkMs >= firstEnd) {
      const lastEnd = this.firstEndAfter(start + sizeMs - everyMs);
      this.dropped.lateness += Math.floor((Math.min(watermarkMs, lastEnd) - firstEnd) / everyMs) + 1;
      if (watermarkMs >= lastEnd) return 0;
    }
    const held = slice.parts.get(hash);
    this.isFresh = held === undefined;
    this.cells[0] = held?.cell ?? this.open(slice, key, hash, watermarkMs);
    return 1;
  }

  added(): void {
    this.log.changed(this.cells[0]!);
  }

  failed(): void {
    if (!this.isFresh) return;
    const cell = this.cells[0]!;
    const slice = this.slices.find(({ window }) => window.start === cell.window.start);
    const part = slice?.parts.get(cell.hash);
    if (part !== undefined) this.unchain(part);
    slice?.parts.delete(cell.hash);
    this.uncreate(cell);
  }

  advanceWatermark(toMs: number): boolean {
    while (this.nextWatermarkMs <= toMs && this.slices.length > 0) {
      const end = this.nextWatermarkMs;
      this.firing ??= this.beginFiring({ start: end - this.sizeMs, end });
      if (this.fire(this.firing)) return true;
      this.firing = undefined;
      this.watermarkMs = end;
      this.freeBefore(end - this.sizeMs + this.everyMs);
      this.nextWatermarkMs = this.slices.length === 0 ? Number.POSITIVE_INFINITY : this.nextEnd(end);
    }
    if (toMs > this.watermarkMs) this.watermarkMs = toMs;
    return false;
  }

  holdMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  restoreCell(cell: Cell): void {
    const slice = this.sliceOf(cell.window.start);
    cell.window = slice.window;
    this.place(slice, this.watermarkMs);
    this.chain(slice, cell);
  }

  private open(slice: Slice, key: unknown, hash: Hash, watermarkMs: number): Cell {
    this.place(slice, watermarkMs);
    const cell = this.create(key, hash, slice.window);
    this.chain(slice, cell);
    return cell;
  }

  private sliceOf(timeMs: number): Slice {
    const { sliceMs, offsetMs } = this;
    const start = Math.floor((timeMs - offsetMs) / sliceMs) * sliceMs + offsetMs;
    const held = this.slices.findLast(({ window }) => window.start === start);
    if (held === undefined) return { window: { start, end: start + sliceMs }, parts: new Map() };
    this.last = held;
    return held;
  }

  private place(slice: Slice, watermarkMs: number): void {
    if (this.last === slice) return;
    const { slices } = this;
    const { start } = slice.window;
    let at = slices.length;
    while (at > 0 && slices[at - 1]!.window.start > start) at--;
    if (slices[at - 1] !== slice && slices[at - 1]?.window.start !== start) slices.splice(at, 0, slice);
    this.last = slice;
    this.nextWatermarkMs = Math.min(this.nextWatermarkMs, this.firstEndAfter(Math.max(start, watermarkMs)));
  }

  /** The end of the first window that ends after `timeMs`. */
  private firstEndAfter(timeMs: number): number {
    const base = this.offsetMs + this.sizeMs;
    return (Math.floor((timeMs - base) / this.everyMs) + 1) * this.everyMs + base;
  }

  /** The end of the next window that has anything in it. */
  private nextEnd(afterMs: number): number {
    return this.firstEndAfter(Math.max(this.slices[0]!.window.start, afterMs));
  }

  private chain(slice: Slice, cell: Cell): void {
    let before = this.latest.get(cell.hash);
    let after: Part | undefined;
    while (before !== undefined && before.cell.window.start > cell.window.start) {
      after = before;
      before = before.before;
    }
    const part: Part = { cell, before, after };
    if (before !== undefined) before.after = part;
    if (after !== undefined) after.before = part;
    else this.latest.set(cell.hash, part);
    slice.parts.set(cell.hash, part);
  }

  private unchain({ cell, before, after }: Part): void {
    if (before !== undefined) before.after = after;
    if (after !== undefined) after.before = before;
    else if (before !== undefined) this.latest.set(cell.hash, before);
    else this.latest.delete(cell.hash);
  }

  private beginFiring(window: TimeWindow): Firing {
    const slices = this.slices.filter((slice) => slice.window.start >= window.start && slice.window.end <= window.end);
    return { window, firsts: firstsOf(slices, window.start) };
  }

  /** True when it stopped for a pause. */
  private fire({ window, firsts }: Firing): boolean {
    const { code, services } = this;
    const pane = onlyPane(window.end - 1);
    for (let next = firsts.next(); next.done !== true; next = firsts.next()) {
      const { key, hash, order } = next.value.cell;
      const sum = code.create(key, hash, window, order);
      let part: Part | undefined = next.value;
      for (; part !== undefined && part.cell.window.end <= window.end; part = part.after) code.merge(sum, part.cell);
      code.emit(sum, pane);
      if (services.isPaused()) return true;
    }
    return false;
  }

  private freeBefore(startMs: number): void {
    const { slices, log } = this;
    while (slices.length > 0 && slices[0]!.window.start < startMs) {
      const slice = slices.shift()!;
      for (const part of slice.parts.values()) {
        this.unchain(part);
        log.freed(part.cell);
      }
      if (this.last === slice) this.last = undefined;
    }
  }
}

/** Each key's first part in a window: in order of the slices, then of creation. */
function* firstsOf(slices: readonly Slice[], startMs: number): Generator<Part, undefined> {
  for (const { parts } of slices)
    for (const part of parts.values())
      if (part.before === undefined || part.before.cell.window.start < startMs) yield part;
  return undefined;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
