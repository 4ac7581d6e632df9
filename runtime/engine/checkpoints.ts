/**
 * Checkpoints of one run: everything that must be known to go on after a crash, in one transaction. Taken between turns, when every sink has what it was
 * given: positions of sources and sinks, counts, event time and the cells of windows then belong to one moment. What came before it is acknowledged after it.
 *
 * Knows what is kept only by name: each part of the run says how it is saved and restored.
 */

import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { KeptCells } from "../state/kept-cells.ts";
import { type Phase, reconcile } from "../state/reconcile.ts";
import type { StateChanges } from "../state/state-store.ts";
import { damagedState, decodeValue } from "../state/value-reader.ts";
import { encodeValue } from "../state/value-writer.ts";
import type { Clock } from "./clock.ts";
import type { KeptContext } from "./connector.ts";
import type { StateServices } from "./run-services.ts";

/** Something small that survives: saved whole, where it changed. */
export interface Kept {
  /** A plain value. Called when nothing of the run is under way. */
  save(): unknown;
  /** Called at once, and only when there is something. */
  restore(saved: unknown): void;
}

/** A sink's output, or the dead letter's, as a checkpoint sees it. */
export interface KeptOutput {
  /** Where it stands, once everything is drained. */
  state(): Promise<unknown>;
  restore(state: Readonly<Record<string, unknown>>): void;
  readonly putRecords: number;
}

/** The run that checkpoints are taken of. */
export interface CheckpointedRun {
  readonly config: RuntimeConfig;
  readonly clock: Clock;
  readonly loops: readonly { readonly loop: { readonly events: number; readonly bytes: number } }[];
  /** Every sink has what it was given. */
  drain(): Promise<void>;
  throwIfFailed(): void;
}

/** A checkpoint may take this share of the time: after a long one the next is put off. */
const greatestShare = 0.1;
/** The same of a store that is elsewhere, for whose answer is only waited. What is sent is seen no sooner than it says so. */
const greatestShareOfWaiting = 0.5;
/** But not longer than this: what was waited for was an outage, and what is sent meanwhile stands in a transaction that brokers end after its time. */
const longestPauseMs = 1_000;
/** With so many batches that wait to be acknowledged the next one does not wait for its time. */
const mostAcknowledgements = 10_000;

export class Checkpoints {
  phase: Phase;
  private readonly run: CheckpointedRun;
  private readonly services: StateServices;
  private readonly found: ReadonlyMap<string, Uint8Array>;
  private readonly kept = new Map<string, Kept>();
  private readonly outputs = new Map<string, KeptOutput>();
  private readonly cells = new Map<string, KeptCells>();
  /** As text, to write only what has changed. */
  private readonly written = new Map<string, string>();
  private readonly acknowledgements = new Map<unknown, () => void>();
  private readonly fingerprints: unknown;
  private readonly begun: void | Promise<void>;
  private dueMs: number;
  private workAtLast = -1;
  private running: Promise<void> | undefined;
  private readonly deferred: (() => void)[] = [];

  /** @throws RuntimeError "state-differs" when state of a node that has changed would be lost */
  constructor(run: CheckpointedRun, services: StateServices) {
    this.run = run;
    this.services = services;
    const { phase, values, fingerprints, stored } = reconcile(services.store, run.config, services.reset ?? new Set());
    this.phase = phase;
    this.begun = stored;
    // Whoever awaits it is told.
    if (stored instanceof Promise) stored.catch(() => {});
    this.found = values;
    this.fingerprints = fingerprints;
    for (const [name, bytes] of values) this.written.set(name, textOf(bytes));
    this.dueMs = run.clock.elapsedMs() + services.everyMs;
  }

  /** What a run of this state has left under the name. */
  saved(name: string): unknown {
    const bytes = this.found.get(name);
    return bytes === undefined ? undefined : damagedState(() => decodeValue(bytes));
  }

  keep(name: string, kept: Kept): void {
    this.kept.set(name, kept);
    const saved = this.saved(name);
    if (saved !== undefined) kept.restore(saved);
  }

  keepOutput(name: string, output: KeptOutput): void {
    this.outputs.set(name, output);
    const saved = this.saved(name);
    if (isRecord(saved)) output.restore(saved);
  }

  /** Cells of a node: too many to be saved whole. Restores what there is. */
  keepCells(node: string, cells: KeptCells): void {
    this.cells.set(node, cells);
    damagedState(() => cells.restore(this.services.store.pages(node)));
  }

  contextOf(name: string): KeptContext {
    const saved = this.saved(name);
    const position = isRecord(saved) ? saved.position : undefined;
    return {
      id: this.services.id,
      ...(position === undefined ? {} : { position }),
      ...(this.phase === "ending" ? { isEnding: true } : {}),
      ...(this.phase === "stopped" ? { wasStopped: true } : {}),
    };
  }

