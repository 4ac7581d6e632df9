/**
 * Sessions that give exactly one pane, when they end: no lateness, the default trigger, no greatest length. A session's span is changed in place, and
 * its timer is looked at again when it was set for an earlier end, so an event of an open session makes nothing. Where sessions are too many for memory,
 * those of the keys not touched for long leave it.
 */
import type { Cell, CellCode, Hash } from "./cell.ts";
import type { WindowRules, WindowServices } from "./operator.ts";
import { OperatorBase } from "./operator-base.ts";
import { onlyPane } from "./pane.ts";
import { joinSpan } from "./session-span.ts";
import { TimerHeap } from "./timer-heap.ts";

interface Span {
  start: number;
  end: number;
}
type Session = Cell & { window: Span };

export class PlainSessionOperator extends OperatorBase {
  private readonly gapMs: number;
  private readonly lateByOwn: boolean;
  /** Of each key its one session, or several in order of time. */
  private sessions = new Map<Hash, Session | Session[]>();
  /** The same of keys not touched since sessions last left memory. */
  private older = new Map<Hash, Session | Session[]>();
  /** Of the sessions in memory. */
  private timers = new TimerHeap<Session>((cell) => cell.order);
  private isFresh = false;
  private merged: readonly Cell[] = [];

  constructor(rules: WindowRules, code: CellCode, services: WindowServices) {
    super(rules, code, services);
    if (rules.assign.kind !== "session") throw new Error(`bug: ${rules.assign.kind} windows are no sessions`);
    this.gapMs = rules.assign.gapMs;
    this.lateByOwn = rules.lateBy === "own";
    this.maySpill();
  }

  assign(key: unknown, hash: Hash, timeMs: number, watermarkMs: number): number {
    const start = Math.floor(timeMs);
    let end = start + this.gapMs;
    const open = this.sessions.get(hash) ?? this.find(hash);
    let session: Session | undefined;
    if (Array.isArray(open)) {
      const { span, joined } = joinSpan({ start, end }, open, Number.POSITIVE_INFINITY);
      this.merged = joined;
      session = joined.reduce<Cell | undefined>((a, b) => (a !== undefined && a.order < b.order ? a : b), undefined);
      if (!this.lateByOwn) end = span.end;
    } else {
      this.merged = none;
      if (open !== undefined && start < open.window.end && end > open.window.start) {
        session = open;
        if (!this.lateByOwn && open.window.end > end) end = open.window.end;
      }
    }
    if (watermarkMs >= end) {
      this.dropped.lateness++;
      return 0;
    }
    this.isFresh = session === undefined;
    this.cells[0] = session ?? this.open(key, hash, start, start + this.gapMs, open);
    return 1;
  }

  added(_count: number, timeMs: number): void {
    const session = this.cells[0] as Session;
    this.log.changed(session);
    if (this.isFresh) return;
    const { window } = session;
    const start = Math.floor(timeMs);
    if (start < window.start) window.start = start;
    if (start + this.gapMs > window.end) window.end = start + this.gapMs;
    if (this.merged.length > 1) this.merge(session);
  }

  failed(): void {
    if (!this.isFresh) return;
    const session = this.cells[0] as Session;
    session.window.end = Number.NEGATIVE_INFINITY;
    this.forget(session);
    this.uncreate(session);
  }

  advanceWatermark(toMs: number): boolean {
    const { code, log, services } = this;
    if (toMs > this.watermarkMs) this.watermarkMs = toMs;
    for (let session = this.takeDue(toMs); session !== undefined; session = this.takeDue(toMs)) {
      log.freed(session);
      code.emit(session, onlyPane(session.window.end - 1));
      if (services.isPaused()) return true;
    }
    this.setNext();
    return false;
  }

  /** The next session that ends, of those in memory and those that are not. */
  private takeDue(toMs: number): Cell | undefined {
    const held = this.firstDue(toMs);
    const stored = this.spill === undefined ? undefined : this.spill.first(toMs);
    if (stored !== undefined && (held === undefined || endsBefore(stored, held))) {
      this.spill?.shift();
      return stored;
    }
    if (held === undefined) return undefined;
    this.timers.pop();
    this.forget(held);
    return held;
  }

