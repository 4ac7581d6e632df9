/**
 * Keeps a user's program running: starts it, waits until it is ready, starts it again when it ends, with backoff, and gives up after five starts in a row that came to
 * nothing. Shared by all transports; knows nothing of units but whether one was sent and one was done.
 *
 *     const supervisor = new Supervisor(plan, services, {
 *       channel: "none",
 *       begin: () => ({ PORT: "…" }),                       // before each start: what only this start has, as environment variables
 *       ready: (program, signal) => connects(port, signal),  // resolves when units can be sent; `signal` aborts when it ended or the time is up
 *       up: (program) => …,                                  // ready: units may be sent from now on
 *       down: (reason) => …,                                 // gone after `up`: settle what was under way; `up` comes again
 *     });
 *     await supervisor.start();       // ready the first time, or RuntimeError "user-code-unavailable"
 *     supervisor.sent(unit.id);       // when a unit was given to the program
 *     supervisor.done();              // when the program has settled a unit (Ack, Retry, Reject): the backoff begins anew
 *     supervisor.restart("no answer within 30s");   // kills it; `down` is called with this reason
 *     await supervisor.stop();        // SIGTERM, grace, SIGKILL; `down` is not called
 *     await supervisor.abort();
 *
 * A program that cannot be kept running later on goes to `services.failed`, once.
 */
