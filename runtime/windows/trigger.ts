/**
 * What a trigger is to the window that asks it: a tree whose state is one flat array per cell, two places a node: whether the node has finished,
 * and its count or target time. The rules are those of Apache Beam's trigger state machines.
 */

export type TriggerState = (number | null)[];

/** What a trigger may look at. */
export interface TriggerTimes {
  readonly watermarkMs: number;
  readonly processingMs: number;
  /** End of the window, after merging. */
  readonly endMs: number;
}

/** The trigger of a window as the window sees it. */
export interface Trigger {
  start(): TriggerState;
  onElement(state: TriggerState, times: TriggerTimes): void;
  /** `into` is the state of the window that results, or a new one when that was not open; `from` those of all windows merged. */
  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void;
  shouldFire(state: TriggerState, times: TriggerTimes): boolean;
  /** Only where `shouldFire`. */
  onFire(state: TriggerState, times: TriggerTimes): void;
  isFinished(state: TriggerState): boolean;
  /** Earliest processing time after `afterMs` at which it may be ready; +∞ when it waits for none. */
  nextProcessingMs(state: TriggerState, afterMs: number): number;
}

export abstract class TriggerNode {
  protected readonly children: readonly TriggerNode[];
  private readonly place: number;

  constructor(place: number, children: readonly TriggerNode[] = []) {
    this.place = place;
    this.children = children;
  }

  abstract onElement(state: TriggerState, times: TriggerTimes): void;
  abstract onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void;
  abstract shouldFire(state: TriggerState, times: TriggerTimes): boolean;
  abstract onFire(state: TriggerState, times: TriggerTimes): void;

  isFinished(state: TriggerState): boolean {
    return state[2 * this.place] === 1;
  }

  setFinished(state: TriggerState, isFinished: boolean): void {
    state[2 * this.place] = isFinished ? 1 : 0;
  }

  /** Forgets what it counted or waited for; whether it has finished stays. */
  clear(state: TriggerState): void {
    for (const child of this.children) child.clear(state);
  }

  /** As at the start. */
  reset(state: TriggerState): void {
    this.setFinished(state, false);
    for (const child of this.children) child.reset(state);
    this.clear(state);
  }

  nextProcessingMs(state: TriggerState, afterMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const child of this.children) next = Math.min(next, child.nextProcessingMs(state, afterMs));
    return next;
  }

  protected value(state: TriggerState): number | null {
    return state[2 * this.place + 1] ?? null;
  }

  protected setValue(state: TriggerState, value: number | null): void {
    state[2 * this.place + 1] = value;
  }
}

export const isPastEnd = ({ watermarkMs, endMs }: TriggerTimes): boolean => watermarkMs >= endMs;
