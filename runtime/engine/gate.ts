/** Whether sources must pause: an output is full, or a throttle says until when. Looked at after each record, so it is one plain field. */
export class Gate {
  paused = false;
  /** Processing time before which nothing more may pass; 0 = no such time. */
  waitUntilMs = 0;
  private fullOutputs = 0;

  outputFilled(): void {
    this.fullOutputs++;
    this.paused = true;
  }

  outputDrained(): void {
    this.fullOutputs--;
    this.paused = this.fullOutputs > 0 || this.waitUntilMs > 0;
  }

  /** It is another source's turn: this one stops after the present record. */
  yieldTurn(): void {
    this.paused = true;
  }

  /** Before a source's turn. */
  beginTurn(): void {
    this.paused = this.fullOutputs > 0 || this.waitUntilMs > 0;
  }

  waitUntil(ms: number): void {
    if (ms > this.waitUntilMs) this.waitUntilMs = ms;
    this.paused = true;
  }

  waited(): void {
    this.waitUntilMs = 0;
    this.paused = this.fullOutputs > 0;
  }

  /** Not only because it is another source's turn. */
  get mustWait(): boolean {
    return this.fullOutputs > 0 || this.waitUntilMs > 0;
  }

  get isFull(): boolean {
    return this.fullOutputs > 0;
  }
}
