/** Does something again whenever a file changes, until Ctrl-C. */
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** Editors write a file in several steps; one change is what happens within this time. */
const settleMs = 60;

/**
 * @param once does the work and tells which files it looked at. It is called again when one of them changes, or when any
 * .flow file in one of their folders does; never while it is still at work.
 */
export function repeatOnChange(terminal: Terminal, once: () => Promise<readonly string[]>): Promise<number> {
  return new Promise((done, failed) => {
    let watchers: readonly FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    let isFirst = true;

    const stop = () => {
      over = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    };
    const later = () => {
      if (over) return;
      clearTimeout(timer);
      timer = setTimeout(() => work().catch(failed), settleMs);
    };
    const work = async () => {
      if (terminal.outIsTerminal) terminal.out("\x1b[2J\x1b[3J\x1b[H");
      // Where an editor reads along, what it knew from the last time is over here.
      if (!isFirst) terminal.err(terminal.errColors.dim("A file changed.\n"));
      isFirst = false;
      const files = await once();
      if (over) return;
      for (const watcher of watchers) watcher.close();
      watchers = watchersOf(files, terminal.cwd, later);
      terminal.err(terminal.errColors.dim("Watching for changes; Ctrl-C ends.\n"));
    };
    process.once("SIGINT", () => {
      stop();
      done(exitCodes.fine);
    });
    work().catch(failed);
  });
}

/** One watcher a folder: a file that is replaced or made anew is seen too. */
function watchersOf(files: readonly string[], cwd: string, changed: () => void): FSWatcher[] {
  const paths = files.map((file) => (isAbsolute(file) ? file : join(cwd, file)));
  return [...new Set(paths.map(dirname))].flatMap((folder) => {
    const known = new Set(paths.filter((path) => dirname(path) === folder).map((path) => basename(path)));
    const listener = (_event: string, name: string | null) => {
      if (name === null || known.has(name) || name.endsWith(".flow")) changed();
    };
    try {
      return [watch(folder, listener)];
    } catch {
      return [];
    }
  });
}
