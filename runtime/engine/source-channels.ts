/**
 * The watermark of a source that has several channels: the partitions of a log, or the tasks upstream that tell theirs in it. It is the least over the channels that
 * are not idle, where all are the greatest that one had, and never goes back. A source of one partition that tells no watermarks needs none of this.
 */
import type { Clock } from "./clock.ts";
import type { EventTimeline } from "./event-time.ts";
import { IdlePartitions } from "./idle-partitions.ts";
import { listsOf, ToldTasks } from "./told-tasks.ts";
import { readTold } from "./told-watermark.ts";

export interface ChannelServices {
  readonly clock: Clock;
  /** A partition that has given nothing for so long, while the source was asked, is not waited for. Absent: all are waited for. */
  readonly idleMs?: number | undefined;
  /** Runs what comes from a clock at a time when the run may change, and wakes it. */
  meanwhile(action: () => void): void;
}

export class SourceChannels {
  private readonly time: EventTimeline;
  private readonly source: number;
  private readonly partitions: readonly string[];
  private readonly isTold: boolean;
  /** By partition, where event times move them. */
  private readonly marks: Float64Array;
  private readonly idle: IdlePartitions | undefined;
  /** By partition: what was told in it. */
  private readonly told: readonly ToldTasks[];
  /** Of the present record. */
  private now = 0;
  /** Of the marks that are not idle; +∞ where all are. */
  private leastMs = Number.NEGATIVE_INFINITY;

  /** @param isTold watermarks come as records of their own (`heard`), and not from event times (`saw`) */
  constructor(
    time: EventTimeline,
    source: number,
    partitions: readonly string[],
    isTold: boolean,
    services: ChannelServices,
  ) {
    this.time = time;
    this.source = source;
    this.partitions = partitions;
    this.isTold = isTold;
    this.marks = new Float64Array(partitions.length).fill(Number.NEGATIVE_INFINITY);
    this.told = partitions.map(() => new ToldTasks());
    const { clock, idleMs } = services;
    if (idleMs === undefined || isTold) return;
    this.idle = new IdlePartitions(partitions.length, {
      clock,
      idleMs,
      meanwhile: (action) => services.meanwhile(action),
      becameIdle: () => this.becameIdle(),
    });
  }

  /** Records of a partition come next, by its place in `partitions`. */
  at(channel: number): void {
    this.now = channel;
    this.time.becameActive(this.source);
    if (this.idle === undefined) return;
    const wasIdle = this.idle.is(channel);
    this.idle.gave(channel);
    if (wasIdle) this.leastMs = this.leastMark();
  }

  /** An event of the present partition has been through the stage, under the watermark as it stood. Called for each; `settle` is the caller's. */
  saw(atMs: number, delayMs: number, aheadMs: number): void {
    const { marks, now, time, source } = this;
    const before = marks[now]!;
    if (this.isTold || !(atMs - delayMs > before)) return;
    const moved = atMs > time.aheadLimits[source]! ? time.withinAhead(source, atMs, delayMs, aheadMs) : atMs - delayMs;
    if (moved <= before) return;
    marks[now] = moved;
    if (before > this.leastMs) return;
    this.leastMs = this.leastMark();
    if (this.leastMs > time.watermarks[source]!) time.watermarks[source] = this.leastMs;
  }

  /** A watermark record of the present partition. What is none is passed over: somebody else's header. */
  heard(text: string): void {
    const message = readTold(text);
    if (message === undefined) return;
    this.told[this.now]!.hear(message);
    this.carryTold();
  }

  /** The source is asked for more. */
  asks(): void {
    this.idle?.asks();
  }

  /** It has nothing now (`true`), or something has come. */
  waits(isWaiting: boolean): void {
    this.idle?.waits(isWaiting);
  }

  /** The source is not asked for some time (`true`), or is again. */
  standStill(stands: boolean): void {
    this.idle?.standStill(stands);
  }

  /** A plain value, for a checkpoint. */
  save(): unknown {
    return this.partitions.map((partition, channel) => [
      partition,
      this.marks[channel],
      this.idle?.is(channel) === true,
      this.told[channel]!.save(),
    ]);
  }

  /** Takes up what `save` gave in an earlier run; partitions that are not there any more are left out. */
  restore(saved: unknown): void {
    for (const [partition, mark, isIdle, told] of listsOf(saved)) {
      const channel = this.partitions.indexOf(String(partition));
      if (channel < 0) continue;
      this.marks[channel] = Number(mark);
      if (isIdle === true) this.idle?.restore(channel);
      this.told[channel]!.restore(told);
    }
    this.leastMs = this.leastMark();
  }

  stop(): void {
    this.idle?.stop();
  }

  private leastMark(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let channel = 0; channel < this.marks.length; channel++)
      if (this.marks[channel]! < least && this.idle?.is(channel) !== true) least = this.marks[channel]!;
    return least;
  }

  /** The least over all tasks of all partitions; nothing before all were heard of. */
  private carryTold(): void {
    let leastMs = Number.POSITIVE_INFINITY;
    let greatestIdleMs = Number.NEGATIVE_INFINITY;
    let hasIdle = false;
    for (const told of this.told) {
      const marks = told.marks();
      if (marks === undefined) return;
      for (const { ms, isIdle } of marks)
        if (!isIdle) leastMs = Math.min(leastMs, ms);
        else {
          hasIdle = true;
          greatestIdleMs = Math.max(greatestIdleMs, ms);
        }
    }
    // Where all others have ended, the idle ones may still give something.
    if (hasIdle && leastMs === Number.POSITIVE_INFINITY) this.becameIdleAt(greatestIdleMs);
    else {
      this.time.becameActive(this.source);
      this.time.setWatermark(this.source, leastMs);
    }
  }

  private becameIdle(): void {
    this.leastMs = this.leastMark();
    if (this.idle?.areAll === true) this.becameIdleAt(Math.max(...this.marks));
    else this.time.setWatermark(this.source, this.leastMs);
  }

  /** All are. None holds the others back any more, so that it does not matter which was idle last. */
  private becameIdleAt(greatestMs: number): void {
    const { time, source } = this;
    if (greatestMs > time.ownWatermark(source)) {
      time.becameActive(source);
      time.setWatermark(source, greatestMs);
    }
    time.becameIdle(source);
  }
}
