/** A trigger plan as the tree that runs it. */
import type { TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import type { Trigger, TriggerNode, TriggerState, TriggerTimes } from "./trigger.ts";
import { AllOf, EachOf, FirstOf, OrFinally, Repeatedly } from "./trigger-combinations.ts";
import { AfterCount, AfterEnd, AfterProcessingTime, Never } from "./trigger-leaves.ts";
import { EarlyAndLate } from "./trigger-watermark.ts";

/** `isMerging`: of a window that merges with others. */
export function triggerTree(plan: TriggerPlan, isMerging: boolean): Trigger {
  let places = 0;
  const make = (plan: TriggerPlan): TriggerNode => {
    const place = places++;
    switch (plan.kind) {
      case "after_watermark": {
        if (plan.early === undefined && plan.late === undefined) return new AfterEnd(place);
        const early = make(plan.early ?? { kind: "never" });
        return new EarlyAndLate(place, early, plan.late && make(plan.late), isMerging);
      }
      case "after_count":
        return new AfterCount(place, plan.count);
      case "after_processing_time":
        return new AfterProcessingTime(place, plan.delayMs);
      case "repeatedly":
        return new Repeatedly(place, [make(plan.of)]);
      case "first_of":
        return new FirstOf(place, plan.of.map(make));
      case "all_of":
        return new AllOf(place, plan.of.map(make));
      case "each_of":
        return new EachOf(place, plan.of.map(make), isMerging);
      case "or_finally":
        return new OrFinally(place, [make(plan.of), make(plan.until)]);
      case "never":
        return new Never(place);
    }
  };
  const root = make(plan);
  return new TriggerTree(root, places);
}

class TriggerTree implements Trigger {
  private readonly root: TriggerNode;
  private readonly initial: TriggerState;

  constructor(root: TriggerNode, places: number) {
    this.root = root;
    this.initial = Array.from({ length: places }, () => [0, null]).flat();
  }

  start(): TriggerState {
    return this.initial.slice();
  }

  onElement(state: TriggerState, times: TriggerTimes): void {
    this.root.onElement(state, times);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    this.root.onMerge(into, from, times);
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.root.shouldFire(state, times);
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    this.root.onFire(state, times);
  }

  isFinished(state: TriggerState): boolean {
    return this.root.isFinished(state);
  }

  nextProcessingMs(state: TriggerState, afterMs: number): number {
    return this.root.nextProcessingMs(state, afterMs);
  }
}
