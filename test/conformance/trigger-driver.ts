/** Takes steps to a trigger alone: windows merge when the case says so, not by themselves. */
import { assigner } from "../../runtime/windows/assign.ts";
import type { TimeWindow } from "../../runtime/windows/cell.ts";
import type { Trigger, TriggerState } from "../../runtime/windows/trigger.ts";
import { triggerTree } from "../../runtime/windows/trigger-tree.ts";
import { CannotRun, type Case, Different, type Step, type WindowText } from "./case-shape.ts";
import { assignOf, triggerOf } from "./rules-of-case.ts";
import { timeOf, watermarkOf, windowOf } from "./times.ts";
import { same } from "./window-driver.ts";

export class TriggerDriver {
  private readonly trigger: Trigger;
  private readonly windowsOf: (timeMs: number) => readonly TimeWindow[];
  private readonly states = new Map<string, TriggerState>();
  /** What merged windows have become. */
  private readonly merged: TimeWindow[] = [];
  private watermarkMs = Number.NEGATIVE_INFINITY;
  private processingMs = 0;

  constructor(one: Case) {
    const assign = assignOf(one.window ?? { fn: "global" });
    this.trigger = triggerTree(triggerOf(one.trigger ?? { t: "default" }), assign.kind === "session");
    if (assign.kind === "count") throw new CannotRun("count windows have no trigger");
    this.windowsOf =
      assign.kind === "session" ? (timeMs) => [{ start: timeMs, end: timeMs + assign.gapMs }] : assigner(assign);
  }

  step(step: Step): void {
    if (step.fire || step.finish) throw new CannotRun("a trigger alone is fired by a step of its own");
    switch (step.op) {
      case "el":
        for (const window of this.windowsOf(timeOf(step.ts))) this.element(this.active(window));
        return;
      case "wm":
        this.watermarkMs = Math.max(this.watermarkMs, watermarkOf(step.to as number));
        return;
      case "pt":
        this.processingMs = typeof step.to === "number" ? step.to : this.processingMs + (step.by ?? 0);
        return;
      case "merge":
        if (step.to === undefined) this.mergeAll();
        else this.merge(windowOf(step.to as WindowText));
        return;
      case "ready":
      case "shouldFire":
        same(`ready ${JSON.stringify(step.w)}`, this.isReady(windowOf(step.w)), step.is ?? true);
        return;
      case "finished":
      case "isFinished":
      case "markedFinished":
        same(`finished ${JSON.stringify(step.w)}`, this.isFinished(windowOf(step.w)), step.is ?? true);
        return;
      case "fireIfReady":
      case "fire":
        this.fireIfReady(windowOf(step.w), step.op === "fire");
        return;
      default:
        throw new CannotRun(`the step '${step.op}' is not known`);
    }
  }

  private element(window: TimeWindow): void {
    const state = this.stateOf(window);
    if (!this.trigger.isFinished(state)) this.trigger.onElement(state, this.times(window));
  }

  /** All windows that overlap, each group into one. */
  private mergeAll(): void {
    const windows = [...this.states.keys()].map((name) => name.split(":").map(Number) as [number, number]);
    windows.sort(([a], [b]) => a - b);
    const spans: [number, number][] = [];
    for (const [start, end] of windows) {
      const last = spans.at(-1);
      if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
      else spans.push([start, end]);
    }
    for (const [start, end] of spans) if (!this.states.has(`${start}:${end}`)) this.merge({ start, end });
  }

  private merge(to: TimeWindow): void {
    const from: TriggerState[] = [];
    for (const [name, state] of [...this.states]) {
      const [start, end] = name.split(":").map(Number);
      if (start! < to.start || end! > to.end) continue;
      if (!this.trigger.isFinished(state)) from.push(state.slice());
      if (name !== nameOf(to)) this.states.delete(name);
    }
    const into = this.states.get(nameOf(to)) ?? this.trigger.start();
    this.trigger.onMerge(into, from, this.times(to));
    this.states.set(nameOf(to), into);
    this.merged.push(to);
  }

  private isReady(window: TimeWindow): boolean {
    const state = this.stateOf(window);
    return !this.trigger.isFinished(state) && this.trigger.shouldFire(state, this.times(window));
  }

  private isFinished(window: TimeWindow): boolean {
    return this.trigger.isFinished(this.stateOf(window));
  }

  private fireIfReady(window: TimeWindow, must: boolean): void {
    if (this.isReady(window)) this.trigger.onFire(this.stateOf(window), this.times(window));
    else if (must) throw new Different(`[${window.start},${window.end}) is not ready`);
  }

  private active(window: TimeWindow): TimeWindow {
    return this.merged.findLast(({ start, end }) => start <= window.start && window.end <= end) ?? window;
  }

  private stateOf(window: TimeWindow): TriggerState {
    const name = nameOf(window);
    const state = this.states.get(name) ?? this.trigger.start();
    this.states.set(name, state);
    return state;
  }

  private times(window: TimeWindow) {
    return { watermarkMs: this.watermarkMs, processingMs: this.processingMs, endMs: window.end };
  }
}

const nameOf = ({ start, end }: TimeWindow): string => `${start}:${end}`;
