/** The way to one started program: a stream of bytes to it and one from it. Knows nothing of units. */
import type { Readable, Writable } from "node:stream";
import type { Awaitable } from "../engine/connector.ts";
import type { Program } from "./program.ts";
import type { Watchdog } from "./watchdog.ts";

export interface Channel {
  readonly input: Writable;
  /** Ends when the program has ended, at the latest. */
  readonly output: Readable;
  /** The program has ended: makes `output` end where that does not do it by itself. */
  hangUp?(): void;
}

/** How programs are reached. */
export interface Transport {
  /** Whether the program's standard input and output are the way to it. */
  readonly channel: "stdio" | "none";
  /** Instead of the plan's `command` and `args`. */
  readonly command?: readonly string[];
  /** Nothing shows that the program has come up. */
  readonly isReadyAtOnce?: true;
  /** Before each start: what the program's environment says of the way to it. */
  begin?(watchdog: Watchdog): Awaitable<Readonly<Record<string, string>>>;
  /** Resolves once units can be written. `signal` aborts when it never will. */
  connect(program: Program, signal: AbortSignal): Awaitable<Channel>;
  /** After the end of each program, once `output` has ended. */
  end?(): Awaitable<void>;
}
