/** The code of each command, loaded when the command is called: `flow check` never reads what only `flow graph` needs. */
import type { CommandName, CommandRun } from "./command-row.ts";

export const loaders: Readonly<Record<CommandName, () => Promise<CommandRun>>> = {
  init: async () => (await import("./init.ts")).initCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  run: async () => (await import("./run.ts")).runCommand,
  worker: async () => (await import("./worker.ts")).workerCommand,
  lag: async () => (await import("./lag.ts")).lagCommand,
  deadletter: async () => (await import("./deadletter.ts")).deadletterCommand,
  test: async () => (await import("./test.ts")).testCommand,
  compile: async () => (await import("./compile.ts")).compileCommand,
  fmt: async () => (await import("./fmt.ts")).fmtCommand,
  graph: async () => (await import("./graph.ts")).graphCommand,
  explain: async () => (await import("./explain.ts")).explainCommand,
  decompile: async () => (await import("./decompile.ts")).decompileCommand,
  lsp: async () => (await import("./lsp.ts")).lspCommand,
  completion: async () => (await import("./completion.ts")).completionCommand,
};
