/** Loads Node's own SQLite: without the warning that some versions print, and with a cure where it is missing. */
import type { DatabaseSync } from "node:sqlite";
import { RuntimeError } from "../engine/runtime-error.ts";

export type Sqlite = typeof import("node:sqlite");

let loaded: Sqlite | undefined;

/** @throws RuntimeError "unsupported" where Node has no SQLite */
export async function loadSqlite(): Promise<Sqlite> {
  if (loaded !== undefined) return loaded;
  const emitWarning = process.emitWarning;
  // Versions in which it is not yet stable say so on standard error, which is the user's.
  process.emitWarning = () => {};
  try {
    // A name that no bundler looks for: an older Node has no such module.
    const name = "node:sqlite";
    loaded = (await import(name)) as Sqlite;
    return loaded;
  } catch (cause) {
    throw new RuntimeError(
      "unsupported",
      `Keeping state needs Node 22.13 or newer, whose SQLite it uses; this is Node ${process.versions.node}. Install a newer Node, or run without --state.`,
      { cause },
    );
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The same at once; undefined where Node has no SQLite. */
export function sqliteIfThere(): Sqlite | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    loaded ??= process.getBuiltinModule?.("node:sqlite");
    return loaded;
  } finally {
    process.emitWarning = emitWarning;
  }
}

export type { DatabaseSync };
