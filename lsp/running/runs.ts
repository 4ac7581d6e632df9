/**
 * Runs of tests and pipelines for the editor: one after the other, each for a limited time, in a runner that is started when it is first needed, stopped when
 * it has been idle for a while, and replaced when what it runs does not end.
 */
import type { CancellationToken } from "vscode-languageserver";
import type { RunMessage, RunRequest } from "../../runtime/editor/messages.ts";
import type { Runner, StartRunner } from "./runner.ts";

export interface RunLimits {
  /** For a test, or for a run of a pipeline. */
  readonly eachMs: number;
  /** For the runner to come up. */
  readonly startMs: number;
  /** A runner without work is stopped after it. */
  readonly idleMs: number;
}

export const runLimits: RunLimits = { eachMs: 10_000, startMs: 20_000, idleMs: 30_000 };

/** How a request ended. `slow`: it took longer than it may. `lost`: the runner is gone, or at fault. */
export type RunEnd =
  | { readonly kind: "done" | "cancelled" | "slow" }
  | { readonly kind: "lost"; readonly reason: string };

export class Runs {
  readonly limits: RunLimits;
  readonly #start: StartRunner;
  #runner: Runner | undefined;
  /** The runner has said that it is there. */
  #isReady = false;
  #last: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #told: (message: RunMessage) => void = () => {};
  #lost: (reason: string) => void = () => {};

  constructor(start: StartRunner, limits: RunLimits = runLimits) {
    this.#start = start;
    this.limits = limits;
  }

  /** Waits for its turn. @param told of every message but `ready` and `done` */
  run(request: RunRequest, told: (message: RunMessage) => void, token: CancellationToken): Promise<RunEnd> {
    const turn = this.#last.then(() => this.#once(request, told, token));
    this.#last = turn.catch(() => {});
    return turn;
  }

  stop(): void {
    clearTimeout(this.#idle);
    this.#runner?.stop();
    this.#runner = undefined;
  }

  async #once(request: RunRequest, told: (message: RunMessage) => void, token: CancellationToken): Promise<RunEnd> {
    if (token.isCancellationRequested) return { kind: "cancelled" };
    clearTimeout(this.#idle);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancelled = { dispose: () => {} };
    try {
      return await new Promise<RunEnd>((resolve) => {
        const giveUp = (end: RunEnd): void => {
          this.stop();
          resolve(end);
        };
        const within = (limitMs: number): void => {
          clearTimeout(timer);
          timer = setTimeout(() => giveUp({ kind: "slow" }), limitMs);
        };
        Object.assign(
          cancelled,
          token.onCancellationRequested(() => giveUp({ kind: "cancelled" })),
        );
        this.#lost = (reason) => giveUp({ kind: "lost", reason });
        this.#told = (message) => {
          if (message.kind === "ready") within(this.limits.eachMs);
          else if (message.kind !== "done") {
            if (message.kind === "began") within(this.limits.eachMs);
            told(message);
          } else if (message.problem === undefined) resolve({ kind: "done" });
          else giveUp({ kind: "lost", reason: message.problem });
        };
        within(this.#isReady && this.#runner !== undefined ? this.limits.eachMs : this.limits.startMs);
        try {
          this.#ready().send(request);
        } catch (error) {
          giveUp({ kind: "lost", reason: error instanceof Error ? error.message : String(error) });
        }
      });
    } finally {
      clearTimeout(timer);
      cancelled.dispose();
      this.#told = () => {};
      this.#lost = () => this.stop();
      this.#stopLater();
    }
  }

  #ready(): Runner {
    if (this.#runner !== undefined) return this.#runner;
    this.#isReady = false;
    const runner: Runner = this.#start({
      told: (message) => {
        if (runner !== this.#runner) return;
        if (message.kind === "ready") this.#isReady = true;
        this.#told(message);
      },
      lost: (reason) => {
        if (runner === this.#runner) this.#lost(reason);
      },
    });
    this.#runner = runner;
    return runner;
  }

  #stopLater(): void {
    this.#idle = setTimeout(() => this.stop(), this.limits.idleMs);
    // In Node a timer would keep the process.
    if (typeof this.#idle === "object" && "unref" in this.#idle) this.#idle.unref();
  }
}
