#!/usr/bin/env node
/** The `flow` command: the smallest possible start. Everything else is loaded when a command needs it. */
import * as nodeModule from "node:module";

const oldestNode = 20;
const major = Number(process.versions.node.split(".")[0]);
if (major < oldestNode) {
  process.stderr.write(
    `flow needs Node ${oldestNode} or newer; this is ${process.versions.node}. In a project, 'npx flow' brings its own.\n`,
  );
  process.exit(2);
}
// Keeps compiled code between runs (Node 22 and later): a third of the start time.
nodeModule.enableCompileCache?.();

const { runCommandLine } = await import("./program.ts");
process.exitCode = await runCommandLine(process.argv.slice(2));