  /** An output was opened while the run goes on: notes where it stands, before anything is written to it. */
  async opened(name: string): Promise<void> {
    // A store that takes part in a transaction with the outputs cannot write in the middle of a turn: the next checkpoint has it.
    if (this.found.has(name) || this.services.isPaced === true) return;
    await this.begun;
    const bytes = encodeValue(await this.outputs.get(name)?.state());
    await this.services.store.transaction((changes) => this.put(changes, name, bytes));
  }

  /** Keeps an acknowledgement until what it is for is in a checkpoint. */
  through(key: unknown, acknowledge: () => void): void {
    this.acknowledgements.set(key, acknowledge);
  }

  isDue(): boolean {
    if (this.services.onlyWhenAsked === true) return false;
    return this.acknowledgements.size >= mostAcknowledgements || this.run.clock.elapsedMs() >= this.dueMs;
  }

  /** Of the run's clock: how long a run that waits for input has until the next one; 0: it is taken at once. */
  get waitMs(): number {
    return this.services.isPaced === true ? Math.max(0, this.dueMs - this.run.clock.elapsedMs()) : 0;
  }

  /** Something has come in or gone out since the last checkpoint. */
  get hasNews(): boolean {
    return this.services.onlyWhenAsked !== true && this.work() !== this.workAtLast;
  }

  /** Never called while a turn is under way or results of a window wait for room. @throws RuntimeError "state-unavailable" */
  async take(phase: Phase = "running"): Promise<void> {
    while (this.running !== undefined) await this.running;
    this.running = this.takeNow(phase);
    try {
      await this.running;
    } finally {
      this.running = undefined;
    }
    for (const action of this.deferred.splice(0)) action();
  }

  /** One is under way: nothing of the run may change until it is `free`. */
  get isBusy(): boolean {
    return this.running !== undefined;
  }

  async free(): Promise<void> {
    await this.running;
  }

  /** At once, or as soon as the checkpoint that is under way has been taken. */
  whenFree(action: () => void): void {
    if (this.isBusy) this.deferred.push(action);
    else action();
  }

  private async takeNow(phase: Phase): Promise<void> {
    await this.begun;
    await this.run.drain();
    const outputs = new Map<string, unknown>();
    for (const [name, output] of this.outputs) outputs.set(name, this.withoutCounts(await output.state()));
    this.run.throwIfFailed();
    // While it is stored nothing of the run changes: it is busy.
    const start = performance.now();
    const { store } = this.services;
    let workMs = 0;
    await store.transaction((changes) => {
      const workStart = performance.now();
      this.write(changes, phase, outputs);
      workMs = performance.now() - workStart;
    });
    for (const cells of this.cells.values()) cells.saved();
    this.phase = phase;
    this.dueMs = this.run.clock.elapsedMs() + this.pauseMs(workMs, performance.now() - start);
    const acknowledgements = [...this.acknowledgements.values()];
    this.acknowledgements.clear();
    for (const acknowledge of acknowledgements) acknowledge();
    this.workAtLast = this.work();
  }

  /** A task that others may take over counts what it has done itself. */
  private withoutCounts(state: unknown): unknown {
    if (this.services.isPaced !== true || !isRecord(state)) return state;
    return { ...state, takenRecords: 0, takenBytes: 0, droppedRecords: 0, retries: 0 };
  }

  /** From the end of one to the next. */
  private pauseMs(workMs: number, wholeMs: number): number {
    const { everyMs, isPaced } = this.services;
    if (isPaced !== true) return Math.max(everyMs, wholeMs / greatestShare);
    const waitingMs = Math.min(wholeMs / greatestShareOfWaiting - wholeMs, longestPauseMs);
    return Math.max(everyMs, workMs / greatestShare, waitingMs);
  }

  /** All is in its place. */
  async done(): Promise<void> {
    this.phase = "done";
    await this.services.store.transaction((changes) => this.putMeta(changes, "done"));
  }

  private write(changes: StateChanges, phase: Phase, outputs: ReadonlyMap<string, unknown>): void {
    this.putMeta(changes, phase);
    for (const [name, value] of outputs) this.put(changes, name, encodeValue(value));
    for (const [name, kept] of this.kept) this.put(changes, name, encodeValue(kept.save()));
    for (const [node, cells] of this.cells) cells.save((page, content) => changes.page(node, page, content));
  }

  private putMeta(changes: StateChanges, phase: Phase): void {
    this.put(changes, "phase", encodeValue(phase));
    this.put(changes, "fingerprints", encodeValue(this.fingerprints));
  }

  private put(changes: StateChanges, name: string, bytes: Uint8Array): void {
    const text = textOf(bytes);
    if (this.written.get(name) === text) return;
    changes.value(name, bytes);
    this.written.set(name, text);
  }

  /** Grows with everything that comes in and goes out. */
  private work(): number {
    const came = this.run.loops.reduce((sum, { loop }) => sum + loop.events + loop.bytes, this.acknowledgements.size);
    return [...this.outputs.values()].reduce((sum, { putRecords }) => sum + putRecords, came);
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
