/**
 * What stands between a stage and a sink: collects records into blocks or batches, hands these over one at a time and in order, tries again
 * what failed for a reason that may pass, and pauses the sources while too much waits. Knows nothing of nodes other than its own.
 */
import type { FormatPlan, RetryPlan } from "../../compiler/contract/runtime-config.ts";
import type { RecordEncoder } from "../codec/format.ts";
import type { Chunk } from "./chunk.ts";
import { type Clock, sleep } from "./clock.ts";
import type { Awaitable, OutputMessage, Refusal, RoundRecord } from "./connector.ts";
import type { Current } from "./current.ts";
import type { Gates } from "./gate.ts";
import { backoffMs, defaultRetry, failingOf, isRetryable, Tries } from "./retry.ts";
import { messageOf, RuntimeError } from "./runtime-error.ts";
import type { SinkIntake } from "./stage-services.ts";

export interface OutputServices {
  readonly clock: Clock;
  readonly random: () => number;
  readonly gates: Gates;
  readonly current: Current;
  /** Something was taken, so that input may be acknowledged. */
  progressed(): void;
  /** The run cannot go on. Called at most once per output. */
  failed(error: unknown): void;
  /** A record that the sink does not want: `position` says which, `record` is what was to be written; `stands` as in `RoundRecord`. */
  refused(node: string, reason: string, position: string, record: Uint8Array, stands?: RoundRecord["stands"]): void;
  /** Aborts waiting between tries. */
  readonly signal: AbortSignal;
}

/** One block or batch on its way. */
export interface Parcel<T> {
  readonly content: T;
  readonly records: number;
  readonly sizeBytes: number;
}

/** So many bytes of records make a block or batch, which is then handed over. */
export const blockBytes = 1 << 16;
/** More than this waiting for the sink pauses the sources. */
const maxWaitingBytes = 1 << 20;

export abstract class SinkOutput<T> implements SinkIntake {
  abstract readonly kind: SinkIntake["kind"];
  readonly node: string;
  readonly format: FormatPlan;
  readonly encoder: RecordEncoder | undefined;
  /** Records put in, and of these taken by the sink. */
  putRecords = 0;
  takenRecords = 0;
  takenBytes = 0;
  droppedRecords = 0;
  retries = 0;
  protected readonly services: OutputServices;
  private readonly retry: RetryPlan;
  private readonly queue: Parcel<T>[] = [];
  private waitingBytes = 0;
  private isFull = false;
  private pump: Promise<void> | undefined;
  private hasFailed = false;

  constructor(
    node: string,
    format: FormatPlan,
    encoder: RecordEncoder | undefined,
    retry: RetryPlan | undefined,
    services: OutputServices,
  ) {
    this.node = node;
    this.format = format;
    this.encoder = encoder;
    this.retry = retry ?? defaultRetry;
    this.services = services;
  }

  abstract readonly attributes: boolean;
  abstract text(record: string): void;
  abstract bytes(record: Uint8Array): void;
  abstract message(
    record: string | Uint8Array,
    attributes: OutputMessage["attributes"],
    headers: OutputMessage["headers"],
  ): void;
  abstract isFirst(): boolean;
  /** Makes a parcel of what has been collected, if anything. */
  protected abstract seal(): void;
  /** Gives a parcel to the sink. */
  protected abstract hand(content: T): Awaitable<undefined | readonly Refusal[]>;
  /** The parcel's records one by one, for the dead letter. */
  protected abstract recordsOf(content: T): readonly RoundRecord[];
  /** The parcel's memory may be used again. */
  protected abstract taken(content: T): void;
  /** These messages of the parcel, and the others. */
  protected abstract split(parcel: Parcel<T>, messages: ReadonlySet<unknown>): readonly [Parcel<T>, Parcel<T>];

  abstract beginChunk(chunk: Chunk): void;
  abstract endChunk(): void;

  /** Hands over what has been collected, and resolves once the sink has taken everything. */
  async drain(): Promise<void> {
    this.seal();
    while (this.pump !== undefined) await this.pump;
  }

  /** Hands over what has been collected; does not wait. */
  push(): void {
    this.seal();
  }

  /** Where the sink stands and what has been counted, once everything is drained; for a checkpoint. */
  async state(): Promise<unknown> {
    const { takenRecords, takenBytes, droppedRecords, retries } = this;
    return {
      position: await this.checkpoint(),
      encoder: this.encoder?.state?.(),
      takenRecords,
      takenBytes,
      droppedRecords,
      retries,
    };
  }

  /** Takes up what `state` gave in an earlier run. The sink was opened at its position. */
  restore(state: Readonly<Record<string, unknown>>): void {
    this.putRecords = Number(state.takenRecords);
    this.takenRecords = this.putRecords;
    this.takenBytes = Number(state.takenBytes);
    this.droppedRecords = Number(state.droppedRecords);
    this.retries = Number(state.retries);
    this.encoder?.restore?.(state.encoder);
  }

