/** A run over memory that keeps state and is crashed on purpose: what its sinks had taken at the last checkpoint is what they have after it. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { memoryBroker } from "../../runtime/connectors/memory.ts";
import { type ManualClock, manualClock, settle } from "../../runtime/engine/clock.ts";
import type { OutputMessage } from "../../runtime/engine/connector.ts";
import { type Run, runPipeline } from "../../runtime/engine/run.ts";
import type { RunServices } from "../../runtime/engine/run-services.ts";
import { MemoryStore } from "../../runtime/state/memory-store.ts";

/** Of a pipeline with one source, `a`. */
export class CrashingRun {
  readonly clock: ManualClock = manualClock(0);
  private readonly config: RuntimeConfig;
  private readonly services: Partial<RunServices>;
  private readonly sinks: readonly string[];
  private readonly store = new MemoryStore();
  private broker = memoryBroker();
  private kept: readonly number[];
  private count = 0;
  private run: Run;

  constructor(config: RuntimeConfig, sinks: readonly string[], services: Partial<RunServices> = {}) {
    this.config = config;
    this.sinks = sinks;
    this.services = services;
    this.kept = sinks.map(() => 0);
    this.run = this.begin();
  }

  private begin(): Run {
    const next = memoryBroker();
    for (const [index, sink] of this.sinks.entries())
      (next.received(sink) as unknown[]).push(...this.broker.received(sink).slice(0, this.kept[index]));
    this.broker = next;
    next.input("a");
    const run = runPipeline(this.config, {
      connectors: builtInConnectors(next.connector),
      baseDirectory: "/",
      clock: this.clock,
      ...this.services,
      state: { store: this.store, id: "test", everyMs: Number.POSITIVE_INFINITY, onlyWhenAsked: true },
    });
    run.done.catch(() => {});
    return run;
  }

  /** Events that are there together. */
  send(events: readonly unknown[]): void {
    this.push(events);
    this.count += events.length;
  }

  private push(events: readonly unknown[]): void {
    for (const [number, event] of events.entries()) {
      const bytes = new TextEncoder().encode(JSON.stringify(event));
      this.broker.input("a").push({ bytes, position: `p${this.count + number}` });
    }
  }

  /** After a checkpoint. `lost` is read between the two: it comes again later as whatever it is then. */
  async crash(lost: readonly unknown[]): Promise<void> {
    if (!(await this.run.checkpoint())) throw new Error("there was no checkpoint");
    this.keep();
    this.push(lost);
    await settle();
    this.run.stop();
    this.run.stop();
    await this.run.done.catch(() => {});
    this.run = this.begin();
  }

  /** In order, and goes on. */
  async stop(): Promise<void> {
    this.run.stop();
    await this.run.done;
    this.keep();
    this.run = this.begin();
  }

  private keep(): void {
    this.kept = this.sinks.map((sink) => this.broker.received(sink).length);
  }

  async end(): Promise<void> {
    await settle();
    this.broker.input("a").end();
    await this.run.done;
  }

  received(sink: string): readonly OutputMessage[] {
    return this.broker.received(sink);
  }
}
