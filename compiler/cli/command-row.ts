/** The shape of a command's row: parsing, help, completion and docs/reference are all made from the same rows. */
import type { Terminal } from "./terminal.ts";

export interface CommandOption {
  /** As commander reads it: `-o, --output <path>`. */
  readonly flags: string;
  readonly doc: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** May be given several times; its value is a list. */
  readonly many?: true;
  /** A whole number, at least 0. */
  readonly whole?: true;
  /** What completion offers for its value; files when absent. */
  readonly completes?: "files" | "folders" | "nothing";
}

export interface CommandExample {
  readonly command: string;
  readonly doc: string;
}

export type CommandName =
  | "init"
  | "check"
  | "run"
  | "worker"
  | "lag"
  | "deadletter"
  | "test"
  | "compile"
  | "fmt"
  | "graph"
  | "explain"
  | "decompile"
  | "lsp"
  | "completion";

/** Runs a command and gives its exit code. `positional` as written, `options` by camelCase name. */
export type CommandRun = (
  positional: readonly string[],
  options: Readonly<Record<string, unknown>>,
  terminal: Terminal,
) => Promise<number>;

export interface CommandRow {
  readonly name: CommandName;
  /** As commander reads it: `[files...]`, `<file>`, or "". */
  readonly arguments: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** One paragraph, for its help. */
  readonly doc: string;
  readonly options: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** What the exit codes mean here, `0 …`, `1 …`, `2 …`. */
  readonly exits: readonly string[];
  /** What completion offers for its arguments. */
  readonly completes: "flow" | "yaml" | "json" | "folders" | "codes" | "shells" | "nothing";
}
