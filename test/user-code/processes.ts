/** What runs on this machine, from /proc: to see that nothing is left behind. */
import { readdirSync, readFileSync } from "node:fs";

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** `Z`: ended, and nobody has asked how. */
  readonly state: string;
  readonly command: string;
}

/** All whose environment or command line has `mark` in it: descendants inherit the environment, whatever became of their parents. */
export function marked(mark: string): readonly Process[] {
  return pids().flatMap((pid) => {
    const told = read(`/proc/${pid}/environ`) + read(`/proc/${pid}/cmdline`);
    return told.includes(mark) ? describe(pid) : [];
  });
}

export function zombiesOf(parent: number): readonly Process[] {
  return pids()
    .flatMap(describe)
    .filter((each) => each.parent === parent && each.state === "Z");
}

const pids = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function describe(pid: number): readonly Process[] {
  const stat = read(`/proc/${pid}/stat`);
  const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === undefined || parent === undefined || group === undefined) return [];
  const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
  return [{ pid, parent: Number(parent), group: Number(group), state, command }];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Asks until it is so, for at most this long. */
export async function until(isSo: () => boolean, mostMs = 5_000): Promise<boolean> {
  const end = Date.now() + mostMs;
  while (!isSo()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
