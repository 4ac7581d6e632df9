/** What the runner of `code javascript` says on standard error: the user's `console`, and V8's long farewell when memory is short, which is cut to what it means. */
import type { Log } from "../engine/connector.ts";

export interface RunnerLog extends Log {
  /** V8 has said that the heap is full. */
  readonly isOutOfMemory: boolean;
}

const farewell = /^<--- Last few GCs --->|^FATAL ERROR: .*(heap|memory)/i;

/** For one process. */
export function runnerLog(log: Log): RunnerLog {
  let isOutOfMemory = false;
  return {
    get isOutOfMemory() {
      return isOutOfMemory;
    },
    info: (fields, message) => {
      if (typeof fields.line === "string" && farewell.test(fields.line)) isOutOfMemory = true;
      if (!isOutOfMemory) log.info(fields, message);
    },
    warn: (fields, message) => {
      if (!isOutOfMemory) log.warn(fields, message);
    },
  };
}
