/** Starts `flow` with the Node that the editor itself runs on, so that none is needed on the PATH. */
import { type ChildProcess, fork } from "node:child_process";
import type { CommandLine } from "../server-client.ts";

/** The editor's program is Node when it is told so. */
const asNode = { ELECTRON_RUN_AS_NODE: "1" };

export function startProcess(flow: string): ChildProcess {
  return fork(flow, ["lsp", "--stdio"], {
    silent: true,
    // The extension host's own flags, such as a debugger's port, are not the server's.
    execArgv: [],
    env: { ...process.env, ...asNode },
  });
}

export const commandLine = (flow: string, args: readonly string[]): CommandLine => ({
  command: process.execPath,
  args: [flow, ...args],
  env: asNode,
});
