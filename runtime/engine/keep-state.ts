/** What of a run is kept, part by part, under which name; and the refusal of what cannot be. */
import { CellPages } from "../state/cell-pages.ts";
import { DedupePages } from "../state/dedupe-pages.ts";
import { JoinPages } from "../state/join-pages.ts";
import { operatorPages, rowPages } from "../state/reconcile.ts";
import type { SavedOperator } from "../windows/state.ts";
import { Checkpoints } from "./checkpoints.ts";
import { drain } from "./end-run.ts";
import type { RunState } from "./run-state.ts";
import { RuntimeError } from "./runtime-error.ts";
import { countStride } from "./stage-services.ts";

/** Before anything is opened. @throws RuntimeError when the state cannot be gone on from. */
export function openCheckpoints(state: RunState): void {
  const { stateServices } = state;
  if (stateServices === undefined) return;
  for (const node of state.config.nodes) {
    const reason = node.kind === "source" ? state.connections.forgets(node.connector) : undefined;
    if (reason !== undefined)
      throw new RuntimeError(
        "unsupported",
        `'${node.name}' reads ${reason}, which cannot be read again after a crash, so its state cannot be kept. Put its input into a file and read that, or run without --state.`,
      );
  }
  const { config, clock, loops } = state;
  const run = { config, clock, loops, drain: () => drain(state), throwIfFailed: () => state.throwIfFailed() };
  state.checkpoints = new Checkpoints(run, stateServices);
}

/** Numbers for the summary: after a crash they go on. */
export function keepCounts(state: RunState): void {
  // A task that others may take over counts what it has done itself.
  if (state.stateServices?.isPaced === true) return;
  const { counts, failures } = state;
  const names = state.config.nodes.map(({ name }) => name);
  state.checkpoints?.keep("counts", {
    save: () =>
      new Map(names.map((name, index) => [name, [...counts.subarray(countStride * index, countStride * (index + 1))]])),
    restore: (saved) => {
      if (!(saved instanceof Map)) return;
      for (const [index, name] of names.entries()) {
        const numbers: unknown = saved.get(name);
        if (Array.isArray(numbers)) counts.set(numbers.map(Number), countStride * index);
      }
    },
  });
  state.checkpoints?.keep("failures", {
    save: () => failures.state(),
    restore: (saved) => failures.restore(saved as Readonly<Record<string, unknown>>),
  });
}

/** Watermarks of all nodes, and what windows hold. */
export function keepTime({ time, checkpoints, config }: RunState): void {
  if (time === undefined || checkpoints === undefined) return;
  const { nodes } = config;
  checkpoints.keep("time", {
    save: () => new Map(nodes.map(({ name }, index) => [name, time.saved(index)])),
    restore: (saved) => {
      if (!(saved instanceof Map)) return;
      for (const [index, { name }] of nodes.entries()) {
        const numbers: unknown = saved.get(name);
        if (Array.isArray(numbers)) time.restore(index, numbers.map(Number));
      }
    },
  });
  for (const [index, node] of nodes.entries()) {
    const { name } = node;
    const state = time.windows[index]?.state;
    const code = time.cellCodes[index];
    if (state === undefined || code === undefined) continue;
    checkpoints.keep(`window/${name}`, {
      save: () => state.operator(),
      restore: (saved) => state.restore(saved as SavedOperator),
    });
    const holdsRows = node.kind === "chunk" || (node.kind === "window" && node.join !== undefined);
    const rows = holdsRows ? new JoinPages(state) : undefined;
    checkpoints.keepCells(name, new CellPages(state, rows?.codeOf(code) ?? code));
    if (rows !== undefined) checkpoints.keepCells(rowPages(name), rows);
  }
  for (const { node, operator, dedupe } of time.dedupes)
    checkpoints.keepCells(operatorPages(nodes[node]!.name, operator), new DedupePages(dedupe));
  time.restored();
}

/** Those that cannot take back what they were given: after a crash, what came after the last checkpoint comes again. Of the tasks that share a stage the first one tells it. */
export function tellRepeats(state: RunState): void {
  const { task } = state;
  if (state.checkpoints === undefined || (task !== undefined && !task.from.endsWith("/0"))) return;
  const last = task === undefined ? "checkpoint" : "commit";
  const names = [...state.outputs].filter(([, output]) => output.repeats).map(([name]) => `'${name}'`);
  if (names.length > 0)
    state.log.info(
      {},
      `${names.join(" and ")} cannot take back what was written: after a crash, what came after the last ${last} comes again.`,
    );
}
