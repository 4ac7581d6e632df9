/** A runner as the server sees it: a worker with the engine, started when something is to run. There is one for Node and one for browsers. */
import type { RunMessage, RunRequest } from "../../runtime/editor/messages.ts";

export interface Runner {
  send(request: RunRequest): void;
  /** At once, whatever it is at. Nothing is told afterwards. */
  stop(): void;
}

export interface RunnerEvents {
  told(message: RunMessage): void;
  /** It is gone, and not because it was stopped. */
  lost(reason: string): void;
}

/** @throws Error when there is none */
export type StartRunner = (events: RunnerEvents) => Runner;
