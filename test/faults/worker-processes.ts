/** Workers as processes of their own: started, killed, stopped, and started again when they end by themselves, as Kubernetes would. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What is run in a place; the place decides which proxy it goes through, and which disk it has. */
export type Program = (slot: number) => {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

interface Slot {
  child: ChildProcess | undefined;
  /** To be running. */
  wanted: boolean;
  exits: number;
}

const restartAfterMs = 300;
const upstreamFrom = 10;
export const stopWithinMs = 20_000;

export class WorkerProcesses {
  /** Ends that nobody asked for: `worker 1 ended with 1`. */
  readonly unexpected: string[] = [];
  /** SIGTERM that did not end in order. */
  readonly badStops: string[] = [];
  readonly notes: string[] = [];
  private programs: readonly Program[] = [];
  private ofEach = 0;
  private readonly folder: string;
  private readonly slots = new Map<number, Slot>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param programs by stage; slots of the last one come first @param ofEach so many of each are started together */
  setPrograms(programs: readonly Program[], ofEach: number): void {
    this.programs = [...programs].reverse();
    this.ofEach = ofEach;
  }

  startAll(): void {
    for (const [stage] of this.programs.entries())
      for (let slot = 0; slot < this.ofEach; slot++) this.start(stage * upstreamFrom + slot);
  }

  /** The first worker of the stage before the last; of the last where there is one stage only. */
  get upstream(): number {
    return this.programs.length > 1 ? upstreamFrom : 0;
  }

  start(slot: number): void {
    const state = this.slots.get(slot) ?? { child: undefined, wanted: false, exits: 0 };
    this.slots.set(slot, state);
    state.wanted = true;
    if (state.child === undefined) this.spawn(slot, state);
  }

  private spawn(slot: number, state: Slot): void {
    const { args, env } = this.programs[Math.floor(slot / upstreamFrom)]!(slot);
    const out = openSync(this.logOf(slot), "a");
    const disk = join(this.folder, "disks", String(slot));
    mkdirSync(disk, { recursive: true });
    const child = spawn(process.execPath, [...args], {
      cwd: disk,
      stdio: ["ignore", out, out],
      env: { ...process.env, NODE_NO_WARNINGS: "1", ...env },
    });
    closeSync(out);
    state.child = child;
    child.once("exit", (code, signal) => {
      if (state.child === child) state.child = undefined;
      if (!state.wanted || signal === "SIGKILL") return;
      this.unexpected.push(`worker ${slot} ended with ${code ?? signal}`);
      // Ever slower, so that one that cannot run does not take the machine.
      state.exits++;
      void sleep(restartAfterMs * state.exits).then(() => {
        if (state.wanted && state.child === undefined) this.spawn(slot, state);
      });
    });
  }

  logOf(slot: number): string {
    return join(this.folder, `worker-${slot}.log`);
  }

  get running(): readonly number[] {
    return [...this.slots].flatMap(([slot, { child }]) => (child === undefined ? [] : [slot]));
  }

  signal(slot: number, signal: NodeJS.Signals): void {
    this.slots.get(slot)?.child?.kill(signal);
  }

  /** kill -9; resolves when it is gone. */
  async kill(slot: number): Promise<void> {
    await this.end(slot, "SIGKILL", 5_000);
  }

  /** SIGTERM; resolves when it is gone. @returns how it ended, where that was not in order */
  async stop(slot: number): Promise<string | undefined> {
    const ended = await this.end(slot, "SIGTERM", stopWithinMs);
    if (ended === 0 || ended === undefined) return undefined;
    if (ended === "SIGTERM") {
      // Node.js was still loading it: it had not begun anything.
      this.notes.push(`worker ${slot} was stopped before it had begun`);
      return undefined;
    }
    const text =
      ended === "late"
        ? `worker ${slot} did not stop in ${stopWithinMs / 1_000} s`
        : `worker ${slot} stopped with ${ended}`;
    this.badStops.push(text);
    return text;
  }

  async restart(slot: number): Promise<void> {
    await sleep(restartAfterMs);
    this.start(slot);
  }

  private async end(slot: number, signal: NodeJS.Signals, withinMs: number): Promise<number | string | undefined> {
    const state = this.slots.get(slot);
    if (state === undefined) return undefined;
    state.wanted = false;
    const { child } = state;
    if (child === undefined) return undefined;
    const ended = new Promise<number | string>((resolve) =>
      child.once("exit", (code, by) => resolve(code ?? by ?? "?")),
    );
    child.kill(signal);
    const result = await Promise.race([ended, sleep(withinMs, "late" as const, { ref: false })]);
    if (result === "late") {
      child.kill("SIGKILL");
      await ended;
    }
    return result;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.slots.keys()].map((slot) => this.stop(slot)));
  }

  /** At once, whatever they do. */
  killAll(): void {
    for (const state of this.slots.values()) {
      state.wanted = false;
      state.child?.kill("SIGKILL");
    }
  }

  /** The end of each log. */
  logs(lines = 8): string {
    return [...this.slots.keys()]
      .map((slot) => {
        const text = readFileSync(this.logOf(slot), "utf8")
          .trimEnd()
          .split("\n")
          .slice(-lines)
          .map((line) => line.slice(0, 400))
          .join("\n");
        return `--- worker ${slot}\n${text}`;
      })
      .join("\n");
  }
}
