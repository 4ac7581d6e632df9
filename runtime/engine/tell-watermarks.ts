/** Tells who reads the topics behind a stage how far its output is complete. Called between turns; only what has changed is written. */
import { RecordOutput } from "./record-output.ts";
import type { RunState } from "./run-state.ts";
import { tellsWatermarks } from "./time-plan.ts";
import type { Task, ToldWatermark } from "./told-watermark.ts";

/** Nothing where the run was not told which task it is, or a window is in the middle of giving what was due. */
export function tellWatermarks(state: RunState): void {
  const { task, time, config } = state;
  if (task === undefined || time === undefined) return;
  // What an end by hand makes complete is not: another run goes on.
  if (state.stopping && !state.goesOnLater) return;
  const telling = config.nodes.flatMap((node, index) => {
    const output = node.kind === "sink" && tellsWatermarks(node) ? state.outputs.get(node.name) : undefined;
    return output instanceof RecordOutput ? [{ index, output }] : [];
  });
  if (telling.length === 0 || time.pending) return;
  time.settle();
  if (time.pending) return;
  for (const { index, output } of telling) output.tell(toldOf(task, time.inputWatermarks[index]!, time.isIdle(index)));
}

function toldOf({ from, of }: Task, watermarkMs: number, isIdle: boolean): ToldWatermark {
  if (watermarkMs === Number.POSITIVE_INFINITY) return { from, of, ms: null, end: true };
  const ms = watermarkMs === Number.NEGATIVE_INFINITY ? null : watermarkMs;
  return isIdle ? { from, of, ms, idle: true } : { from, of, ms };
}
