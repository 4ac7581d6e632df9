/**
 * Takes steps to the watermarks of the engine's `EventTimeline`: sources, one place per input that holds what has come and is not processed, and the
 * node, which holds its output back where the case says so. Knows no rule of watermarks itself.
 */
import { EventTimeline } from "../../runtime/engine/event-time.ts";
import type { TimeInput } from "../../runtime/engine/time-plan.ts";
import type { WindowOperator } from "../../runtime/windows/operator.ts";
import { makeOperator } from "../../runtime/windows/window-operator.ts";
import { CannotRun, type Case, Different, type Step } from "./case-shape.ts";
import { rulesOf } from "./rules-of-case.ts";
import { timeOf } from "./times.ts";
import { listCode, same } from "./window-driver.ts";

/** An input of the node: what it has been given and not yet processed. */
interface Input {
  readonly source: string;
  readonly buffered: number[];
}

const services = { nowMs: () => 0, isPaused: () => false };

export class WatermarkDriver {
  private readonly time: EventTimeline;
  /** By source its node; sources come first. */
  private readonly sources = new Map<string, number>();
  private readonly inputs: Input[] = [];
  private readonly node: number;
  private readonly holds = new Map<unknown, number>();
  /** Moves of sources. What a case says of holds and elements before it looks again belongs to the same moment. */
  private moves: (() => void)[] = [];

  constructor({ steps = [] }: Case) {
    const named = new Set(steps.flatMap(({ source }) => source ?? []));
    for (const name of named.size > 0 ? named : steps.length > 0 ? ["all"] : []) {
      const copies = Math.max(1, ...steps.map((step) => (isOf(step, name) ? (step.copies ?? 1) : 1)));
      for (let copy = 0; copy < copies; copy++) this.inputs.push({ source: name, buffered: [] });
      this.sources.set(name, this.sources.size);
    }
    const first = this.sources.size;
    const inputOf = (node: number, isResult: boolean): TimeInput => ({ node, isResult });
    this.node = first + this.inputs.length;
    this.time = new EventTimeline(
      {
        sources: [...this.sources.values()],
        followed: new Set(this.sources.values()),
        isChained: true,
        inputs: [
          ...[...this.sources].map(() => []),
          ...this.inputs.map(({ source }) => [inputOf(this.sources.get(source)!, false)]),
          this.inputs.map((_, at) => inputOf(first + at, true)),
        ],
        directSources: [],
      },
      services,
    );
    for (const [at, { buffered }] of this.inputs.entries())
      this.time.windows[first + at] = holding(() => Math.min(Number.POSITIVE_INFINITY, ...buffered));
    this.time.windows[this.node] = holding(() => Math.min(Number.POSITIVE_INFINITY, ...this.holds.values()));
  }

  step(step: Step): void {
    const { time } = this;
    switch (step.op) {
      case "sourceWatermark":
        this.advance(step);
        return;
      case "inputWatermark":
      case "outputWatermark":
        if (step.to !== undefined) this.advance(step);
        if (step.is === undefined) return;
        same(step.op, step.op === "inputWatermark" ? this.input() : this.output(), timeOf(step.is as number));
        return;
      case "idle":
        for (const source of this.nodesOf(step)) this.moves.push(() => time.becameIdle(source));
        return;
      case "buffered":
        for (const input of this.inputsOf(step)) input.buffered.push(timeOf(step.ts));
        return;
      case "processed":
        for (const input of this.inputsOf(step)) this.processed(input, step);
        return;
      case "hold":
        if (step.at === null || step.at === undefined) this.holds.delete(step.k);
        else this.holds.set(step.k, timeOf(step.at));
        return;
      default:
        throw new CannotRun(`the step '${step.op}' is not known here`);
    }
  }

  check({ expect: { input, output, outputAtMost } }: Case): void {
    if (input !== undefined) same("input watermark", this.input(), timeOf(input));
    if (output !== undefined) same("output watermark", this.output(), timeOf(output));
    if (outputAtMost !== undefined && this.output() > timeOf(outputAtMost))
      throw new Different(`output watermark is ${this.output()}, past ${outputAtMost}`);
  }

  private advance(step: Step): void {
    if (step.op === "outputWatermark") throw new CannotRun("an output watermark is not moved, but held");
    const toMs = timeOf(step.to as number);
    for (const source of this.nodesOf(step))
      this.moves.push(() => {
        this.time.becameActive(source);
        this.time.setWatermark(source, toMs);
      });
  }

  private settle(): void {
    for (const move of this.moves) move();
    this.moves = [];
    this.time.settle();
  }

  /** One copy of an element, or all of them; the oldest, or that of the time. */
  private processed({ buffered }: Input, { ts, source }: Step): void {
    const at = ts === undefined ? 0 : buffered.indexOf(timeOf(ts));
    if (buffered[at] === undefined) throw new CannotRun(`nothing of '${source ?? "all"}' is buffered`);
    buffered.splice(at, 1);
  }

  private input(): number {
    this.settle();
    return this.time.inputWatermarks[this.node]!;
  }

  private output(): number {
    this.settle();
    return this.time.ownWatermark(this.node);
  }

  private nodesOf(step: Step): readonly number[] {
    return [...this.sources].flatMap(([name, node]) => (isOf(step, name) ? node : []));
  }

  private inputsOf(step: Step): readonly Input[] {
    const own = this.inputs.filter(({ source }) => isOf(step, source));
    return step.copy === undefined ? own : own.slice(step.copy - 1, step.copy);
  }
}

/** A step that names no source is meant for all. */
const isOf = ({ source }: Step, name: string): boolean => source === undefined || source === name;

/** A window that never has anything to fire. */
function holding(holdMs: () => number): WindowOperator {
  const rules = rulesOf({ id: "", name: "", type: "", expect: {} });
  return Object.defineProperty(makeOperator(rules, listCode([]), services), "holdMs", { value: holdMs });
}
