/** Tells who reads the topics behind a stage how far its output is complete. Called between turns; only what has changed is written. */
import { RecordOutput } from "./record-output.ts";
import type { RunState } from "./run-state.ts";
import { tellsWatermarks } from "./time-plan.ts";
import type { Task, ToldWatermark } from "./told-watermark.ts";

/** Nothing where the run was not told which task it is, or a window is in the middle of giving what was due. */
export function tellWatermarks(state: RunState): void {
  for (const { output, told } of toTell(state)) output.tell(told);
}

/** Something has changed that only the next checkpoint tells: a source has become idle, though nothing came. */
export function hasToTell(state: RunState): boolean {
  if (state.stateServices?.onlyWhenAsked === true) return false;
  return toTell(state).some(({ output, told }) => output.isNews(told));
}

function toTell(state: RunState): readonly { readonly output: RecordOutput; readonly told: ToldWatermark }[] {
  const { task, time, config } = state;
  if (task === undefined || time === undefined || time.pending) return [];
  // What an end by hand makes complete is not: another run goes on.
  if (state.stopping && !state.goesOnLater) return [];
  const telling = config.nodes.flatMap((node, index) => {
    const output = node.kind === "sink" && tellsWatermarks(node) ? state.outputs.get(node.name) : undefined;
    return output instanceof RecordOutput ? [{ index, output }] : [];
  });
  if (telling.length === 0) return [];
  time.settle();
  if (time.pending) {
    state.wake();
    return [];
  }
  return telling.map(({ index, output }) => ({
    output,
    told: toldOf(task, time.inputWatermarks[index]!, time.isIdle(index)),
  }));
}

function toldOf({ from, of }: Task, watermarkMs: number, isIdle: boolean): ToldWatermark {
  if (watermarkMs === Number.POSITIVE_INFINITY) return { from, of, ms: null, end: true };
  const ms = watermarkMs === Number.NEGATIVE_INFINITY ? null : watermarkMs;
  return isIdle ? { from, of, ms, idle: true } : { from, of, ms };
}
