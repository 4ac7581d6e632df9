/**
 * The watermarks of a node with several inputs. Its input watermark is the least of theirs, but never past an element that an input has given and the
 * node has not yet processed, and it never goes back; its output watermark follows it up to the earliest hold.
 */

interface Input {
  watermarkMs: number;
  isIdle: boolean;
  /** Times of elements not yet processed, with how many there are of each. */
  readonly buffered: Map<number, number>;
}

export class WatermarkTracker {
  private readonly inputs: readonly Input[];
  private inputMs = Number.NEGATIVE_INFINITY;
  private outputMs = Number.NEGATIVE_INFINITY;

  constructor(inputs: number) {
    this.inputs = Array.from({ length: inputs }, () => ({
      watermarkMs: Number.NEGATIVE_INFINITY,
      isIdle: false,
      buffered: new Map<number, number>(),
    }));
  }

  /** Never moves back. */
  advance(input: number, toMs: number): void {
    const one = this.inputs[input]!;
    one.watermarkMs = Math.max(one.watermarkMs, toMs);
    one.isIdle = false;
  }

  /** It is not waited for until it advances again. */
  idle(input: number): void {
    this.inputs[input]!.isIdle = true;
  }

  buffered(input: number, timeMs: number): void {
    const { buffered } = this.inputs[input]!;
    buffered.set(timeMs, (buffered.get(timeMs) ?? 0) + 1);
  }

  processed(input: number, timeMs: number): void {
    const { buffered } = this.inputs[input]!;
    const count = (buffered.get(timeMs) ?? 0) - 1;
    if (count > 0) buffered.set(timeMs, count);
    else buffered.delete(timeMs);
  }

  /** With every input idle it stays where it is. */
  input(): number {
    const waited = this.inputs.filter((one) => !one.isIdle || one.buffered.size > 0);
    if (waited.length > 0) this.inputMs = Math.max(this.inputMs, Math.min(...waited.map(completeMs)));
    return this.inputMs;
  }

  /** `holdMs`: +∞ where nothing is held. */
  output(holdMs: number): number {
    this.outputMs = Math.max(this.outputMs, Math.min(this.input(), holdMs));
    return this.outputMs;
  }
}

function completeMs({ watermarkMs, isIdle, buffered }: Input): number {
  let least = isIdle ? Number.POSITIVE_INFINITY : watermarkMs;
  for (const timeMs of buffered.keys()) least = Math.min(least, timeMs);
  return least;
}

/** The watermark of a source partition: the latest event time less the delay, and no further than the clock and `aheadMs` allow. */
export class SourceWatermark {
  private readonly delayMs: number;
  private readonly aheadMs: number;
  watermarkMs = Number.NEGATIVE_INFINITY;

  constructor(delayMs: number, aheadMs: number) {
    this.delayMs = delayMs;
    this.aheadMs = aheadMs;
  }

  /** @throws RangeError for a time that is none: at the end of all time nothing happens any more. */
  observe(timeMs: number, arrivalMs: number): number {
    if (!(timeMs < Number.POSITIVE_INFINITY)) throw new RangeError("an event has a time before the end of time");
    const movedMs = Math.min(timeMs - this.delayMs, arrivalMs + this.aheadMs);
    this.watermarkMs = Math.max(this.watermarkMs, movedMs);
    return this.watermarkMs;
  }
}
