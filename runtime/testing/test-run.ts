/** The pipeline of a test as it runs: the real engine, between a clock that is moved by hand and a probe that sees everything. */
import type { RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";
import { type ManualClock, manualClock } from "../engine/clock.ts";
import type { Message } from "../engine/connector.ts";
import { type Run, runPipeline } from "../engine/run.ts";
import { messageOf } from "../engine/runtime-error.ts";
import { rowTaker } from "../engine/tables.ts";
import { MemoryStore } from "../state/memory-store.ts";
import type { OpenUserCode } from "../user-code/user-code.ts";
import { Recorder } from "./recorder.ts";
import { testConfig } from "./test-config.ts";
import { TestInput, testConnector } from "./test-connector.ts";

export interface TestRunOptions {
  /** How many messages a source gives at once, at most. What comes out does not depend on it. */
  readonly batch?: number;
  /** For `restart`. */
  readonly keepsState?: boolean;
  /** For steps that are programs; without it a test of them fails and says so. */
  readonly userCode?: OpenUserCode;
  /** Where these run. Absolute. */
  readonly baseDirectory?: string;
}

type TableRows = Map<string | number, unknown>;

export class TestRun {
  readonly recorder = new Recorder({ keep: true });
  readonly tables: ReadonlyMap<string, TableRows>;
  /** What ended the run, in words. */
  failure: string | undefined;
  private readonly config: RuntimeConfig;
  private readonly options: TestRunOptions;
  private readonly clock: ManualClock = manualClock(0);
  private readonly inputs: ReadonlyMap<string, TestInput>;
  private readonly store: MemoryStore | undefined;
  private run: Run;
  private hasEnded = false;
  /** Drops what came out since the last checkpoint. */
  private forget: () => void = () => {};
  /** Since the last checkpoint something has happened that nothing would bring again after a crash: time passed, a watermark was moved. */
  private hasChanged = false;

  constructor(config: RuntimeConfig, options: TestRunOptions = {}) {
    const { batch = 1024, keepsState = false } = options;
    this.options = options;
    this.config = testConfig(config);
    const sources = this.config.nodes.filter((node) => node.kind === "source");
    this.inputs = new Map(sources.map(({ name }) => [name, new TestInput(batch)]));
    this.tables = new Map(config.tables.map(({ name }) => [name, new Map()]));
    this.store = keepsState ? new MemoryStore() : undefined;
    this.run = this.begin();
  }

  private begin(): Run {
    const run = runPipeline(this.config, {
      connectors: new Map([["memory", testConnector(this.inputs)]]),
      baseDirectory: this.options.baseDirectory ?? "/",
      ...(this.options.userCode === undefined ? {} : { userCode: this.options.userCode }),
      clock: this.clock,
      random: () => 0.5,
      deadLetter: { type: "memory", options: {} },
      secret: () => "",
      probe: this.recorder,
      tables: this.tables,
      ...(this.store === undefined
        ? {}
        : { state: { store: this.store, id: "test", everyMs: Number.POSITIVE_INFINITY, onlyWhenAsked: true } }),
    });
    run.done.then(
      () => {
        if (this.run === run) this.hasEnded = true;
      },
      (error) => {
        if (this.run === run) this.failure = messageOf(error);
      },
    );
    return run;
  }

  /** Crashes, and goes on from the last checkpoint: what came out since then is gone, and the events that were read since then are read again. */
  async restart(): Promise<void> {
    await this.rest();
    if (this.hasChanged) await this.checkpoint();
    if (this.failure !== undefined) return;
    const crashed = this.run;
    this.run = { ...crashed };
    crashed.stop();
    crashed.stop();
    await crashed.done.catch(() => {});
    this.hasEnded = false;
    for (const input of this.inputs.values()) input.close();
    this.forget();
    this.run = this.begin();
    await this.rest();
  }

  private async checkpoint(): Promise<void> {
    if (this.store === undefined || this.failure !== undefined) return;
    try {
      if (!(await this.run.checkpoint())) return;
    } catch (error) {
      this.failure = messageOf(error);
      return;
    }
    this.forget = this.recorder.mark();
    this.hasChanged = false;
  }

  /** Processing time since the test began. */
  get nowMs(): number {
    return this.clock.nowMs();
  }

  source(name: string): SourcePlan {
    const node = this.config.nodes.find((each) => each.name === name);
    if (node?.kind !== "source") throw new Error(`the plan has no source '${name}'`);
    return node;
  }

  hasSourceEnded(name: string): boolean {
    return this.inputs.get(name)?.hasEnded === true;
  }

  /**
   * Gives messages to a source, and waits until all that comes of them is there. Where there will be a crash, with a checkpoint between the first half
   * of them and the second: so there is something in it, and something is read again.
   */
  async send(source: string, messages: readonly Message[]): Promise<void> {
    const input = this.inputs.get(source);
    const half = this.store === undefined ? 0 : Math.floor(messages.length / 2);
    if (half > 0) input?.push(messages.slice(0, half));
    await this.rest();
    await this.checkpoint();
    input?.push(messages.slice(half));
    await this.rest();
  }

  async setWatermark(source: string | undefined, toMs: number): Promise<void> {
    await this.rest();
    this.hasChanged = true;
    for (const name of source === undefined ? this.inputs.keys() : [source]) this.run.setWatermark(name, toMs);
    await this.rest();
  }

  watermark(node: string): number {
    return this.run.watermark(node);
  }

  /** Processing time passes; what it sets free comes in order. */
  async advance(byMs: number): Promise<void> {
    await this.rest();
    this.hasChanged = true;
    await this.clock.advance(byMs);
    await this.rest();
  }

  async end(source: string | undefined): Promise<void> {
    this.hasChanged = true;
    for (const [name, input] of this.inputs) if (source === undefined || name === source) input.end();
    await this.rest();
  }

  /** The table's rows from now on. @throws EvaluationError, BadRecord for a row that cannot be used */
  setTable(name: string, rows: readonly unknown[]): void {
    const table = this.tables.get(name);
    const plan = this.config.tables.find((each) => each.name === name);
    // Nothing reads it.
    if (table === undefined || plan === undefined) return;
    this.hasChanged = true;
    table.clear();
    const put = rowTaker(plan, this.config, table);
    for (const row of rows) put(row);
  }

  /** The run is given up; what it held is dropped. */
  async close(): Promise<void> {
    if (!this.hasEnded && this.failure === undefined) {
      this.run.stop();
      this.run.stop();
      await nextTask();
      // Its programs are ended then.
      if (this.options.userCode !== undefined) await this.run.done.catch(() => {});
    }
  }

  /**
   * Waits until the engine rests: each source has given all it has and asks for more. Where a throttle holds events back, until nothing has moved
   * for a while; the clock stands still, so nothing would.
   */
  private async rest(): Promise<void> {
    let quiet = 0;
    let left = -1;
    while (quiet < 3) {
      await nextTask();
      if (this.failure !== undefined || this.hasEnded) return;
      if (this.run.isBusy()) {
        quiet = 0;
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const inputs = [...this.inputs.values()];
      if (!inputs.every((input) => input.isOpen)) continue;
      const now = inputs.reduce((sum, input) => sum + input.left, 0);
      const moved = now !== left;
      left = now;
      quiet = moved ? 0 : quiet + (inputs.every((input) => input.isAtRest) ? 1 : 1 / 8);
    }
  }
}

const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
