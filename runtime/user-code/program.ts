/**
 * One started program of the user: a process group of its own, known to the watchdog; its standard error goes to our log; ended with all it started.
 *
 *     const program = await startProgram({ node, command, directory, environment, channel: "stdio" }, services, watchdog);
 *     program.input.write(…); program.output.on("data", …);   // with channel "stdio"; with "none" standard input is empty and standard output is logged
 *     const { code, signal } = await program.ended;           // gone, its output read to the end, its group dead
 *
 * Knows nothing of units, and does not start anything again: that is supervisor.ts, which transports use.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { SaidLines } from "./said-lines.ts";
import { type StandardStreams, standardStreams } from "./standard-streams.ts";
import type { Watchdog } from "./watchdog.ts";

export interface ProgramPlan {
  readonly node: string;
  /** The program and its arguments; a name without a slash is looked for in the environment's PATH, a relative one in `directory`. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly directory: string;
  /** All of it: see environment.ts. */
  readonly environment: Readonly<Record<string, string>>;
  /** `stdio`: `input` and `output` are ours to use. `none`: input is empty, output is logged like standard error. */
  readonly channel: "stdio" | "none";
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Program {
  readonly pid: number;
  /** Standard input; with channel `none` undefined. */
  readonly input: Writable | undefined;
  /** Standard output; whoever uses it must read it to its end. */
  readonly output: Readable | undefined;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  readonly hasEnded: boolean;
  /** The last lines of standard error, oldest first. */
  lastLines(): readonly string[];
  /** SIGTERM to the group, after `graceMs` SIGKILL. Resolves with `ended`. May be called again with less grace. */
  stop(graceMs: number): Promise<Ending>;
  /** SIGKILL to the group. Resolves with `ended`. */
  kill(): Promise<Ending>;
}

/** For what is left of the group, and for output that something outside the group holds open, after the program's own end. */
const lingerMs = 1_000;

/** @throws RuntimeError "user-code-unavailable" when it cannot be started at all */
export async function startProgram(
  plan: ProgramPlan,
  services: { readonly log: Log; readonly clock: Clock },
  watchdog: Watchdog,
): Promise<Program> {
  const { clock } = services;
  const said = new SaidLines(plan.node, services.log, clock);
  const pipes = await standardStreams(plan.channel === "stdio", watchdog);
  const child = spawnIn(plan, pipes);
  if (child.pid !== undefined) watchdog.add(child.pid);
  pipes?.handOver();
  const exited = exitOf(child);
  const input = pipes?.input ?? child.stdin ?? undefined;
  const output = pipes?.output ?? child.stdout ?? undefined;
  const error = pipes?.error ?? child.stderr ?? undefined;
  // A broken pipe is no news: the end of the program tells.
  for (const stream of [input, output, error]) stream?.on("error", () => {});
  try {
    await once(child, "spawn");
  } catch (cause) {
    pipes?.close();
    throw cannotStart(plan, cause);
  }
  error?.on("data", (bytes: Buffer) => said.take(bytes));
  if (plan.channel === "none") output?.on("data", (bytes: Buffer) => said.take(bytes));
  child.on("error", () => {});
  const group = child.pid!;
  // Later kills of us change nothing: the number may belong to someone else by then.
  let isGroupGone = false;
  let hasEnded = false;
  let isStopping = false;
  const stops: (() => void)[] = [];

  const ended = exited.then(async (ending) => {
    // A program that is asked to end takes what it started with it; that has the same grace.
    if (isStopping) await groupGone(group, clock);
    signalGroup(group, "SIGKILL");
    isGroupGone = true;
    watchdog.remove(group);
    for (const stop of stops) stop();
    await outputRead([output, error], clock);
    input?.destroy();
    said.end();
    hasEnded = true;
    return ending;
  });

  return {
    pid: group,
    input: plan.channel === "stdio" ? input : undefined,
    output: plan.channel === "stdio" ? output : undefined,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    lastLines: () => said.lastLines(),
    stop: (graceMs) => {
      if (isGroupGone) return ended;
      isStopping = true;
      signalGroup(group, "SIGTERM");
      stops.push(clock.after(graceMs, () => signalGroup(group, "SIGKILL")));
      return ended;
    },
    kill: () => {
      if (!isGroupGone) signalGroup(group, "SIGKILL");
      return ended;
    },
  };
}

function spawnIn(plan: ProgramPlan, pipes: StandardStreams | undefined): ChildProcess {
  const [name = "", ...args] = plan.command;
  try {
    return spawn(name, args, {
      cwd: plan.directory,
      env: { ...plan.environment },
      detached: true,
      stdio: pipes === undefined ? [plan.channel === "stdio" ? "pipe" : "ignore", "pipe", "pipe"] : [...pipes.ends],
    });
  } catch (cause) {
    pipes?.close();
    throw cannotStart(plan, cause);
  }
}

function exitOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
}

/** Resolves when all output is read; something outside the group may hold it open for good, so not later than after a while. */
function outputRead(outputs: readonly (Readable | undefined)[], clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const streams = outputs.filter((stream) => stream !== undefined && !stream.closed);
    let open = streams.length;
    if (open === 0) return resolve();
    const cancel = clock.after(lingerMs, () => {
      for (const stream of streams) stream?.destroy();
    });
    for (const stream of streams) {
      stream?.once("close", () => {
        if (--open > 0) return;
        cancel();
        resolve();
      });
    }
  });
}

/** Resolves when no process is left in the group, or after a while. */
function groupGone(group: number, clock: Clock): Promise<void> {
  const untilMs = clock.nowMs() + lingerMs;
  return new Promise((resolve) => {
    const look = () => {
      if (!signalGroup(group, 0) || clock.nowMs() >= untilMs) resolve();
      else clock.after(10, look);
    };
    look();
  });
}

/** @returns whether there was anything to signal */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function cannotStart(plan: ProgramPlan, cause: unknown): RuntimeError {
  const name = plan.command[0] ?? "";
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return new RuntimeError(
    "user-code-unavailable",
    `'${plan.node}' could not start '${name}': ${startReason(name, plan, code, cause)}`,
    { cause },
  );
}

function startReason(name: string, plan: ProgramPlan, code: unknown, cause: unknown): string {
  if (name === "") return "the command is empty. Name the program in the option 'command'.";
  if (!isFolder(plan.directory)) return `its working directory ${plan.directory} is not there.`;
  const isPath = name.includes("/");
  if (code === "ENOENT") {
    return isPath
      ? `there is no such file in ${plan.directory}, or the interpreter its first line names is not there. Check the path in 'command'.`
      : "no program of this name is in PATH. Install it, or give its path in 'command'.";
  }
  if (code === "EACCES") {
    return isPath
      ? "the file may not be run. Make it executable (chmod +x), or name its interpreter first in 'command'."
      : "what is called so in PATH may not be run.";
  }
  return `${messageOf(cause)}.`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