  protected abstract checkpoint(): Awaitable<unknown>;
  /** What comes after a crash may come again. */
  abstract readonly repeats: boolean;

  get isIdle(): boolean {
    return this.pump === undefined && this.takenRecords === this.putRecords;
  }

  protected send(content: T, records: number, sizeBytes: number): void {
    const parcel = { content, records, sizeBytes };
    if (this.hasFailed) return;
    if (this.pump !== undefined) {
      this.enqueue(parcel);
      return;
    }
    let answer: Awaitable<undefined | readonly Refusal[]>;
    try {
      answer = this.hand(content);
    } catch (error) {
      this.enqueue(parcel);
      this.start(Promise.reject(error));
      return;
    }
    if (answer instanceof Promise) {
      this.enqueue(parcel);
      this.start(answer);
    } else this.finish(parcel, answer);
  }

  private enqueue(parcel: Parcel<T>): void {
    this.queue.push(parcel);
    this.waitingBytes += parcel.sizeBytes;
    if (this.waitingBytes > maxWaitingBytes && !this.isFull) {
      this.isFull = true;
      this.services.gates.outputFilled();
    }
  }

  private start(first: Promise<undefined | readonly Refusal[]> | undefined): void {
    this.pump = this.run(first)
      .catch((error) => {
        this.hasFailed = true;
        this.services.failed(error);
      })
      .finally(() => {
        this.pump = undefined;
        // Something was put in after the queue had been found empty.
        if (this.queue.length > 0 && !this.hasFailed) {
          this.start(undefined);
          return;
        }
        if (this.isFull) this.services.gates.outputDrained();
        this.isFull = false;
        this.services.progressed();
      });
  }

  private async run(first: Promise<undefined | readonly Refusal[]> | undefined): Promise<void> {
    let answer = first;
    for (let parcel = this.queue[0]; parcel !== undefined; parcel = this.queue[0]) {
      await this.deliver(parcel, answer);
      answer = undefined;
      this.queue.shift();
      this.waitingBytes -= parcel.sizeBytes;
      if (this.isFull && this.waitingBytes <= maxWaitingBytes / 2) {
        this.isFull = false;
        this.services.gates.outputDrained();
      }
      this.services.progressed();
    }
  }

  /** One parcel with all its tries, counted for each message where the sink says which failed. @param answer the outcome of a try already under way */
  private async deliver(parcel: Parcel<T>, answer: Promise<undefined | readonly Refusal[]> | undefined): Promise<void> {
    const tries = new Tries();
    let left = parcel;
    for (let first = answer; ; first = undefined) {
      try {
        this.finish(left, await (first ?? this.hand(left.content)));
        return;
      } catch (error) {
        if (!isRetryable(error) || this.services.signal.aborted) throw error;
        const { attempt, spent } = tries.count(failingOf(error), this.retry.count);
        if (spent === undefined) await this.waitToRetry(attempt);
        else left = this.giveUp(left, spent, error);
        if (left.records === 0) return;
      }
    }
  }

  private waitToRetry(attempt: number): Promise<void> {
    this.retries++;
    const { clock, random, signal } = this.services;
    return sleep(clock, backoffMs(this.retry, attempt, random), signal);
  }

  private finish(parcel: Parcel<T>, refusals: undefined | readonly Refusal[]): void {
    if (refusals !== undefined && refusals.length > 0) {
      const records = this.recordsOf(parcel.content);
      for (const { index, reason } of refusals) {
        const record = records[index];
        if (record === undefined) continue;
        this.services.refused(this.node, reason, record.position, record.bytes, record.stands);
      }
    }
    this.takenRecords += parcel.records;
    this.takenBytes += parcel.sizeBytes;
    this.taken(parcel.content);
  }

  /** @returns what is left of the parcel */
  private giveUp(parcel: Parcel<T>, spent: ReadonlySet<unknown> | "all", error: unknown): Parcel<T> {
    const tries = this.retry.count === 0 ? "1 try" : `${this.retry.count + 1} tries`;
    if (this.retry.else === "fail") {
      throw new RuntimeError(
        "sink-unavailable",
        `Sink '${this.node}' did not take its events in ${tries}: ${messageOf(error)}`,
        { cause: error },
      );
    }
    const [lost, left] = spent === "all" ? [parcel, { ...parcel, records: 0 }] : this.split(parcel, spent);
    if (this.retry.else === "drop") this.droppedRecords += lost.records;
    else
      for (const { position, bytes, stands } of this.recordsOf(lost.content))
        this.services.refused(this.node, `not taken in ${tries}: ${messageOf(error)}`, position, bytes, stands);
    this.takenRecords += lost.records;
    this.taken(lost.content);
    return left;
  }
}
