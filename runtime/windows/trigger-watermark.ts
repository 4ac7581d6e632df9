/** The end of the window with what may fire before and after it: each part repeats by itself, and `early` is over when the end is reached. */
import { isPastEnd, type TriggerNode, type TriggerState, type TriggerTimes } from "./trigger.ts";
import { InTurn } from "./trigger-combinations.ts";

export class EarlyAndLate extends InTurn {
  private readonly early: TriggerNode;
  private readonly late: TriggerNode | undefined;

  constructor(place: number, early: TriggerNode, late: TriggerNode | undefined, isMerging: boolean) {
    super(place, late === undefined ? [early] : [early, late], isMerging);
    this.early = early;
    this.late = late;
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    const { early, late } = this;
    // Where a window was not yet past its end, something in it has perhaps not had its pane.
    if (from.every((state) => early.isFinished(state)) && isPastEnd(times)) {
      early.setFinished(into, true);
      if (late === undefined) this.setFinished(into, true);
      else late.onMerge(into, from, times);
      return;
    }
    early.onMerge(into, from, times);
    early.setFinished(into, false);
    this.setFinished(into, false);
    late?.setFinished(into, false);
    late?.clear(into);
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    if (!this.early.isFinished(state)) return this.early.shouldFire(state, times) || isPastEnd(times);
    return this.late?.shouldFire(state, times) ?? false;
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    const { early, late } = this;
    if (early.isFinished(state)) {
      if (late === undefined) this.setFinished(state, true);
      else this.repeat(late, state, times);
    } else if (!isPastEnd(times)) this.repeat(early, state, times);
    else this.reachEnd(state, times);
  }

  private reachEnd(state: TriggerState, times: TriggerTimes): void {
    const { early, late } = this;
    if (early.shouldFire(state, times)) early.onFire(state, times);
    early.setFinished(state, true);
    early.clear(state);
    // It was listening all the while where windows merge.
    if (late === undefined) this.setFinished(state, true);
    else late.clear(state);
  }

  private repeat(part: TriggerNode, state: TriggerState, times: TriggerTimes): void {
    part.onFire(state, times);
    part.clear(state);
    part.setFinished(state, false);
  }
}
