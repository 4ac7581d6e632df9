/** Runs the real `flow`, as a process, in a folder of its own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "flow-cli-"));
  folders.push(folder);
  return folder;
}

/** A fresh build, once for each file of tests. Its parts need nothing beside them. */
const bundle = (() => {
  const folder = temporary();
  execFileSync(process.execPath, ["build.mjs", folder]);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
})();
export const binary = join(bundle, "flow.js");

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

export interface Place {
  readonly cwd: string;
  flow(...words: string[]): Ended;
  flowWith(options: { readonly input?: string; readonly env?: Record<string, string> }, ...words: string[]): Ended;
  start(...words: string[]): ReturnType<typeof spawn>;
  write(path: string, text: string): void;
}

const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => {
  const { FORCE_COLOR: _force, NO_COLOR: _no, FLOW_DEBUG: _debug, ...rest } = process.env;
  return { ...rest, ...extra };
};

/** A folder with these files, and `flow` to run in it. */
export function place(files: Readonly<Record<string, string>> = {}): Place {
  const cwd = temporary();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const flowWith: Place["flowWith"] = ({ input = "", env }, ...words) => {
    const ended = spawnSync(process.execPath, [binary, ...words], {
      cwd,
      input,
      env: environment(env),
      encoding: "utf8",
      timeout: 15_000,
      maxBuffer: 64 << 20,
    });
    return { out: ended.stdout, err: ended.stderr, code: ended.status };
  };
  return {
    cwd: resolve(cwd),
    write,
    flowWith,
    flow: (...words) => flowWith({}, ...words),
    start: (...words) =>
      spawn(process.execPath, [binary, ...words], { cwd, env: environment(), stdio: ["pipe", "pipe", "pipe"] }),
  };
}

/** Enough of a pipeline for most tests. */
export const copyFlow =
  'source orders {\n  file { path: "orders.ndjson" }\n}\n\nsink out from orders {\n  stdout {}\n}\n';
/** One error: FLOW2001 at line 5. */
export const brokenFlow =
  'source orders {\n  file { path: "orders.ndjson" }\n}\n\nsink out from ordrs {\n  stdout {}\n}\n';
