/** Takes steps to the watermarks of a node with several inputs. */
import { WatermarkTracker } from "../../runtime/windows/watermark-tracker.ts";
import { CannotRun, type Case, Different, type Step } from "./case-shape.ts";
import { timeOf } from "./times.ts";
import { same } from "./window-driver.ts";

interface Buffered {
  readonly inputs: readonly number[];
  readonly timeMs: number;
}

export class WatermarkDriver {
  private readonly tracker: WatermarkTracker;
  /** Of each source the inputs it feeds. */
  private readonly inputsBySource = new Map<string, number[]>();
  private readonly buffered = new Map<string, Buffered[]>();
  private readonly holds = new Map<unknown, number>();

  constructor(one: Case) {
    let inputs = 0;
    for (const { source = "", copies = 1 } of one.steps ?? []) {
      const own = this.inputsBySource.get(source) ?? [];
      this.inputsBySource.set(source, own);
      while (own.length < copies) own.push(inputs++);
    }
    // A step that names no source moves all there are.
    if (this.inputsBySource.size > 1 && this.inputsBySource.get("")?.length === 1) this.drop("");
    this.tracker = new WatermarkTracker(inputs);
    for (const unused of this.unused) this.tracker.idle(unused);
  }

  private readonly unused: number[] = [];

  private drop(source: string): void {
    this.unused.push(...(this.inputsBySource.get(source) ?? []));
    this.inputsBySource.delete(source);
  }

  step(step: Step): void {
    const { tracker } = this;
    const inputs = this.inputsBySource.get(step.source ?? "") ?? [...this.inputsBySource.values()].flat();
    const toMs = () => timeOf(step.to as number);
    switch (step.op) {
      case "sourceWatermark":
        for (const input of inputs) tracker.advance(input, toMs());
        return;
      case "inputWatermark":
        if (step.to !== undefined) for (const input of inputs) tracker.advance(input, toMs());
        if (step.is !== undefined) same("input watermark", tracker.input(), timeOf(step.is as number));
        return;
      case "outputWatermark":
        same("output watermark", this.output(), timeOf(step.is as number));
        return;
      case "idle":
        for (const input of inputs) tracker.idle(input);
        return;
      case "buffered": {
        const timeMs = timeOf(step.ts);
        for (const input of inputs) tracker.buffered(input, timeMs);
        const own = this.buffered.get(step.source ?? "") ?? [];
        this.buffered.set(step.source ?? "", [...own, { inputs, timeMs }]);
        return;
      }
      case "processed":
        this.processed(step);
        return;
      case "hold":
        if (step.at === null || step.at === undefined) this.holds.delete(step.k);
        else this.holds.set(step.k, timeOf(step.at));
        this.output();
        return;
      default:
        throw new CannotRun(`the step '${step.op}' is not known`);
    }
  }

  check(one: Case): void {
    const { input, output, outputAtMost } = one.expect;
    if (input !== undefined) same("input watermark", this.tracker.input(), timeOf(input));
    if (output !== undefined) same("output watermark", this.output(), timeOf(output));
    if (outputAtMost !== undefined && this.output() > timeOf(outputAtMost))
      throw new Different(`output watermark is ${this.output()}, past ${outputAtMost}`);
  }

  private output(): number {
    return this.tracker.output(Math.min(Number.POSITIVE_INFINITY, ...this.holds.values()));
  }

  /** One copy of an element, or all of them. */
  private processed({ source = "", copy, ts }: Step): void {
    const all = this.buffered.get(source) ?? [];
    const element = ts === undefined ? all[0] : all.find(({ timeMs }) => timeMs === timeOf(ts));
    if (element === undefined) throw new CannotRun(`nothing of '${source}' is buffered`);
    const inputs = copy === undefined ? element.inputs : element.inputs.slice(copy - 1, copy);
    for (const input of inputs) this.tracker.processed(input, element.timeMs);
    if (copy === undefined)
      this.buffered.set(
        source,
        all.filter((one) => one !== element),
      );
  }
}
