/**
 * Ends the programs we started when we can no longer do it ourselves: a shell in a session of its own reads a pipe from us, and when that closes, even because
 * we were killed with -9, it kills every process group it was told of and removes our private folders. One for the whole process, there while programs are.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Log } from "../engine/connector.ts";

/** Arguments: groups and folders that are there already, a line each. Lines: `add GROUP`, `remove GROUP`, `folder PATH` (removed at the end), `gone PATH`. Lists are kept between line ends. */
const script = `
trap '' HUP INT TERM
line='
'
groups="$line$1"
folders="$line$2"
without() {
  case "$1" in
    *"$line$2$line"*) rest="\${1%%"$line$2$line"*}$line\${1#*"$line$2$line"}" ;;
    *) rest="$1" ;;
  esac
}
while read -r what name; do
  case "$what" in
    add) groups="$groups$name$line" ;;
    remove) without "$groups" "$name"; groups="$rest" ;;
    folder) folders="$folders$name$line" ;;
    gone) without "$folders" "$name"; folders="$rest" ;;
  esac
done
set -f
IFS="$line"
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
for folder in $folders; do rm -rf -- "$folder"; done
`;

export interface Watchdog {
  /** Call it right after the spawn, in the same turn: written before it returns. */
  add(group: number): void;
  remove(group: number): void;
  addFolder(path: string): void;
  removeFolder(path: string): void;
  /** Once, when nothing of the holder's is left. The last one ends the watchdog. */
  release(): void;
}

const groups = new Set<number>();
const folders = new Set<string>();
let holders = 0;
let shell: ChildProcess | undefined;
let replaced = 0;
const mostReplaced = 20;
const noWatchdog = "no watchdog: programs may be left running if this process is killed";

export function holdWatchdog(log: Log): Watchdog {
  holders++;
  start(log);
  let isHeld = true;
  return {
    add: (group) => {
      groups.add(group);
      tell(`add ${group}`);
    },
    remove: (group) => {
      groups.delete(group);
      tell(`remove ${group}`);
    },
    addFolder: (path) => {
      folders.add(path);
      tell(`folder ${path}`);
    },
    removeFolder: (path) => {
      folders.delete(path);
      tell(`gone ${path}`);
    },
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      if (--holders === 0) end();
    },
  };
}

function start(log: Log): void {
  if (shell !== undefined) return;
  const started = spawn("/bin/sh", ["-c", script, "flow-watchdog", linesOf(groups), linesOf(folders)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
  });
  shell = started;
  // It must not keep us running. A broken pipe is told by its end.
  started.unref();
  started.stdin.on("error", () => {});
  if ("unref" in started.stdin && typeof started.stdin.unref === "function") started.stdin.unref();
  started.once("error", (error) => {
    if (shell === started) shell = undefined;
    log.warn({ reason: error.message }, noWatchdog);
  });
  // Somebody ended it: the next one is told of everything again.
  started.once("exit", () => {
    if (shell !== started) return;
    shell = undefined;
    if (holders === 0) return;
    if (replaced++ < mostReplaced) start(log);
    else log.warn({ reason: "it was ended again and again" }, noWatchdog);
  });
}

function linesOf(entries: Iterable<number | string>): string {
  return Array.from(entries, (entry) => `${entry}\n`).join("");
}

/** A pipe that takes it writes at once, before this returns. */
function tell(line: string): void {
  shell?.stdin?.write(`${line}\n`);
}

function end(): void {
  shell?.stdin?.end();
  shell = undefined;
}
