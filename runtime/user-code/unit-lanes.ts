/**
 * Units that are under way side by side, each answered by itself (http, file): which are given to the program and when, how long the oldest may take, and what becomes
 * of them when the program ends. Knows no transport.
 */
import { durationText } from "./plan-options.ts";
import type { Outcome, Unit, UserCode, UserCodeServices } from "./user-code.ts";

export interface LaneTransport {
  /** Gives it to the program. Must not settle from inside. */
  begin(unit: Unit): void;
  /** It is settled in another way: what still comes for it is of no use. */
  forget(unit: Unit): void;
  /** This unit, the oldest, had no answer within the time; it is settled already. */
  hung(unit: Unit, reason: string): void;
}

export interface LanePlan {
  /** How many may be under way at once. */
  readonly lanes: number;
  readonly timeoutMs: number;
}

export class UnitLanes {
  private readonly plan: LanePlan;
  private readonly transport: LaneTransport;
  private readonly services: UserCodeServices;
  private readonly waiting: Unit[] = [];
  /** The oldest first. */
  private readonly underWay = new Set<Unit>();
  private oldestSinceMs = 0;
  private isUp = false;
  private isClosed = false;
  /** So many are sent one by one, since the program ended with several under way and nobody knows which it was. */
  private alone = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(plan: LanePlan, transport: LaneTransport, services: UserCodeServices) {
    this.plan = plan;
    this.transport = transport;
    this.services = services;
  }

  send(unit: Unit): void {
    this.waiting.push(unit);
    this.fill();
  }

  has(unit: Unit): boolean {
    return this.underWay.has(unit);
  }

  /** Does nothing where it is settled already. */
  settle(unit: Unit, outcome: Outcome): void {
    const wasOldest = this.oldest() === unit;
    if (!this.underWay.delete(unit)) return;
    if (wasOldest) this.oldestSinceMs = this.services.clock.nowMs();
    if (this.alone > 0) this.alone--;
    this.services.answered(unit, outcome);
    this.fill();
  }

  /** Units may be given to the program from now on. */
  up(): void {
    this.isUp = true;
    this.fill();
  }

  /** Nothing more is given to the program; what is under way may still be settled. */
  pause(): void {
    this.isUp = false;
  }

  /**
   * The program ended by itself, which one unit, or any of several, may have caused. `reason` goes on from "the program …". `isItsStart`: it may not have come up at all.
   */
  down(reason: string, isItsStart = false): void {
    if (isItsStart) {
      this.interrupt();
      return;
    }
    const [only] = this.underWay;
    if (this.underWay.size === 1 && only !== undefined) {
      this.isUp = false;
      this.transport.forget(only);
      this.settle(only, { kind: "failed", reason: `the program ${reason}` });
      return;
    }
    this.alone = Math.max(this.alone, this.underWay.size);
    this.interrupt();
  }

  /** The program is being ended for something that what is under way now has not caused. */
  interrupt(): void {
    this.isUp = false;
    const units = [...this.underWay];
    this.underWay.clear();
    for (const unit of units) this.transport.forget(unit);
    for (const unit of units) this.services.answered(unit, { kind: "interrupted" });
  }

  /** What the engine is given of them. `leave` lets go of what answers come by, before the program is ended. */
  userCode(leave: () => void, stop: () => Promise<void>, abort: () => Promise<void>): UserCode {
    const end = (how: () => Promise<void>) => () => {
      leave();
      this.close();
      return how();
    };
    const { lanes } = this.plan;
    return {
      width: lanes,
      isOrdered: lanes === 1,
      send: (unit) => this.send(unit),
      close: end(stop),
      abort: end(abort),
    };
  }

  /** Nothing is answered any more. */
  close(): void {
    this.isClosed = true;
    this.waiting.length = 0;
    for (const unit of this.underWay) this.transport.forget(unit);
    this.underWay.clear();
    this.cancelTimer?.();
  }

  private oldest(): Unit | undefined {
    return this.underWay.values().next().value;
  }

  private fill(): void {
    while (this.isUp && !this.isClosed && this.underWay.size < (this.alone > 0 ? 1 : this.plan.lanes)) {
      const unit = this.waiting.shift();
      if (unit === undefined) return;
      if (this.underWay.size === 0) this.oldestSinceMs = this.services.clock.nowMs();
      this.underWay.add(unit);
      this.transport.begin(unit);
      this.watch(this.plan.timeoutMs);
    }
  }

  /** One timer for all: it looks again when the oldest may be late. */
  private watch(delayMs: number): void {
    if (this.cancelTimer !== undefined || this.isClosed) return;
    this.cancelTimer = this.services.clock.after(delayMs, () => {
      this.cancelTimer = undefined;
      const unit = this.oldest();
      if (unit === undefined) return;
      const leftMs = this.oldestSinceMs + this.plan.timeoutMs - this.services.clock.nowMs();
      if (leftMs > 0) this.watch(leftMs);
      // We may have been the slow ones: what has come already is read first.
      else setImmediate(() => (this.oldest() === unit ? this.late(unit) : this.watch(this.plan.timeoutMs)));
    });
  }

  private late(unit: Unit): void {
    const said = `gave no answer within ${durationText(this.plan.timeoutMs)}`;
    this.transport.forget(unit);
    // Nothing is begun before the program is ended.
    const wasUp = this.isUp;
    this.isUp = false;
    this.settle(unit, { kind: "failed", reason: `the program ${said}` });
    this.isUp = wasUp;
    this.transport.hung(unit, said);
    this.fill();
    if (this.underWay.size > 0) this.watch(this.plan.timeoutMs);
  }
}
