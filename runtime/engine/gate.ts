/**
 * Whether sources must pause: an output is full, which stops all of them, or a throttle says until when, which stops those from which it can be reached.
 * Each source looks at its gate after each record, so it is one plain field.
 */
import type { Clock } from "./clock.ts";

export class Gate {
  paused = false;
  /** Processing time before which nothing more may pass; 0 = no such time. */
  private waitUntilMs = 0;
  private isFull = false;

  setFull(isFull: boolean): void {
    this.isFull = isFull;
    this.paused = isFull || this.waitUntilMs > 0;
  }

  /** It is another source's turn: this one stops after the present record. */
  yieldTurn(): void {
    this.paused = true;
  }

  /** Before a source's turn. */
  beginTurn(): void {
    this.paused = this.isFull || this.waitUntilMs > 0;
  }

  waitUntil(ms: number): void {
    if (ms > this.waitUntilMs) this.waitUntilMs = ms;
    this.paused = true;
  }

  /** How long a throttle holds it back; 0: not any more. */
  heldMs(clock: Pick<Clock, "elapsedMs">): number {
    if (this.waitUntilMs === 0) return 0;
    const leftMs = this.waitUntilMs - clock.elapsedMs();
    if (leftMs > 0) return leftMs;
    this.letGo();
    return 0;
  }

  /** Whatever a throttle says. */
  letGo(): void {
    this.waitUntilMs = 0;
    this.paused = this.isFull;
  }
}

export class Gates {
  /** Of windows, when they give results: held back by throttles that these come to. */
  readonly windows = new Gate();
  private readonly bySource = new Map<number, Gate>();
  private fullOutputs = 0;
  /** User code that has as much as it should, with its node. */
  private readonly fullPorts = new Map<unknown, number>();

  /** @param source its node, or that of user code behind which a throttle is */
  of(source: number): Gate {
    const known = this.bySource.get(source);
    if (known !== undefined) return known;
    const gate = new Gate();
    this.bySource.set(source, gate);
    return gate;
  }

  outputFilled(): void {
    this.fullOutputs++;
    this.tell();
  }

  outputDrained(): void {
    this.fullOutputs--;
    this.tell();
  }

  portFilled(port: unknown, node: number): void {
    this.fullPorts.set(port, node);
    this.tell();
  }

  portDrained(port: unknown): void {
    this.fullPorts.delete(port);
    this.tell();
  }

  get isFull(): boolean {
    return this.fullOutputs > 0 || this.fullPorts.size > 0;
  }

  get areSinksFull(): boolean {
    return this.fullOutputs > 0;
  }

  /** Something that comes after the node, which is in topological order, has no room: what stands there is not to give any more. */
  isFullBehind(node: number): boolean {
    if (this.fullOutputs > 0) return true;
    for (const full of this.fullPorts.values()) if (full > node) return true;
    return false;
  }

  private tell(): void {
    for (const gate of this.bySource.values()) gate.setFull(this.isFull);
  }
}