import { sleep } from "../engine/clock.ts";
import type { Awaitable } from "../engine/connector.ts";
import { backoffMs } from "../engine/retry.ts";
import { bug, messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { programEnvironment } from "./environment.ts";
import { commandOf, directoryOf, graceMsOf, readyLimitMsOf } from "./plan-options.ts";
import { type Ending, type Program, startProgram } from "./program.ts";
import type { UserCodePlan, UserCodeServices } from "./user-code.ts";
import { holdWatchdog, type Watchdog } from "./watchdog.ts";

export interface Supervised {
  readonly channel: "stdio" | "none";
  /** Instead of the plan's `command` and `args`. */
  readonly command?: readonly string[];
  /** Nothing shows that the program has come up: it counts as ready once it is there. */
  readonly isReadyAtOnce?: true;
  /** Called before each start. What it gives goes to the program's environment. May throw a RuntimeError, which counts as a start that failed. */
  begin?(watchdog: Watchdog): Awaitable<Readonly<Record<string, string>>>;
  /** Resolves when units can be sent; a rejection says why it will never be. Absent: at once. */
  ready?(program: Program, signal: AbortSignal): Promise<void>;
  up(program: Program): void;
  /** It has ended: resolves when all it wrote has been read, before `down`. Standard output is read already. */
  drained?(program: Program): Promise<void>;
  /** Called once after each `up` when the program is gone (or is being killed by `restart`), unless by `stop` or `abort`. `reason` goes on from "the program …". */
  down(reason: string): void;
  /** After each start, however it ended, also by `stop` and `abort`: frees what `begin` took. */
  end?(): Awaitable<void>;
  /** By `stop`, before SIGTERM: says that nothing more comes. Resolves when SIGTERM may be sent. */
  farewell?(program: Program): Awaitable<void>;
}

/** Backoff between starts. Back to its beginning when the program has run for `steadyMs` or done a unit. */
const restarts = { count: 5, backoffMs: [100, 10_000], else: "fail" } as const;
const steadyMs = 60_000;
/** A program that ended so soon, of which nothing shows that it had come up, may not have come up at all. */
const startMs = 1_000;
/** A program that has settled none of so many units does not work. */
const mostUnsettled = 10;

export class Supervisor {
  private readonly plan: UserCodePlan;
  private readonly services: UserCodeServices;
  private readonly supervised: Supervised;
  private readonly watchdog: Watchdog;
  private program: Program | undefined;
  private isUp = false;
  private hasBeenReady = false;
  private isEnding = false;
  /** Why it was killed, if by `restart`. */
  private restartReason: string | undefined;
  /** Starts since the backoff was at its beginning. */
  private attempt = 0;
  /** Starts in a row that came to nothing. */
  private nothing = 0;
  /** What the last program said, but for its last line, which is part of the reason. */
  private lastLines = "";
  private hasSent = false;
  /** Since the run began: the program has settled a unit; until then, how many units were sent, and the last one. */
  private hasEverDone = false;
  private unsettled = 0;
  private lastSent: string | undefined;
  /** It has been seen to come up. */
  private isProven: boolean;
  private upSinceMs = 0;
  private endedAtStart = false;
  private readonly leaving = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(plan: UserCodePlan, services: UserCodeServices, supervised: Supervised) {
    this.plan = plan;
    this.services = services;
    this.supervised = supervised;
    this.isProven = supervised.isReadyAtOnce !== true;
    this.watchdog = holdWatchdog(services.log);
  }

  /** Resolves when it is ready for the first time. Called once. @throws RuntimeError "user-code-unavailable" */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.running = this.keepRunning(resolve).catch(async (error: unknown) => {
        this.watchdog.release();
        reject(error);
        // After `start` has resolved the rejection says nothing to anyone.
        if (this.hasBeenReady && !this.isEnding) this.services.failed(error);
      });
    });
  }

  /** A unit was given to the program. */
  sent(id: string): void {
    this.hasSent = true;
    if (this.hasEverDone || this.lastSent === id) return;
    this.lastSent = id;
    this.unsettled++;
  }

  /** It ended, or is ending, so soon that its start may be why, and not what it was given. */
  get mayBeItsStart(): boolean {
    return !this.isProven && this.services.clock.nowMs() - this.upSinceMs < startMs;
  }

  /** The program has settled a unit, well or not. */
  done(): void {
    this.hasEverDone = true;
    this.isProven = true;
    this.attempt = 0;
    this.nothing = 0;
  }

  /** Kills the program, which is started again. `down` is called before this returns, if it was up. */
  restart(reason: string): void {
    if (this.program === undefined || this.isEnding) return;
    this.restartReason ??= reason;
    // It had come up: it is ended for what it does, or does not do.
    this.isProven = true;
    this.goDown(reason);
    void this.program.kill();
  }

  /** Asks it to end, waits `grace`, then ends it. */
  async stop(): Promise<void> {
    this.leave();
    const program = this.program;
    if (program !== undefined) {
      await this.supervised.farewell?.(program);
      await program.stop(graceMsOf(this.plan));
    }
    await this.running;
    this.watchdog.release();
  }

  async abort(): Promise<void> {
    this.leave();
    await this.program?.kill();
    await this.running;
    this.watchdog.release();
  }

  private leave(): void {
    this.isEnding = true;
    this.isUp = false;
    this.leaving.abort();
  }

  private goDown(reason: string): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.endedAtStart = this.mayBeItsStart;
    if (!this.endedAtStart) this.isProven = true;
    this.supervised.down(reason);
  }

  /** Settles when we leave; rejects when it cannot be kept running. */
  private async keepRunning(isReady: () => void): Promise<void> {
    while (!this.isEnding) {
      const { reason, ranMs } = await this.runOnce(isReady);
      if (this.isEnding) return;
      if (ranMs >= steadyMs) this.attempt = 0;
      this.attempt++;
      if (this.cameToNothing()) this.nothing++;
      if (this.nothing >= restarts.count) throw this.givenUp(reason);
      const waitMs = backoffMs(restarts, this.attempt, this.services.random);
      this.services.log.warn(
        { node: this.plan.node, reason, waitMs: Math.round(waitMs) },
        "program is gone: starts again",
      );
      await sleep(this.services.clock, waitMs, this.leaving.signal);
    }
  }

  /** It was never ready, or ended at its start or before any unit was sent; or all that it was ever given made it end. */
  private cameToNothing(): boolean {
    return !this.hasSent || this.endedAtStart || (!this.hasEverDone && this.unsettled > mostUnsettled);
  }

  /** From start to end of one process; never rejects but for a first start that fails at once. */
  private async runOnce(isReady: () => void): Promise<{ readonly reason: string; readonly ranMs: number }> {
    const startMs = this.services.clock.nowMs();
    this.hasSent = false;
    this.endedAtStart = false;
    this.restartReason = undefined;
    try {
      const program = await this.launch();
      if (this.isEnding) void program.kill();
      const reason = (await this.becomeReady(program, isReady)) ?? (await endReason(program));
      if (this.isUp) await this.supervised.drained?.(program);
      this.goDown(this.restartReason ?? reason);
      this.program = undefined;
      this.lastLines = otherLines(program);
      return { reason: this.restartReason ?? reason, ranMs: this.services.clock.nowMs() - startMs };
    } catch (error) {
      // What cannot be started at all the first time will not be the next time.
      if (!this.hasBeenReady || !(error instanceof RuntimeError)) throw error;
      return { reason: messageOf(error), ranMs: 0 };
    } finally {
      await this.supervised.end?.();
    }
  }

  private async beginning(): Promise<Readonly<Record<string, string>> | undefined> {
    try {
      return await this.supervised.begin?.(this.watchdog);
    } catch (cause) {
      // Of the system: no room for a folder, no right to listen. All else says itself what it is.
      if (!(cause instanceof Error && "syscall" in cause)) throw cause;
      throw new RuntimeError(
        "user-code-unavailable",
        `The way to the program of '${this.plan.node}' could not be made: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  private async launch(): Promise<Program> {
    const ours = await this.beginning();
    const program = await startProgram(
      {
        node: this.plan.node,
        command: this.supervised.command ?? commandOf(this.plan),
        directory: directoryOf(this.plan),
        environment: programEnvironment(this.plan, ours),
        channel: this.supervised.channel,
      },
      this.services,
      this.watchdog,
    );
    this.program = program;
    this.services.log.info({ node: this.plan.node, pid: program.pid }, "program started");
    return program;
  }

  /** Calls `up` when it is ready; where it will not be, kills it and says why. */
  private async becomeReady(program: Program, isReady: () => void): Promise<string | undefined> {
    const given = new AbortController();
    const limitMs = readyLimitMsOf(this.plan);
    let isLate = false;
    const cancel = this.services.clock.after(limitMs, () => {
      isLate = true;
      given.abort();
    });
    let isGone = false;
    const gone = program.ended.then(() => {
      isGone = true;
      given.abort();
    });
    const late = new Promise<void>((resolve) => given.signal.addEventListener("abort", () => resolve()));
    try {
      await Promise.race([this.supervised.ready?.(program, given.signal), gone, late]);
    } catch (error) {
      if (!isGone && !isLate) {
        await program.kill();
        return `was never ready: ${messageOf(error)}`;
      }
    } finally {
      cancel();
    }
    if (isLate) {
      await program.kill();
      return `was not ready within ${limitMs / 1000}s${lastLine(program)}`;
    }
    if (!this.isProven && this.nothing > 0) {
      // It is given nothing for a while: if it ends all the same, what it was given was not why.
      await Promise.race([gone, sleep(this.services.clock, startMs, this.leaving.signal)]);
      if (!isGone) this.isProven = true;
    }
    if (isGone || this.isEnding) return undefined;
    this.upSinceMs = this.services.clock.nowMs();
    this.isUp = true;
    this.hasBeenReady = true;
    isReady();
    this.supervised.up(program);
    return undefined;
  }

  private shownCommand(): string {
    const text = (this.supervised.command ?? commandOf(this.plan)).join(" ");
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
  }

  private givenUp(reason: string): RuntimeError {
    return new RuntimeError(
      "user-code-unavailable",
      `'${this.plan.node}' cannot keep '${this.shownCommand()}' running: ${restarts.count} starts in a row came to nothing, at last it ${reason}${this.lastLines}`,
    );
  }
}

/** As the end of a sentence about the program. */
async function endReason(program: Program): Promise<string> {
  return `${endingText(await program.ended)}${lastLine(program)}`;
}

function endingText({ code, signal }: Ending): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (code === null) return bug("a program ended with neither code nor signal");
  return `ended with exit code ${code}`;
}

/** The lines before the last one, for a message. */
function otherLines(program: Program): string {
  const lines = program.lastLines().slice(0, -1);
  return lines.length === 0 ? "" : `. Before that it said:${lines.map((line) => `\n  ${line.slice(0, 500)}`).join("")}`;
}

/** What it said last, which tells most. */
function lastLine(program: Program): string {
  const line = program.lastLines().at(-1);
  return line === undefined ? "" : `: ${line.slice(0, 500)}`;
}
