/** Triggers without parts: after so many events, after a delay, at the end of the window, never. */
import { isPastEnd, TriggerNode, type TriggerState, type TriggerTimes } from "./trigger.ts";

export class AfterCount extends TriggerNode {
  private readonly count: number;

  constructor(place: number, count: number) {
    super(place);
    this.count = count;
  }

  onElement(state: TriggerState): void {
    this.setValue(state, (this.value(state) ?? 0) + 1);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[]): void {
    const isDone = from.some((state) => this.isFinished(state));
    if (isDone) this.setFinished(into, true);
    this.setValue(into, isDone ? null : from.reduce((sum, state) => sum + (this.value(state) ?? 0), 0));
  }

  shouldFire(state: TriggerState): boolean {
    return (this.value(state) ?? 0) >= this.count;
  }

  onFire(state: TriggerState): void {
    this.clear(state);
    this.setFinished(state, true);
  }

  override clear(state: TriggerState): void {
    this.setValue(state, null);
  }
}

export class AfterProcessingTime extends TriggerNode {
  private readonly delayMs: number;

  constructor(place: number, delayMs: number) {
    super(place);
    this.delayMs = delayMs;
  }

  onElement(state: TriggerState, { processingMs }: TriggerTimes): void {
    if (this.value(state) === null) this.setValue(state, processingMs + this.delayMs);
  }

  onMerge(into: TriggerState, from: readonly TriggerState[]): void {
    const targets = from.flatMap((state) => this.value(state) ?? []);
    this.setValue(into, this.isFinished(into) || targets.length === 0 ? null : Math.min(...targets));
  }

  shouldFire(state: TriggerState, { processingMs }: TriggerTimes): boolean {
    const targetMs = this.value(state);
    return targetMs !== null && processingMs >= targetMs;
  }

  onFire(state: TriggerState): void {
    this.clear(state);
    this.setFinished(state, true);
  }

  override clear(state: TriggerState): void {
    this.setValue(state, null);
  }

  override nextProcessingMs(state: TriggerState, afterMs: number): number {
    const targetMs = this.value(state);
    return targetMs !== null && targetMs > afterMs ? targetMs : Number.POSITIVE_INFINITY;
  }
}

export class AfterEnd extends TriggerNode {
  onElement(): void {}

  /** Still to come where it is still to come in any window, or where the end has moved beyond the watermark. */
  onMerge(into: TriggerState, from: readonly TriggerState[], times: TriggerTimes): void {
    this.setFinished(into, from.every((state) => this.isFinished(state)) && isPastEnd(times));
  }

  shouldFire(_state: TriggerState, times: TriggerTimes): boolean {
    return isPastEnd(times);
  }

  onFire(state: TriggerState): void {
    this.setFinished(state, true);
  }
}

export class Never extends TriggerNode {
  onElement(): void {}
  onMerge(): void {}

  shouldFire(): boolean {
    return false;
  }

  onFire(): void {
    throw new Error("bug: 'never' fires");
  }
}
