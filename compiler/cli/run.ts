/** `flow run`: a pipeline in this process. */

import { dirname, resolve } from "node:path";
import { keepYoungGenerationSmall } from "../../runtime/engine/young-generation.ts";
import type { ConnectorPlan, RuntimeConfig } from "../contract/runtime-config.ts";
import { notRunnable } from "../emit/not-runnable.ts";
import { durationMs } from "../emit/runtime/duration-text.ts";
import { sharedKeys } from "../emit/runtime/stage-groups.ts";
import { runtimeConfigs } from "../emit/runtime-config.ts";
import type { Ir } from "../ir/ir.ts";
import type { SourceText } from "../source/source-text.ts";
import type { CommandRun } from "./command-row.ts";
import { applyExecs, parseExecs } from "./exec.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { mustBeFile } from "./input-files.ts";
import { kafkaOptions } from "./kafka-options.ts";
import { hasSource, loadIr } from "./load-ir.ts";
import { mustBeNewEnough } from "./oldest-node.ts";
import { applyOverrides, parseOverride } from "./overrides.ts";
import { listOf } from "./params.ts";
import { projectOf } from "./project.ts";
import { printFindings } from "./report/print.ts";
import { defaultMemoryCells, stateOptions } from "./run-state.ts";
import type { Terminal } from "./terminal.ts";

type Options = Readonly<Record<string, unknown>>;

export const runCommand: CommandRun = async ([file = ""], options, terminal) => {
  mustBeNewEnough("flow run");
  // Before the compiler makes it grow.
  keepYoungGenerationSmall();
  if (file !== "-") mustBeFile(file, terminal.cwd);
  const overrides = [
    ...listOf(options.from).map((word) => parseOverride("--from", word)),
    ...listOf(options.to).map((word) => parseOverride("--to", word)),
  ];
  const execs = parseExecs(listOf(options.exec));
  const forMs = timeLimit(options.for);
  const state = stateOptions(options, terminal.cwd);
  const { ir, sources } = await loadIr(file, await projectOf(options, terminal), terminal, { quiet: true });
  if (ir === undefined || !hasSource(ir, file, terminal)) return exitCodes.diagnostics;
  const place = file === "-" ? "stdin.flow" : file;
  const changed = applyExecs(applyOverrides(ir, overrides, place, terminal.cwd), execs);
  const config = runnableConfig(changed, sources, options, terminal);
  if (config === undefined) return exitCodes.diagnostics;
  mustReadStdinOnce(config, file);
  if (state !== undefined) mustKeepStateItself(config);
  // The engine is loaded only here: an older Node could not even read it.
  const { execute } = await import("./run-execute.ts");
  return execute({
    config,
    baseDirectory: dirname(resolve(terminal.cwd, place)),
    deadLetterFile: isSet(options.deadLetter) ? options.deadLetter : `${ir.name}.dead-letter.ndjson`,
    forMs,
    state,
    memoryCells: typeof options.memoryCells === "number" ? options.memoryCells : defaultMemoryCells,
    trace: typeof options.trace === "number" && options.trace > 0 ? options.trace : undefined,
    kafka: kafkaOptions(options, "all"),
    stats: options.stats === "json",
    quiet: options.quiet === true,
    terminal,
  });
};

/** Undefined when something in it cannot run here; that has then been said. */
function runnableConfig(
  ir: Ir,
  sources: ReadonlyMap<string, SourceText>,
  options: Options,
  terminal: Terminal,
): RuntimeConfig | undefined {
  const withDeadLetter = isSet(options.deadLetter) ? withoutErrorsClause(ir) : ir;
  const diagnostics = notRunnable(withDeadLetter);
  if (diagnostics.length > 0) {
    printFindings({ diagnostics, sources, fileCount: 1 }, terminal);
    return undefined;
  }
  const warnings = sharedKeys(withDeadLetter);
  if (warnings.length > 0) printFindings({ diagnostics: warnings, sources, fileCount: 1 }, terminal);
  return runtimeConfigs(withDeadLetter, { local: true, sources })[0];
}

/** `--dead-letter` takes the place of what the file says. */
function withoutErrorsClause(ir: Ir): Ir {
  const fails = ir.clauses.some(
    ({ keyword, values }) =>
      keyword === "errors" && values.some(([, value]) => value.kind === "word" && value.value === "fail"),
  );
  if (fails)
    throw new UsageError(
      "The pipeline says 'errors fail': the first bad event stops it, so --dead-letter would stay empty.",
    );
  return { ...ir, clauses: ir.clauses.filter(({ keyword }) => keyword !== "errors") };
}

/** Whoever came second would find nothing. */
function mustReadStdinOnce(config: RuntimeConfig, file: string): void {
  const readers = [...config.nodes, ...config.tables]
    .filter((node) => !("kind" in node) || node.kind === "source")
    .flatMap((node) => ("connector" in node && readsStdin(node.connector) ? [`'${node.name}'`] : []));
  if (file === "-") readers.unshift("the pipeline itself");
  if (readers.length > 1)
    throw new UsageError(`Standard input can be read once, but is read by ${readers.join(" and ")}.`);
}

/** What reads Kafka has its state there, so that it moves with the partitions. */
function mustKeepStateItself({ nodes }: RuntimeConfig): void {
  const source = nodes.find((node) => node.kind === "source" && node.connector.type === "kafka");
  if (source !== undefined)
    throw new UsageError(
      `'${source.name}' reads Kafka, so how far it has come and what windows hold is kept there: --state is for other sources.`,
      "Leave it out: the same command goes on where it was stopped or killed.",
    );
}

const readsStdin = ({ type, options }: ConnectorPlan): boolean =>
  type === "stdin" || (type === "file" && options.path === "-");

function timeLimit(text: unknown): number | undefined {
  if (!isSet(text)) return undefined;
  const ms = durationMs(text);
  if (ms === undefined || ms < 0)
    throw new UsageError(`'--for ${text}' is not a duration.`, "Write it with a unit: 10s, 5m, 1h30m.");
  return ms;
}

const isSet = (value: unknown): value is string => typeof value === "string";
