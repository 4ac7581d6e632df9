/** For what comes to a run from a clock or from outside. */
import type { RunState } from "./run-state.ts";

/** Something happens to the run from outside its turns; not while a checkpoint is taken. */
export function runMeanwhile(state: RunState, action: () => void): void {
  const guarded = () => {
    try {
      action();
    } catch (error) {
      state.fail(error);
    }
    state.wake();
  };
  if (state.checkpoints === undefined) guarded();
  else state.checkpoints.whenFree(guarded);
}
