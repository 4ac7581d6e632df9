/**
 * The names of files that are being written beside their place, and what to do with those of runs that were killed. What can
 * be made again from its input ends in `.partial` and is removed; what may be all there is ends in `.kept` and never is.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OpenContext } from "../engine/connector.ts";

export function unfinishedPath(place: string, replayable: boolean): string {
  const path = (count: string, ending: string) =>
    join(dirname(place), `.${basename(place)}.${process.pid}${count}.${ending}`);
  if (replayable) return path("", "partial");
  // In a container every run may have the same number.
  let kept = path("", "kept");
  for (let count = 2; existsSync(kept); count++) kept = path(`-${count}`, "kept");
  return kept;
}

/** Of this place only, and only where the process that wrote it is gone. */
export function clearUnfinished(place: string, path: string, context: OpenContext): void {
  const before = `.${basename(place)}.`;
  for (const name of namesIn(dirname(place))) {
    const match = name.startsWith(before)
      ? /^(\d{1,10})(?:-\d+)?\.(partial|kept)$/.exec(name.slice(before.length))
      : null;
    if (match === null || isRunning(Number(match[1]))) continue;
    const file = join(dirname(place), name);
    if (match[2] === "partial") remove(file);
    else
      context.log.warn(
        { node: context.node, file },
        `an earlier run did not come to its end; what it wrote for '${path}' is in this file, since its input cannot be read again`,
      );
  }
}

/** What cannot be removed is in nobody's way. */
export function remove(file: string): void {
  try {
    rmSync(file);
  } catch {}
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function isRunning(processId: number): boolean {
  if (processId === process.pid) return true;
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Only a process of somebody else may not be asked; one that is gone is not there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
