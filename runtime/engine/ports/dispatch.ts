/**
 * Sends units to one program, as many as it wants at once and in their order, and sends again what failed: after a while, and only so often. Knows nothing of what is done with the
 * answers.
 */
import type { RetryPlan } from "../../../compiler/contract/runtime-config.ts";
import type { AnsweredEvent, Outcome, Unit, UserCode } from "../../user-code/user-code.ts";
import type { Clock } from "../clock.ts";
import { backoffMs } from "../retry.ts";
import { RuntimeError } from "../runtime-error.ts";
import { type Entry, HeldUnit } from "./entry.ts";

export interface DispatchServices {
  readonly random: () => number;
  /** Real time: a program does not live by the pipeline's. */
  readonly clock: Clock;
  /** A unit was settled. */
  settled(): void;
  /** Ends the run. */
  failed(error: unknown): void;
}

/** Of answers that wait for room behind. */
const mostAnswerWeight = 1 << 22;

export class Dispatch {
  retries = 0;
  private readonly node: string;
  private readonly services: DispatchServices;
  private readonly retry: RetryPlan;
  private code: UserCode | undefined;
  private readonly unsent: Entry[] = [];
  private underWay = 0;
  /** To be sent again, in order. */
  private readonly again: Entry[] = [];
  private answerWeight = 0;
  private readonly timers = new Set<() => void>();

  constructor(node: string, retry: RetryPlan, services: DispatchServices) {
    this.node = node;
    this.retry = retry;
    this.services = services;
  }

  /** The program is ready. */
  start(code: UserCode): void {
    this.code = code;
    this.send();
  }

  get program(): UserCode | undefined {
    return this.code;
  }

  add(entry: Entry): void {
    this.unsent.push(entry);
    this.send();
  }

  /** What came back was given out: there is room for more. */
  released(entry: Entry): void {
    this.answerWeight -= entry.answerWeight;
    this.send();
  }

  /** What came back was no answer. */
  refused(entry: Entry, reason: string): void {
    entry.settled = undefined;
    this.answerWeight -= entry.answerWeight;
    entry.answerWeight = 0;
    this.tryAgain(entry, reason, 0);
  }

  /** As much as the program wants at once: to be called also when its `width` has grown. */
  send(): void {
    const { code } = this;
    if (code === undefined) return;
    // What has been answered and waits for room behind is bounded as well.
    while (this.underWay < code.width && this.answerWeight < mostAnswerWeight) {
      const entry = this.nextToSend(code.isOrdered);
      if (entry === undefined) return;
      this.underWay++;
      code.send(entry.unit);
    }
  }

  /** What is sent again goes before what was never sent, where the program cares for order. */
  private nextToSend(isOrdered: boolean): Entry | undefined {
    const ready = this.again.findIndex(({ isWaiting }) => !isWaiting);
    if (ready >= 0 && (ready === 0 || !isOrdered)) return this.again.splice(ready, 1)[0];
    if (this.again.length > 0 && isOrdered) return undefined;
    return this.unsent.shift();
  }

  answered(unit: Unit, outcome: Outcome): void {
    const entry = unit instanceof HeldUnit ? unit.entry : undefined;
    if (entry === undefined || entry.settled !== undefined) return;
    this.underWay--;
    switch (outcome.kind) {
      case "done":
        entry.settled = outcome;
        entry.answerWeight = weightOf(outcome.results);
        this.answerWeight += entry.answerWeight;
        break;
      case "rejected":
        entry.settled = { kind: "bad", reason: outcome.reason };
        break;
      case "interrupted":
        this.sendAgain(entry);
        break;
      case "failed":
        this.tryAgain(entry, outcome.reason, outcome.retryAfterMs ?? 0);
        break;
    }
    this.send();
    this.services.settled();
  }

  private sendAgain(entry: Entry): void {
    this.again.push(entry);
    this.again.sort((left, right) => left.number - right.number);
  }

  private tryAgain(entry: Entry, reason: string, atLeastMs: number): void {
    const { retry, services } = this;
    entry.tries++;
    if (entry.tries > retry.count) {
      this.giveUp(entry, reason);
      return;
    }
    this.retries++;
    entry.isWaiting = true;
    this.sendAgain(entry);
    const waitMs = Math.max(atLeastMs, backoffMs(retry, entry.tries, services.random));
    const cancel = services.clock.after(waitMs, () => {
      this.timers.delete(cancel);
      entry.isWaiting = false;
      this.send();
    });
    this.timers.add(cancel);
  }

  private giveUp(entry: Entry, reason: string): void {
    const tries = entry.tries === 1 ? "1 try" : `${entry.tries} tries`;
    const text = `not taken in ${tries}: ${reason}`;
    if (this.retry.else === "fail")
      this.services.failed(new RuntimeError("user-code-failed", `'${this.node}': ${this.nameOf(entry)} was ${text}.`));
    else entry.settled = { kind: this.retry.else === "drop" ? "dropped" : "bad", reason: text };
  }

  private nameOf({ unit }: Entry): string {
    return unit.chunk === undefined ? `the event ${unit.id}` : `the chunk ${unit.id}`;
  }

  stopTimers(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }
}

function weightOf(results: readonly AnsweredEvent[]): number {
  let weight = 0;
  for (const result of results) weight += typeof result === "string" ? result.length : (result.data?.length ?? 0);
  return weight;
}
