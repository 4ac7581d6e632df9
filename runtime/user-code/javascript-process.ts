/** The process that `code javascript` runs in: Node under its permission model, with a limit on memory, no environment, and nothing to read but the runner. */
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import * as module from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";
import { type Program, startProgram } from "./program.ts";
import type { Watchdog } from "./watchdog.ts";

export interface CodeLimits {
  /** Of one event. */
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export interface RunnerPlan {
  readonly node: string;
  readonly source: string;
  /** `file:line:column` of the source. */
  readonly place: string;
  readonly limits: CodeLimits;
  /** The runner. */
  readonly file: string;
}

/** In a bundle beside it or above its parts; without one, where its text is. */
const places = ["./flow-code.mjs", "../flow-code.mjs", "./javascript-runner/main.ts"];

/** @throws RuntimeError "unsupported" when this Node cannot do it, "user-code-unavailable" when the runner is not installed */
export function runnerFile(node: string): string {
  if (!process.allowedNodeEnvironmentFlags.has("--permission") || !("registerHooks" in module))
    throw new RuntimeError(
      "unsupported",
      `'${node}' has code in it, which needs Node 22.15 or newer; this is Node ${process.versions.node}.`,
    );
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (found === undefined)
    throw new RuntimeError(
      "user-code-unavailable",
      `'${node}' cannot run its code: the runner is not installed beside flow.`,
    );
  return realpathSync(found);
}

/** Starts it and sends it the module; it then says `Ready` or `Broken`. */
export async function startRunner(
  plan: RunnerPlan,
  services: { readonly log: Log; readonly clock: Clock },
  watchdog: Watchdog,
): Promise<Program> {
  const { node, source, place, limits, file } = plan;
  const program = await startProgram(
    {
      node,
      command: [process.execPath, ...flags(file, limits), file],
      directory: "/",
      // The same dates on every machine.
      environment: { TZ: "UTC" },
      channel: "stdio",
    },
    services,
    watchdog,
  );
  const start = { source, place, beatMs: limits.timeoutMs / 4, memoryBytes: limits.memoryBytes };
  program.input?.write(`${JSON.stringify(start)}\n`);
  return program;
}

function flags(file: string, { memoryBytes }: CodeLimits): string[] {
  const optional = ["--disable-sigusr1", "--no-addons"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
  return [
    "--permission",
    `--allow-fs-read=${file.endsWith(".ts") ? dirname(file) : file}`,
    `--max-old-space-size=${Math.ceil(memoryBytes / 2 ** 20)}`,
    // A field called `__proto__` is a field.
    "--disable-proto=delete",
    "--no-warnings",
    ...optional,
  ];
}

/** The line of a module that does not parse, which the error itself does not tell. */
export function syntaxErrorLine(source: string): number | undefined {
  const checked = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
    input: source,
    encoding: "utf8",
    env: {},
    timeout: 10_000,
  });
  const line = /^\[stdin\]:(\d+)$/m.exec(checked.stderr ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
