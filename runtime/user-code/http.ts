/**
 * User code behind HTTP: the program listens, each unit is a request, several at once. Where there is no command the server runs elsewhere: it is only connected to, and
 * nothing is ended or started.
 */
import type { Log } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { addressEnv, freePortAddress, type HttpAddress, type HttpPlace, httpPlace, socketIn } from "./http-address.ts";
import { outcomeOf } from "./http-answers.ts";
import { type Exchange, type HttpClient, httpClient } from "./http-client.ts";
import { untilReady } from "./http-ready.ts";
import { type EventMode, requestOf } from "./http-requests.ts";
import { commandOf, numberOf, readyLimitMsOf, timeoutMsOf } from "./plan-options.ts";
import { privateFolder } from "./private-folder.ts";
import { Supervisor } from "./supervisor.ts";
import { type LaneTransport, UnitLanes } from "./unit-lanes.ts";
import type { OpenUserCode, Outcome, Unit, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";
import type { Watchdog } from "./watchdog.ts";

const answerBytes = 64 * 1024 * 1024;
/** A broken connection may be the program's end, which is told a moment later and says more. */
const endingMs = 250;
/** For what a program that has ended had answered; only where something outside its group holds its connections open does it take that long. */
const drainMs = 1_000;

export const openHttp: OpenUserCode = (plan, services) => {
  const { url } = plan.options;
  const place = httpPlace(typeof url === "string" ? url : undefined, plan.node);
  const units = new HttpUnits(plan, services);
  return commandOf(plan).length > 0
    ? openProgram(plan, services, place, units)
    : openServer(plan, services, place, units);
};

async function openProgram(
  plan: UserCodePlan,
  services: UserCodeServices,
  place: HttpPlace,
  units: HttpUnits,
): Promise<UserCode> {
  let taken: Taken | undefined;
  let host: string | undefined;
  const supervisor = new Supervisor(plan, services, {
    channel: "none",
    begin: async (watchdog) => {
      taken = await take(place, watchdog);
      return addressEnv(taken.address);
    },
    ready: async (_, signal) => {
      host = (await untilReady(taken!.address, readyPath(plan), services.clock, signal))?.host;
    },
    up: () => units.up(taken!.address, host),
    drained: () => units.drained(),
    down: (reason) => units.down(reason),
    end: () => taken?.release(),
  });
  units.supervisor = supervisor;
  await supervisor.start();
  return units.userCode(
    () => supervisor.stop(),
    () => supervisor.abort(),
  );
}

/** @throws RuntimeError "user-code-unavailable" */
async function openServer(
  plan: UserCodePlan,
  services: UserCodeServices,
  place: HttpPlace,
  units: HttpUnits,
): Promise<UserCode> {
  if (place.kind !== "fixed")
    throw new RuntimeError("bad-config", `'${plan.node}' has neither a 'command' to start nor a 'url' to connect to.`);
  const { address } = place;
  const limitMs = readyLimitMsOf(plan);
  const late = new AbortController();
  const cancel = services.clock.after(limitMs, () => late.abort());
  const ready = await untilReady(address, readyPath(plan), services.clock, late.signal);
  cancel();
  if (ready === undefined) {
    const message = `'${plan.node}' found nothing ready at ${address.shown} within ${limitMs / 1000}s.`;
    throw new RuntimeError("user-code-unavailable", message);
  }
  units.up(address, ready.host);
  return units.userCode(
    async () => {},
    async () => {},
  );
}

function readyPath(plan: UserCodePlan): string | undefined {
  const { ready } = plan.options;
  return typeof ready === "string" && ready !== "" ? ready : undefined;
}

interface Taken {
  readonly address: HttpAddress;
  release(): Promise<void> | void;
}

async function take(place: HttpPlace, watchdog: Watchdog): Promise<Taken> {
  switch (place.kind) {
    case "fixed":
      return { address: place.address, release: () => {} };
    case "free-port":
      return { address: await freePortAddress(), release: () => {} };
    case "private-socket": {
      const folder = await privateFolder(watchdog);
      return { address: socketIn(folder.path), release: () => folder.remove() };
    }
  }
}

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
class HttpUnits implements LaneTransport {
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
    const leave = () => {
      this.lanes.close();
      this.client?.close();
    };
    return {
      width: this.width,
      isOrdered: this.width === 1,
      send: (unit) => this.lanes.send(unit),
      close: () => {
        leave();
        return stop();
      },
      abort: () => {
        leave();
        return abort();
      },
    };
  }

  up(address: HttpAddress, host: string | undefined): void {
    this.client = httpClient({
      address,
      host,
      connections: this.width,
      answerBytes,
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
    if ([...this.attempts.values()].every(({ isBroken }) => isBroken)) this.onRead();
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
    this.log.warn({ node: this.node }, "the program answered twice, or without being asked");
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
