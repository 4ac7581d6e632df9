/** `flow worker`: one stage, from the runtime config that `flow compile` wrote. What a cluster runs. */
import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { readConfig } from "../../runtime/engine/read-config.ts";
import { RuntimeError } from "../../runtime/engine/runtime-error.ts";
import { keepYoungGenerationSmall } from "../../runtime/engine/young-generation.ts";
import type { RuntimeConfig } from "../contract/runtime-config.ts";
import { reasonOf } from "./atomic-write.ts";
import type { CommandRun } from "./command-row.ts";
import { CommandFailure, UsageError } from "./exit.ts";
import { kafkaOptions } from "./kafka-options.ts";
import { mustBeNewEnough } from "./oldest-node.ts";
import { defaultMemoryCells, stateOptions } from "./run-state.ts";
import type { Terminal } from "./terminal.ts";

export const workerCommand: CommandRun = async ([file = ""], options, terminal) => {
  mustBeNewEnough("flow worker");
  keepYoungGenerationSmall();
  const kafka = kafkaOptions(options, "partition");
  const state = stateOptions(options, terminal.cwd);
  const config = await configIn(file, terminal);
  const { execute } = await import("./run-execute.ts");
  return execute({
    config,
    baseDirectory: typeof options.base === "string" ? resolve(terminal.cwd, options.base) : terminal.cwd,
    deadLetterFile:
      typeof options.deadLetter === "string" ? options.deadLetter : `${config.pipeline}.dead-letter.ndjson`,
    forMs: undefined,
    state,
    memoryCells: typeof options.memoryCells === "number" ? options.memoryCells : defaultMemoryCells,
    trace: undefined,
    kafka,
    stats: options.stats === "json",
    quiet: options.quiet === true,
    terminal,
  });
};

async function configIn(file: string, { cwd }: Terminal): Promise<RuntimeConfig> {
  if (/\.(flow|ya?ml)$/.test(file))
    throw new UsageError(
      `'${file}' is no runtime config.`,
      `'flow compile ${file}' writes one for each stage; 'flow run ${file}' runs all of them here.`,
    );
  let text: string;
  try {
    text = readFileSync(isAbsolute(file) ? file : join(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`The runtime config '${file}' cannot be read: ${reasonOf(error)}.`);
  }
  try {
    return await readConfig(text);
  } catch (error) {
    if (error instanceof RuntimeError) throw new CommandFailure(`'${file}': ${error.message}`);
    throw error;
  }
}
