/** The units under way to a server over HTTP: what becomes of each, and of the program when a connection tells of it. Starts nothing itself: that is http.ts. */
import type { Log } from "../engine/connector.ts";
import { messageOf } from "../engine/runtime-error.ts";
import { mostAnswerBytes } from "./answer-limits.ts";
import type { HttpAddress } from "./http-address.ts";
import { outcomeOf } from "./http-answers.ts";
import { type Exchange, type HttpClient, httpClient } from "./http-client.ts";
import { type EventMode, requestOf } from "./http-requests.ts";
import { numberOf, timeoutMsOf } from "./plan-options.ts";
import type { Supervisor } from "./supervisor.ts";
import { type LaneTransport, UnitLanes } from "./unit-lanes.ts";
import type { Outcome, Unit, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";

/** A broken connection may be the program's end, which is told a moment later and says more. */
const endingMs = 250;
/** For what a program that has ended had answered; only where something outside its group holds its connections open does it take that long. */
const drainMs = 1_000;

type Broken = Extract<Exchange, { readonly kind: "broken" }>;

/** A unit may be sent again while something of an earlier attempt is still to come. */
interface Attempt {
  takeBack: () => void;
  /** Its connection broke; why is known in a moment. */
  isBroken: boolean;
  /** The program cannot have got it. */
  isUnseen: boolean;
}

/** What is under way, over the connections to the server as it runs now. */
export class HttpUnits implements LaneTransport {
  /** Of the program, where it is ours. */
  supervisor: Supervisor | undefined;
  private readonly services: UserCodeServices;
  private readonly node: string;
  private readonly log: Log;
  private readonly mode: EventMode;
  private readonly width: number;
  private readonly lanes: UnitLanes;
  private readonly attempts = new Map<Unit, Attempt>();
  private client: HttpClient | undefined;
  private isDraining = false;
  private hasToldOfIt = false;
  private onRead: () => void = () => {};

  constructor(plan: UserCodePlan, services: UserCodeServices) {
    this.services = services;
    this.node = plan.node;
    this.log = services.log;
    this.mode = plan.options.mode === "structured" ? "structured" : "binary";
    this.width = Math.max(1, numberOf(plan, "concurrency", 8));
    this.lanes = new UnitLanes({ lanes: this.width, timeoutMs: timeoutMsOf(plan) }, this, services);
  }

  userCode(stop: () => Promise<void>, abort: () => Promise<void>): UserCode {
    return this.lanes.userCode(() => this.client?.close(), stop, abort);
  }

  up(address: HttpAddress, host: string | undefined): void {
    this.client = httpClient({
      address,
      host,
      connections: this.width,
      answerBytes: mostAnswerBytes,
      onUnasked: () => this.spokeUnasked(),
    });
    this.lanes.up();
  }

  /** The program is gone, and so are its ends of the connections: what it answered last is read, the rest breaks. */
  async drained(): Promise<void> {
    this.lanes.pause();
    this.isDraining = true;
    await new Promise<void>((resolve) => {
      const cancel = this.services.clock.after(drainMs, resolve);
      this.onRead = () => {
        cancel();
        resolve();
      };
      this.tellIfRead();
    });
  }

  private tellIfRead(): void {
    if (this.isDraining && [...this.attempts.values()].every(({ isBroken }) => isBroken)) this.onRead();
  }

  down(reason: string): void {
    this.isDraining = false;
    this.client?.close();
    for (const [unit, attempt] of this.attempts)
      if (attempt.isUnseen) this.settle(unit, attempt, { kind: "interrupted" });
    this.lanes.down(reason);
  }

  begin(unit: Unit): void {
    const attempt: Attempt = { takeBack: () => {}, isBroken: false, isUnseen: false };
    this.attempts.set(unit, attempt);
    try {
      const request = requestOf(unit, this.mode);
      attempt.takeBack = this.client!.exchange(request, (exchange) => this.took(unit, attempt, exchange));
      this.supervisor?.sent(unit.id);
    } catch (error) {
      // Attributes are any text; what HTTP allows in `content-type` is less.
      const reason = `cannot be sent as an HTTP request: ${messageOf(error)}`;
      setImmediate(() => this.settle(unit, attempt, { kind: "rejected", reason }));
    }
  }

  forget(unit: Unit): void {
    this.attempts.get(unit)?.takeBack();
    this.attempts.delete(unit);
  }

  hung(_: Unit, reason: string): void {
    this.end(reason);
  }

  /** Does nothing where it has been settled otherwise, even if it was sent again since. */
  private settle(unit: Unit, attempt: Attempt, outcome: Outcome): boolean {
    if (this.attempts.get(unit) !== attempt) return false;
    this.attempts.delete(unit);
    this.lanes.settle(unit, outcome);
    this.tellIfRead();
    return true;
  }

  private took(unit: Unit, attempt: Attempt, exchange: Exchange): void {
    switch (exchange.kind) {
      case "answered":
        this.supervisor?.done();
        this.settle(unit, attempt, outcomeOf(exchange, this.services.clock.nowMs()));
        return;
      case "too-much": {
        const reason = "answered too much";
        this.settle(unit, attempt, { kind: "failed", reason: `the program ${reason}` });
        this.end(reason);
        return;
      }
      case "broken":
        this.broke(unit, attempt, exchange);
    }
  }

  private broke(unit: Unit, attempt: Attempt, { reason, isRefused, isUnseen }: Broken): void {
    const outcome: Outcome = { kind: "failed", reason: `could not be asked: ${reason}` };
    if (this.supervisor === undefined) {
      this.settle(unit, attempt, outcome);
      return;
    }
    attempt.isBroken = true;
    attempt.isUnseen = isUnseen;
    this.tellIfRead();
    attempt.takeBack = this.services.clock.after(endingMs, () => {
      if (this.isDraining) return;
      if (this.settle(unit, attempt, outcome) && isRefused) this.end("no longer listens");
    });
  }

  private spokeUnasked(): void {
    // A server that is not ours goes on so: telling of it once is enough.
    if (!this.hasToldOfIt) this.log.warn({ node: this.node }, "the program answered twice, or without being asked");
    this.hasToldOfIt = this.supervisor === undefined;
    this.end("answered twice");
  }

  /** Ends the program, where it is ours, and has it started again; the units under way have no part in it. */
  private end(reason: string): void {
    if (this.supervisor === undefined) return;
    this.client?.close();
    this.lanes.interrupt();
    this.supervisor.restart(reason);
  }
}
