/**
 * Sessions with any trigger and lateness. An event is a span of the gap's length; spans of a key that overlap are one session, spans that touch
 * are two. Merging waits until the aggregates have taken the event, so that one they refuse leaves nothing behind.
 */
import type { Cell, CellCode, Hash, TimeWindow } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { PanesOperator, stateOf } from "./panes-operator.ts";
import { joinSpan } from "./session-span.ts";
import type { SavedOperator } from "./state.ts";
import type { Trigger } from "./trigger.ts";
import { triggerTree } from "./trigger-tree.ts";

export class SessionOperator extends PanesOperator {
  private readonly gapMs: number;
  private readonly maxMs: number;
  /** Of each key in order of time; they never overlap. */
  private readonly sessions = new Map<Hash, Cell[]>();
  /** Sessions whose trigger has finished, until they would have been freed. */
  private readonly closed = new Map<Hash, TimeWindow[]>();
  private joined: readonly Cell[] = [];
  private span: TimeWindow = { start: 0, end: 0 };
  private isSame = false;
  private isFresh = false;

  constructor(rules: WindowRules, code: CellCode, services: WindowServices, trigger?: Trigger) {
    super(rules, code, services, trigger ?? triggerTree(rules.trigger, true));
    const { assign } = rules;
    if (assign.kind !== "session") throw new Error(`bug: ${assign.kind} windows are no sessions`);
    this.gapMs = assign.gapMs;
    this.maxMs = assign.maxMs ?? Number.POSITIVE_INFINITY;
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    this.seeWatermark(watermarkMs);
    const { rules, dropped } = this;
    const start = Math.floor(timeMs);
    const own = { start, end: start + Math.min(this.gapMs, this.maxMs) };
    const { span, joined } = joinSpan(own, this.sessions.get(hash) ?? [], this.maxMs);
    const judged = rules.lateBy === "own" ? own : span;
    if (watermarkMs >= judged.end + rules.latenessMs) {
      dropped.lateness++;
      return 0;
    }
    if (this.isClosed(hash, span)) {
      dropped.closedWindow++;
      return 0;
    }
    this.joined = joined;
    this.span = span;
    this.isSame = joined.length === 1 && joined[0]!.window.start === own.start && joined[0]!.window.end === own.end;
    this.isFresh = joined.length === 0;
    this.cells[0] = this.isFresh ? this.open(key, hash, span) : oldest(joined);
    return 1;
  }

  override added(count: number, timeMs: number): void {
    if (!this.isFresh && !this.isSame) this.merge(this.cells[0]!);
    super.added(count, timeMs);
  }

  failed(): void {
    if (!this.isFresh) return;
    const cell = this.cells[0]!;
    this.forget(cell);
    this.uncreate(cell);
  }

  override *allCells(): Iterable<Cell> {
    for (const cells of this.sessions.values()) yield* cells;
  }

  override hasFinished(hash: Hash, window: TimeWindow): boolean {
    const closed = this.closed.get(hash) ?? [];
    return closed.some(({ start, end }) => start === window.start && end === window.end);
  }

  override restoreCell(cell: Cell): void {
    this.insert(cell);
    super.restoreCell(cell);
  }

  protected override save(): SavedOperator {
    const closed = [...this.closed].flatMap(([hash, windows]) => windows.map((window) => ({ hash, ...window })));
    return { ...super.save(), closed };
  }

  protected override restore(saved: SavedOperator): void {
    super.restore(saved);
    for (const { hash, start, end } of saved.closed) this.remember(hash, { start, end });
  }

  protected override forget(cell: Cell): void {
    const cells = this.sessions.get(cell.hash) ?? [];
    const rest = cells.filter((one) => one !== cell);
    if (rest.length === 0) this.sessions.delete(cell.hash);
    else this.sessions.set(cell.hash, rest);
  }

  protected override close(cell: Cell): void {
    this.remember(cell.hash, cell.window);
    this.free(cell);
  }

  private open(key: unknown, hash: Hash, window: TimeWindow): Cell {
    const cell = this.create(key, hash, window);
    cell.state = this.newState();
    this.insert(cell);
    return cell;
  }

  private insert(cell: Cell): void {
    const cells = this.sessions.get(cell.hash);
    if (cells === undefined) {
      this.sessions.set(cell.hash, [cell]);
      return;
    }
    const after = cells.findIndex((one) => one.window.start > cell.window.start);
    if (after < 0) cells.push(cell);
    else cells.splice(after, 0, cell);
  }

  /** All that the span overlaps becomes one session: the oldest cell, with the aggregates of the others. */
  private merge(into: Cell): void {
    const { joined, span, trigger, code } = this;
    const state = stateOf(into);
    const states = joined.length === 1 ? [state] : joined.map(stateOf);
    // Panes count on where the session has grown to the size of one that was there, and begin anew elsewhere.
    const same = joined.find(({ window }) => window.start === span.start && window.end === span.end);
    const kept = same && stateOf(same);
    into.window = { start: span.start, end: span.end };
    const merged = kept?.trigger.slice() ?? trigger.start();
    trigger.onMerge(
      merged,
      states.map((one) => one.trigger),
      this.timesOf(into),
    );
    state.trigger = merged;
    state.isEmpty = states.every((one) => one.isEmpty);
    state.panes = kept?.panes ?? 0;
    state.panesOnTime = kept?.panesOnTime ?? 0;
    state.lastTiming = kept?.lastTiming ?? null;
    if (states.length > 1) state.emitted = states.flatMap((one) => one.emitted);
    if (this.tracksHolds) {
      state.holdMs =
        this.rules.timestamp === "end"
          ? this.elementHoldMs(into, 0)
          : states.map((one) => one.holdMs).reduce((all, one) => this.combine(all, one), null);
      state.extraHoldMs = this.freeHoldMs(into);
    }
    for (const other of joined) {
      if (other === into) continue;
      code.merge(into, other);
      into.timeMs = Math.max(into.timeMs, other.timeMs);
      this.free(other);
    }
    this.noteHold(into);
    const cells = this.sessions.get(into.hash);
    if (cells !== undefined && cells.length > 1) cells.sort((a, b) => a.window.start - b.window.start);
  }

  private isClosed(hash: Hash, span: TimeWindow): boolean {
    const windows = this.closed.get(hash);
    return windows?.some(({ start, end }) => start <= span.start && span.end <= end) ?? false;
  }

  private remember(hash: Hash, window: TimeWindow): void {
    this.forgetClosed();
    const windows = this.closed.get(hash);
    if (windows === undefined) this.closed.set(hash, [window]);
    else windows.push(window);
  }

  /** Those that are past their lateness. */
  private forgetClosed(): void {
    for (const [hash, windows] of this.closed) {
      const rest = windows.filter(({ end }) => end + this.rules.latenessMs > this.watermarkMs);
      if (rest.length === 0) this.closed.delete(hash);
      else if (rest.length < windows.length) this.closed.set(hash, rest);
    }
  }
}

const oldest = (cells: readonly Cell[]): Cell => cells.reduce((a, b) => (a.order < b.order ? a : b));