  /** The session in memory that ends first and stands first in `timers`; undefined when none is due. */
  private firstDue(toMs: number): Session | undefined {
    const { timers } = this;
    while (timers.size > 0 && timers.nextMs <= toMs) {
      const session = timers.first;
      const { end } = session.window;
      if (end === Number.NEGATIVE_INFINITY) timers.pop();
      else if (end > timers.nextMs) timers.replaceFirst(end);
      else return session;
    }
    return undefined;
  }

  private setNext(): void {
    const { spill, timers } = this;
    this.nextWatermarkMs = spill === undefined ? timers.nextMs : Math.min(timers.nextMs, spill.leastPlace);
  }

  /** The results are at the ends, which the watermark has not reached. */
  holdMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  restoreCell(cell: Cell): void {
    const session: Session = Object.assign(cell, { window: { ...cell.window } });
    this.insert(session, this.sessions.get(cell.hash) ?? this.find(cell.hash));
  }

  private open(key: unknown, hash: Hash, start: number, end: number, others: Session | Session[] | undefined): Session {
    const session = this.create(key, hash, { start, end }) as Session;
    this.insert(session, others);
    return session;
  }

  private insert(session: Session, others: Session | Session[] | undefined): void {
    if (others === undefined) this.sessions.set(session.hash, session);
    else
      this.sessions.set(session.hash, (Array.isArray(others) ? [...others, session] : [others, session]).sort(byStart));
    this.timers.push(session.window.end, session);
    this.setNext();
  }

  /** The sessions of a key that is not among the young ones, which it then is. Also the moment for others to leave, since another is about to come. */
  private find(hash: Hash): Session | Session[] | undefined {
    if (this.memory.isTurn(this.sessions.size, this.log.open)) this.turn();
    const held = this.older.get(hash);
    if (held !== undefined) {
      this.older.delete(hash);
      this.sessions.set(hash, held);
      return held;
    }
    const { spill } = this;
    if (spill === undefined || spill.size === 0) return undefined;
    for (const cell of spill.take(hash, 0)) {
      const session: Session = Object.assign(cell, { window: { ...cell.window } });
      this.insert(session, this.sessions.get(hash));
      this.cameBack(session);
    }
    return this.sessions.get(hash);
  }

  /** The older sessions leave memory, the young ones become the older ones. */
  private turn(): void {
    const spill = this.openSpill(false);
    if (spill === undefined) return;
    const left = [...this.older.values()].flat().sort((a, b) => a.order - b.order);
    for (const session of left) this.putAway(session, session.window.end, spill);
    this.older = this.sessions;
    this.sessions = new Map();
    this.timers = new TimerHeap<Session>((cell) => cell.order);
    for (const session of [...this.older.values()].flat()) this.timers.push(session.window.end, session);
    this.setNext();
    this.log.forgetSpilled();
  }

  private merge(into: Session): void {
    for (const cell of this.merged) {
      if (cell === into) continue;
      const other = cell as Session;
      this.code.merge(into, other);
      into.window.start = Math.min(into.window.start, other.window.start);
      into.window.end = Math.max(into.window.end, other.window.end);
      this.forget(other);
      this.log.freed(other);
      // Its timer finds it dead.
      other.window.end = Number.NEGATIVE_INFINITY;
    }
    const rest = this.sessions.get(into.hash);
    if (Array.isArray(rest)) rest.sort(byStart);
  }

  private forget(session: Session): void {
    const sessions = this.sessions.has(session.hash) ? this.sessions : this.older;
    const held = sessions.get(session.hash);
    if (!Array.isArray(held)) {
      sessions.delete(session.hash);
      return;
    }
    const rest = held.filter((one) => one !== session);
    sessions.set(session.hash, rest.length === 1 ? rest[0]! : rest);
  }
}

const none: readonly Cell[] = [];
const endsBefore = (a: Cell, b: Cell): boolean =>
  a.window.end < b.window.end || (a.window.end === b.window.end && a.order < b.order);
const byStart = (a: Cell, b: Cell): number => a.window.start - b.window.start;
