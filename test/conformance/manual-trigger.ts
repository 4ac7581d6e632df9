/** A trigger that a case works by hand, as Beam's tests do. It stands for any trigger; all other rules are the engine's own. */
import type { Trigger, TriggerState } from "../../runtime/windows/trigger.ts";

export class ManualTrigger implements Trigger {
  isReady = false;
  finishes = false;

  start(): TriggerState {
    return [0];
  }
  onElement(): void {}
  onMerge(): void {}

  shouldFire(): boolean {
    return this.isReady;
  }
  onFire(state: TriggerState): void {
    if (this.finishes) state[0] = 1;
  }
  isFinished(state: TriggerState): boolean {
    return state[0] === 1;
  }
  nextProcessingMs(): number {
    return Number.POSITIVE_INFINITY;
  }
}
