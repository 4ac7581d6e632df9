/** No program outlives us, also when we are killed. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as afterMs } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Of all processes that are no zombies: number, parent, session. */
function processes(): readonly { readonly pid: number; readonly parent: number; readonly session: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [state, parent, , session] = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return state === "Z" ? [] : [{ pid: Number(name), parent: Number(parent), session: Number(session) }];
      } catch {
        return [];
      }
    });
}

const fixture = fileURLToPath(new URL("watchdog.fixture.ts", import.meta.url));

/** A process of ours with programs over these ways, each with a child and a grandchild of its own. */
async function startOurs(...ways: readonly string[]) {
  const ours = spawn(process.execPath, ["--experimental-strip-types", "--no-warnings", fixture, ...ways], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: ours.stdout })) {
    if (line === "ready") break;
    lines.push(line);
  }
  const started = lines.flatMap((line) => line.split(" ").slice(0, 2).map(Number));
  const folders = lines.map((line) => line.split(" ")[2]!).filter((folder) => folder !== "/nowhere");
  const children = () => processes().filter(({ parent }) => parent === ours.pid);
  return { ours, started, folders, children };
}

const onLinux = it.runIf(process.platform === "linux");

onLinux("kill -9 of us leaves no program, nothing that it started, no watchdog and no folder", async () => {
  const { ours, started, folders, children } = await startOurs("stdio", "fifo", "socket");
  const sessions = new Set(children().map(({ session }) => session));
  // Three programs and the watchdog, each in a session of its own.
  expect([started.length, folders.length, children().length, sessions.size]).toEqual([6, 2, 4, 4]);
  expect(folders.every((folder) => existsSync(folder))).toBe(true);
  ours.kill("SIGKILL");
  // Waits for what must come; the test's own time limit ends it.
  const isLeft = () => processes().some(({ pid, session }) => started.includes(pid) || sessions.has(session));
  while (isLeft() || folders.some((folder) => existsSync(folder))) await afterMs(5);
});

onLinux("a watchdog that is killed itself is replaced, and the new one knows of everything", async () => {
  const { ours, started, folders, children } = await startOurs("fifo");
  const watchdog = () => children().find(({ pid }) => !started.includes(pid))?.pid;
  const first = watchdog()!;
  process.kill(first, "SIGKILL");
  while (watchdog() === undefined || watchdog() === first) await afterMs(5);
  ours.kill("SIGKILL");
  while (processes().some(({ pid }) => started.includes(pid)) || existsSync(folders[0]!)) await afterMs(5);
});
