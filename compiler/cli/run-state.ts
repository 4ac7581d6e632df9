/** `--state`, `--checkpoint-every` and `--reset`: where a run keeps what must survive it. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { StateServices } from "../../runtime/engine/run-services.ts";
import { openSqliteStore, removeSqliteStore } from "../../runtime/state/sqlite-store.ts";
import { durationMs } from "../emit/runtime/duration-text.ts";
import { UsageError } from "./exit.ts";
import { listOf } from "./params.ts";

export interface StateOptions {
  /** Absolute. */
  readonly folder: string;
  readonly everyMs: number;
  /** Names of nodes, or `all`. */
  readonly reset: ReadonlySet<string>;
  /** As `--checkpoint-every` said. */
  readonly isTimed: boolean;
}

/** What a run then takes at most says docs/state.md. */
export const defaultMemoryCells = 100_000;

const defaultEveryMs = 1_000;

/** Undefined: nothing is kept. @throws UsageError */
export function stateOptions(options: Readonly<Record<string, unknown>>, cwd: string): StateOptions | undefined {
  const { state, checkpointEvery } = options;
  const reset = new Set(listOf(options.reset));
  if (typeof state !== "string") {
    const alone = reset.size > 0 ? "--reset" : checkpointEvery === undefined ? undefined : "--checkpoint-every";
    if (alone !== undefined) throw new UsageError(`${alone} needs --state: without it a run keeps nothing.`);
    return undefined;
  }
  if (state === "") throw new UsageError("'--state' needs the name of a folder.");
  return {
    folder: resolve(cwd, state),
    everyMs: intervalOf(checkpointEvery),
    reset,
    isTimed: checkpointEvery !== undefined,
  };
}

/** @throws UsageError for what only a state in a folder has: of what reads Kafka there are copies in it */
export function mustSuitKafka({ isTimed }: StateOptions): void {
  if (isTimed)
    throw new UsageError(
      "--checkpoint-every is for state that is kept in a folder: this stage reads Kafka, and commits there.",
      "Say --commit-every.",
    );
}

function intervalOf(text: unknown): number {
  if (typeof text !== "string") return defaultEveryMs;
  const ms = durationMs(text);
  if (ms === undefined || ms <= 0)
    throw new UsageError(`'--checkpoint-every ${text}' is not a duration.`, "Write it with a unit: 500ms, 1s, 10s.");
  return ms;
}

/** Opens the store; its owner closes it. @throws RuntimeError */
export async function openState({ folder, everyMs, reset }: StateOptions): Promise<StateServices> {
  const all = reset.has("all");
  if (all) await clear(folder);
  return {
    store: await openSqliteStore(folder),
    id: createHash("sha256").update(folder).digest("hex").slice(0, 8),
    everyMs,
    reset: all ? new Set() : reset,
  };
}

/** Not under a process that runs with it. */
async function clear(folder: string): Promise<void> {
  try {
    (await openSqliteStore(folder)).close();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "state-damaged" && code !== "state-of-other-version") throw error;
  }
  removeSqliteStore(folder);
}
