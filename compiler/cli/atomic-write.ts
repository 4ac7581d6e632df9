/** Writes files so that a reader sees the old text or the new one, never half of it. */
import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandFailure } from "./exit.ts";

/** Keeps the mode of a file that is replaced; makes the folder when it is missing. */
export function writeWhole(named: string, text: string | Uint8Array): void {
  const path = behindLinks(named);
  const temporary = temporaryPath(path);
  try {
    if (isStream(named)) {
      writeFileSync(named, text);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    writeFileSync(temporary, text, { flag: "wx" });
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CommandFailure(`'${named}' cannot be written: ${reasonOf(error)}`);
  }
}

/** Writes several files that belong together: all are complete on disk before the first takes its place. */
export function writeAll(files: readonly { readonly path: string; readonly text: string }[]): void {
  const ready: { from: string; to: string }[] = [];
  try {
    for (const { path: named, text } of files) {
      if (isStream(named)) continue;
      const path = behindLinks(named);
      mkdirSync(dirname(path), { recursive: true });
      const from = temporaryPath(path);
      ready.push({ from, to: path });
      writeFileSync(from, text, { flag: "wx" });
    }
    for (const { path, text } of files) if (isStream(path)) writeFileSync(path, text);
    for (const { from, to } of ready) renameSync(from, to);
  } catch (error) {
    for (const { from } of ready) rmSync(from, { force: true });
    throw new CommandFailure(`The output cannot be written: ${reasonOf(error)}`);
  }
}

/** A device, a pipe, a terminal: written into, never replaced by a file. */
function isStream(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** A symbolic link stays one: what it points at is replaced. */
function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const temporaryPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);

/** `permission denied`, `no space left on device`: the operating system's words without its call. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z]+: ([^,]*)/.exec(message)?.[1] ?? message;
}
