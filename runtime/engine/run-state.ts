/** What the parts of one run share: its plan, its counts, what is open, and whether it goes on. Each part is a file that works on this. */
import type { ConnectorPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { BadEvent } from "./bad-event.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Connections } from "./connections.ts";
import type { Log, RoundRecord } from "./connector.ts";
import { Current } from "./current.ts";
import { DeadLetter } from "./dead-letter.ts";
import type { EventTimeline } from "./event-time.ts";
import { Failures } from "./failures.ts";
import { type Gate, Gates } from "./gate.ts";
import type { Output } from "./output.ts";
import type { Probe } from "./probe.ts";
import type { ProcessingTimers } from "./processing-timers.ts";
import { Progress } from "./progress.ts";
import type { TableRefresher } from "./refresh-tables.ts";
import type { RunPorts } from "./run-ports.ts";
import type { RunServices, SpillServices, StateServices } from "./run-services.ts";
import type { SourceLoop } from "./source-services.ts";
import { countStride } from "./stage-services.ts";
import type { Table } from "./tables.ts";
import type { Task } from "./told-watermark.ts";

/** A source's loop, and whether it waits for input. `index`: of its node. */
export interface LoopEntry {
  readonly loop: SourceLoop;
  readonly index: number;
  readonly gate: Gate;
  waiting: boolean;
  /** Stops the clock that wakes the run when a throttle lets it go on. */
  cancelHeld: () => void;
  /** Its next record is there for sure (a file): in an order by event time the others wait for it. */
  readonly isWaitedFor: boolean;
  /** Stops the clock by which it becomes idle. */
  cancelIdle: () => void;
  /** Processing time at which it becomes idle, while that clock runs. */
  idleAtMs: number | undefined;
  /** An earlier run of the same state had begun to wait: so long is left until it is idle. */
  idleLeftMs: number | undefined;
}

/** The run is asked to stand still. */
export interface Pausing {
  /** It does. */
  reached(): void;
  /** Resolves when it may go on. */
  readonly goOn: Promise<void>;
}

export class RunState {
  readonly config: RuntimeConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly probe: Probe | undefined;
  readonly tables: ReadonlyMap<string, Table> | undefined;
  readonly current = new Current();
  readonly gates = new Gates();
  readonly abort = new AbortController();
  readonly connections: Connections;
  readonly failures: Failures;
  readonly deadLetter: DeadLetter;
  readonly counts: Float64Array;
  outputs: ReadonlyMap<string, Output> = new Map();
  readonly loops: LoopEntry[] = [];
  /** Undefined where nothing lives by event time. */
  time: EventTimeline | undefined;
  /** Undefined where nothing waits for processing time. */
  timers: ProcessingTimers | undefined;
  /** Undefined where no table is read again. */
  refresher: TableRefresher | undefined;
  /** Stopped, it leaves its windows as they are: another run takes them up. */
  readonly goesOnLater: boolean;
  /** Opened with the run; undefined where it keeps no state. */
  checkpoints: Checkpoints | undefined;
  readonly stateServices: StateServices | undefined;
  readonly spill: SpillServices | undefined;
  readonly openUserCode: RunServices["userCode"];
  progress = new Progress();
  /** By byte source that a window reads, without state: its last acknowledgement, which waits for the end. */
  readonly held = new Map<unknown, () => void>();
  /** Gives a record that a sink refused to the readers of its errors. */
  refusedAt: (node: string, bad: BadEvent, stands?: RoundRecord["stands"]) => void = () => {};
  failure: { readonly error: unknown } | undefined;
  /** Rejects with the first failure; never resolves. */
  readonly failed: Promise<never>;
  private rejectFailed: (error: unknown) => void = () => {};
  stopping = false;
  /** Looked at between two rounds of turns. */
  pausing: Pausing | undefined;
  /** Whose watermarks it tells; undefined where nobody wants to know. */
  task: Task | undefined;
  /** User code; set when the run is opened. */
  ports: RunPorts | undefined;
  private wakers: (() => void)[] = [];

  /** @param openDeadLetter called with the first bad event that nobody reads */
  constructor(
    config: RuntimeConfig,
    services: RunServices,
    openDeadLetter: (state: RunState, plan: ConnectorPlan) => Promise<Output>,
  ) {
    this.config = config;
    this.clock = services.clock ?? systemClock;
    this.log = services.log ?? silentLog;
    this.random = services.random ?? Math.random;
    this.stateServices = services.state;
    this.spill = services.spill;
    this.openUserCode = services.userCode;
    this.goesOnLater = services.state !== undefined;
    this.probe = services.probe;
    this.task = services.task;
    this.tables = services.tables;
    this.connections = new Connections(config, services, this.clock, this.log);
    this.counts = new Float64Array(countStride * config.nodes.length);
    this.failures = new Failures(config.nodes, this.current, config.errors.policy);
    this.failed = new Promise<never>((_, reject) => {
      this.rejectFailed = reject;
    });
    this.failed.catch(() => {});
    const plan = config.errors.policy === "fail" ? undefined : (config.errors.connector ?? services.deadLetter);
    this.deadLetter = new DeadLetter(
      plan === undefined ? undefined : () => openDeadLetter(this, plan),
      this.clock,
      (error) => this.fail(error),
    );
  }

  fail(error: unknown): void {
    this.failure ??= { error };
    this.rejectFailed(error);
    this.abort.abort();
    this.wake();
  }

  throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Something has happened that the loop, or whoever drains it, waits for. */
  wake(): void {
    const wakers = this.wakers;
    if (wakers.length === 0) return;
    this.wakers = [];
    for (const waker of wakers) waker();
  }

  nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.wakers.push(resolve);
    });
  }

  /** No clock of this run is left running. */
  stopTimers(): void {
    this.timers?.stop();
    this.refresher?.stop();
    for (const entry of this.loops) {
      entry.cancelIdle();
      entry.cancelHeld();
    }
  }

  /** Sources are asked for no more; what has been read is still worked on. */
  stop(): void {
    this.stopping = true;
    for (const { loop } of this.loops) {
      loop.stop();
      loop.source.stop();
    }
    this.wake();
  }
}

const silentLog: Log = { info: () => {}, warn: () => {} };
