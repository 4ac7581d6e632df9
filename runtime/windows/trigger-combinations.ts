/** Triggers made of triggers. */
import { TriggerNode, type TriggerState, type TriggerTimes } from "./trigger.ts";

export class Repeatedly extends TriggerNode {
  onElement(state: TriggerState, times: TriggerTimes): void {
    this.children[0]!.onElement(state, times);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    this.children[0]!.onMerge(into, from, times);
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.children[0]!.shouldFire(state, times);
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    const repeated = this.children[0]!;
    repeated.onFire(state, times);
    if (repeated.isFinished(state)) repeated.reset(state);
  }
}

export class FirstOf extends TriggerNode {
  onElement(state: TriggerState, times: TriggerTimes): void {
    for (const child of this.children) child.onElement(state, times);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    for (const child of this.children) child.onMerge(into, from, times);
    this.setFinished(
      into,
      this.children.some((child) => child.isFinished(into)),
    );
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.children.some((child) => child.isFinished(state) || child.shouldFire(state, times));
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    for (const child of this.children) {
      if (child.shouldFire(state, times)) child.onFire(state, times);
      else child.clear(state);
    }
    this.setFinished(state, true);
  }
}

export class AllOf extends TriggerNode {
  onElement(state: TriggerState, times: TriggerTimes): void {
    for (const child of this.children) if (!child.isFinished(state)) child.onElement(state, times);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    for (const child of this.children) child.onMerge(into, from, times);
    this.setFinished(
      into,
      this.children.every((child) => child.isFinished(into)),
    );
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.children.every((child) => child.isFinished(state) || child.shouldFire(state, times));
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    for (const child of this.children) if (child.shouldFire(state, times)) child.onFire(state, times);
    this.setFinished(state, true);
  }
}

/** Where windows merge, a trigger that had its turn may get it again, so all of them listen. */
export abstract class InTurn extends TriggerNode {
  protected readonly isMerging: boolean;

  constructor(place: number, children: readonly TriggerNode[], isMerging: boolean) {
    super(place, children);
    this.isMerging = isMerging;
  }

  onElement(state: TriggerState, times: TriggerTimes): void {
    if (!this.isMerging) this.unfinished(state)?.onElement(state, times);
    else for (const child of this.children) child.onElement(state, times);
  }

  protected unfinished(state: TriggerState): TriggerNode | undefined {
    return this.children.find((child) => !child.isFinished(state));
  }
}

export class EachOf extends InTurn {
  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    let isDone = true;
    for (const child of this.children) {
      if (isDone) {
        child.onMerge(into, from, times);
        isDone = child.isFinished(into);
      } else child.clear(into);
    }
    this.update(into);
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.unfinished(state)?.shouldFire(state, times) ?? false;
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    this.unfinished(state)?.onFire(state, times);
    if (this.isMerging) this.clear(state);
    this.update(state);
  }

  private update(state: TriggerState): void {
    this.setFinished(state, this.unfinished(state) === undefined);
  }
}

/** Its parts: what fires, and what ends it. */
export class OrFinally extends TriggerNode {
  onElement(state: TriggerState, times: TriggerTimes): void {
    for (const child of this.children) child.onElement(state, times);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    for (const child of this.children) child.onMerge(into, from, times);
    this.update(into);
  }

  shouldFire(state: TriggerState, times: TriggerTimes): boolean {
    return this.children.some((child) => child.shouldFire(state, times));
  }

  onFire(state: TriggerState, times: TriggerTimes): void {
    const [actual, until] = this.children;
    if (until!.shouldFire(state, times)) {
      until!.onFire(state, times);
      actual!.clear(state);
    } else actual!.onFire(state, times);
    this.update(state);
  }

  private update(state: TriggerState): void {
    this.setFinished(
      state,
      this.children.some((child) => child.isFinished(state)),
    );
  }
}
