/** Runs a config to its end: progress while it runs, Ctrl-C, the summary, the exit code. */
import { relative, resolve } from "node:path";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import type { Run } from "../../runtime/engine/run.ts";
import type { RunServices, StateServices } from "../../runtime/engine/run-services.ts";
import type { RunStats, RunSummary } from "../../runtime/engine/run-stats.ts";
import { messageOf, RuntimeError } from "../../runtime/engine/runtime-error.ts";
import { secretVariable } from "../../runtime/engine/secrets.ts";
import { letYoungGenerationGrow } from "../../runtime/engine/young-generation.ts";
import { sqliteSpill } from "../../runtime/state/sqlite-spill.ts";
import { readsKafka } from "../../runtime/worker/kafka-sources.ts";
import type { ConnectorPlan } from "../contract/runtime-config.ts";
import { exitCodes } from "./exit.ts";
import { logTo } from "./log-lines.ts";
import type { Execution } from "./run-execution.ts";
import { progressLine } from "./run-progress.ts";
import { mustSuitKafka, openState } from "./run-state.ts";
import { statsJson, summaryText } from "./run-summary.ts";
import { mustNotShareFiles } from "./shared-files.ts";
import { startRun } from "./start-run.ts";
import { userCodeFor } from "./user-code-for.ts";

/** How long a run that was given up may take to take back what it wrote. */
const givingUpMs = 2_000;

export async function execute(execution: Execution): Promise<number> {
  const { config, baseDirectory, terminal } = execution;
  const deadLetter = deadLetterPlan(execution);
  mustNotShareFiles(config, deadLetter ?? ownDeadLetter(execution), baseDirectory);
  if (readsKafka(config) && execution.state !== undefined) mustSuitKafka(execution.state);
  leaveClosedPipeToTheRun();
  const opened = readsKafka(config) ? { state: undefined } : await stateOf(execution);
  if (opened === undefined) return exitCodes.diagnostics;
  const { state } = opened;
  const progress = progressLine(execution);
  const userCode = await userCodeFor(config);
  if (userCode !== undefined) letYoungGenerationGrow();
  const trace = await traceIn(execution, progress.above);
  const services: RunServices = {
    ...(trace === undefined ? {} : { probe: trace.probe }),
    ...(state === undefined ? {} : { state }),
    spill: { cells: execution.memoryCells, plan: sqliteSpill },
    ...(userCode === undefined ? {} : { userCode }),
    connectors: builtInConnectors(),
    baseDirectory,
    ...(deadLetter === undefined ? {} : { deadLetter }),
    secret: (name, key) => terminal.env[secretVariable(name, key)],
    log: logTo(progress.above),
  };
  // The state of one that reads Kafka is in its changelog: the folder has copies.
  const run = await startRun(config, services, { ...execution.kafka, copies: execution.state?.folder });
  progress.begin(run);
  const signals = handleSignals(run, execution, progress.above);
  const timer = execution.forMs === undefined ? undefined : setTimeout(() => signals.drain(), execution.forMs);
  try {
    const summary = await run.done.finally(() => trace?.end());
    progress.end();
    report(summary, execution);
    return exitCodes.fine;
  } catch (error) {
    progress.end();
    return failed(error, run.stats(), signals.count(), execution);
  } finally {
    clearTimeout(timer);
    signals.end();
    state?.store.close();
  }
}

/** Loaded only for those who ask for it. */
async function traceIn({ config, trace, terminal }: Execution, above: (text: string) => void) {
  if (trace === undefined) return undefined;
  return (await import("./run-trace.ts")).traceOf(config, trace, above, terminal);
}

/** Undefined when it could not be opened; that has then been said. */
async function stateOf({
  state,
  terminal,
}: Execution): Promise<{ readonly state: StateServices | undefined } | undefined> {
  if (state === undefined) return { state: undefined };
  try {
    return { state: await openState(state) };
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    terminal.err(`${terminal.errColors.red("error:")} ${error.message}\n`);
    return undefined;
  }
}

/** A reader that goes away (`| head`) must not end the process before sinks have taken back what is half written. */
function leaveClosedPipeToTheRun(): void {
  process.stdout.removeAllListeners("error");
  process.stdout.on("error", () => {});
}

/** The first Ctrl-C drains, the second gives up; a third, or a sink that hangs, ends the process. */
function handleSignals(run: Run, { terminal, quiet }: Execution, say: (text: string) => void) {
  let signals = 0;
  let stopped = false;
  const drain = () => {
    if (stopped) return;
    stopped = true;
    run.stop();
  };
  const onSignal = () => {
    signals++;
    if (signals === 1) {
      if (!quiet)
        say(terminal.errColors.dim("Stopping: what has been read is finished first. Ctrl-C again ends at once."));
      drain();
    } else if (signals === 2) {
      run.stop();
      setTimeout(() => process.exit(exitCodes.interrupted), givingUpMs).unref();
    } else process.exit(exitCodes.interrupted);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    drain,
    count: () => signals,
    end: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
}

/** For a pipeline that names no place of its own. */
function deadLetterPlan(execution: Execution): ConnectorPlan | undefined {
  const { config, deadLetterFile, terminal } = execution;
  if (config.errors.policy === "fail" || ownDeadLetter(execution) !== undefined) return undefined;
  return { type: "file", options: { path: resolve(terminal.cwd, deadLetterFile) } };
}

const ownDeadLetter = ({ config }: Execution): ConnectorPlan | undefined =>
  config.errors.policy === "dead_letter" ? config.errors.connector : undefined;

function report(summary: RunSummary, execution: Execution): void {
  const { terminal, config, stats, quiet } = execution;
  const place = deadLetterPlace(execution);
  if (stats)
    terminal.err(
      `${statsJson(config.pipeline, summary, summary.reasons, { stopped: summary.stopped, deadLetter: place })}\n`,
    );
  else
    terminal.err(
      summaryText(summary, summary.reasons, {
        deadLetter: place,
        quiet,
        stopped: summary.stopped,
        wasFinished: summary.wasFinished === true,
        state: execution.state && relative(terminal.cwd, execution.state.folder),
        colors: terminal.errColors,
      }),
    );
}

/** In words: the file as the user would write it, else the connector. */
function deadLetterPlace(execution: Execution): string {
  const { deadLetterFile, baseDirectory, terminal } = execution;
  const own = ownDeadLetter(execution);
  if (own === undefined) return deadLetterFile;
  const { path, topic } = own.options;
  if (own.type === "kafka" && typeof topic === "string") return `the topic '${topic}'`;
  return own.type === "file" && typeof path === "string"
    ? relative(terminal.cwd, resolve(baseDirectory, path))
    : own.type;
}

function failed(error: unknown, stats: RunStats, signals: number, execution: Execution): number {
  const { terminal, config } = execution;
  if (error instanceof RuntimeError && error.code === "output-closed") return exitCodes.fine;
  if (!(error instanceof RuntimeError) && !isSystemError(error)) throw error;
  const interrupted = error instanceof RuntimeError && error.code === "aborted" && signals > 1;
  terminal.err(
    interrupted
      ? "Ended at once; what was in flight is not finished.\n"
      : `${terminal.errColors.red("error:")} ${messageOf(error)}\n`,
  );
  if (execution.stats)
    terminal.err(`${statsJson(config.pipeline, stats, [], { stopped: interrupted, failed: messageOf(error) })}\n`);
  return interrupted ? exitCodes.interrupted : exitCodes.diagnostics;
}

/** ENOENT, ECONNREFUSED and their like: the world, not us. */
const isSystemError = (error: unknown): boolean => error instanceof Error && "code" in error && "syscall" in error;
