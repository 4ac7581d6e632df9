/**
 * One operator of user code inside a stage: events go out through it, and what comes back goes on with the operators behind it, in the order of the input and under the watermark
 * as it stood when the event came. So what comes out does not depend on how fast a program is.
 *
 * The ordered wait of a stream processor's asynchronous operator: the event that comes back first waits for those before it.
 */
import type { RetryPlan } from "../../../compiler/contract/runtime-config.ts";
import { timestampOfMillis } from "../../expr/values/timestamp.ts";
import type { SentChunk } from "../../user-code/user-code.ts";
import { BadRecord } from "../bad-event.ts";
import type { Chunk, ChunkTaker } from "../chunk.ts";
import type { Clock } from "../clock.ts";
import type { Current } from "../current.ts";
import { messageOf } from "../runtime-error.ts";
import type { Attributes, EventTime, StagePort } from "../stage-services.ts";
import { Dispatch } from "./dispatch.ts";
import { type Entry, HeldUnit, type Settled } from "./entry.ts";
import { HeldEvent } from "./held-event.ts";
import { type Result, ResultReader } from "./result.ts";

export interface PortServices {
  readonly pipeline: string;
  readonly current: Current;
  readonly random: () => number;
  /** Real time: a program does not live by the pipeline's. */
  readonly clock: Clock;
  parseJson(text: string): unknown;
  toJson(data: unknown): string;
  /** Up to where the input of the node is complete. */
  inputWatermarkMs(): number;
  /** What holds the watermark behind the port has moved: carries it on. True when a window stopped in the middle. */
  carry(): boolean;
  /** Ends the run. */
  failed(error: unknown): void;
  /** More waits than should; fewer do again. */
  filled(): void;
  drained(): void;
  /** Something can be given out. */
  woke(): void;
  /** Who looks on. */
  readonly probe?: {
    left(): unknown;
    back(seen: unknown): void;
    /** @param hadResults undefined where nobody can tell: in a chunk, and of an event given up */
    gone(seen: unknown, hadResults: boolean | undefined): void;
  };
}

/** With more than so many units, or characters of events, the sources pause. */
const mostUnits = 1 << 10;
const mostWeight = 1 << 23;
/** Fewer are enough to keep a program busy: what waits has to be held. */
const enoughUnits = 3;
const enoughWeight = 1 << 18;

export class Port implements StagePort {
  readonly node: string;
  putRecords = 0;
  takenRecords = 0;
  /** Given up where the step says `else drop`. */
  droppedRecords = 0;
  give: StagePort["give"] = () => {
    throw new Error("bug: a port leads nowhere");
  };
  givesText = false;
  refuse: StagePort["refuse"] = () => {
    throw new Error("bug: a port leads nowhere");
  };
  isTyped = false;
  takers: readonly ChunkTaker[] = [];
  /** The watermark under which the event being given out had come; a port behind this one in the same step goes by it. */
  presentMs = Number.NEGATIVE_INFINITY;
  private readonly services: PortServices;
  readonly dispatch: Dispatch;
  private readonly results: ResultReader;
  /** In the order of the input; what comes before `first` has been given out. */
  private queue: Entry[] = [];
  private first = 0;
  private weight = 0;
  private isFull = false;
  private numbers = 0;
  private readonly open: { readonly chunk: Chunk; readonly events: HeldEvent[]; watermarkMs: number }[] = [];
  /** What holds the watermark may have moved and was not carried on yet. */
  private isStale = false;

  constructor(node: string, retry: RetryPlan, services: PortServices) {
    this.node = node;
    this.services = services;
    const { clock, random } = services;
    this.dispatch = new Dispatch(node, retry, {
      ...{ clock, random },
      failed: (error) => services.failed(error),
      settled: () => {
        if (this.canRelease) services.woke();
      },
    });
    this.results = new ResultReader(services.parseJson);
  }

  get isEmpty(): boolean {
    return this.first >= this.queue.length;
  }

  /** The first unit can be given out, or what it held back can be carried on. */
  get canRelease(): boolean {
    return this.isStale || this.queue[this.first]?.settled !== undefined;
  }

  /** The watermark stays here until the first event in it has been given out; +∞ when there is none. */
  holdMs(): number {
    return (
      this.queue[this.first]?.watermarkMs ??
      this.open.find(({ events }) => events.length > 0)?.watermarkMs ??
      Number.POSITIVE_INFINITY
    );
  }

  put(
    data: unknown,
    time: EventTime,
    set: Attributes,
    timeMs: number,
    isRetracted: boolean,
    text: string | undefined,
  ): void {
    const { pipeline, current, toJson } = this.services;
    const dataText = oneLine(text) ?? (data instanceof Uint8Array ? undefined : toJson(data));
    const event = new HeldEvent(pipeline, current, { data, time, set, timeMs, isRetracted }, dataText);
    event.seen = this.services.probe?.left();
    this.putRecords++;
    const open = this.open.at(-1);
    if (open !== undefined && current.chunk === open.chunk) {
      if (open.events.length === 0) open.watermarkMs = this.services.inputWatermarkMs();
      open.events.push(event);
    } else this.enqueue([event], undefined, this.services.inputWatermarkMs());
  }

  beginChunk(chunk: Chunk): void {
    this.open.push({ chunk, events: [], watermarkMs: Number.POSITIVE_INFINITY });
  }

  endChunk(): void {
    const open = this.open.pop();
    if (open !== undefined && open.events.length > 0) this.enqueue(open.events, open.chunk, open.watermarkMs);
  }

  private enqueue(events: readonly HeldEvent[], chunk: Chunk | undefined, watermarkMs: number): void {
    const unit = new HeldUnit(chunk === undefined ? undefined : this.sentChunk(chunk), events);
    let weight = 0;
    for (const { json } of events) weight += json.length;
    const number = this.numbers++;
    const entry: Entry = {
      ...{ unit, events, chunk, watermarkMs, weight, number },
      ...{ answerWeight: 0, tries: 0, isWaiting: false, settled: undefined },
    };
    this.queue.push(entry);
    unit.entry = entry;
    this.weight += weight;
    this.dispatch.add(entry);
    if (!this.isFull && this.hasEnough(1)) {
      this.isFull = true;
      this.services.filled();
    }
  }

  /** @param share of the limits: 2 is half of them */
  private hasEnough(share: 1 | 2): boolean {
    const units = share * (this.queue.length - this.first);
    const weight = share * this.weight;
    if (units > mostUnits || weight > mostWeight) return true;
    const { program: code } = this.dispatch;
    return weight > enoughWeight && units > share * (code === undefined || code.isOrdered ? enoughUnits : code.width);
  }

  private sentChunk({ id, key, window }: Chunk): SentChunk {
    return {
      id,
      key: key === undefined ? undefined : this.services.toJson(key),
      window:
        window === undefined || !Number.isFinite(window.start) || !Number.isFinite(window.end)
          ? undefined
          : { start: timestampOfMillis(window.start).toString(), end: timestampOfMillis(window.end).toString() },
    };
  }

  /** Gives out the first unit, if it is settled and there is room behind. False when nothing could be done. */
  release(): boolean {
    if (!this.carry()) return false;
    const entry = this.queue[this.first];
    if (entry?.settled === undefined) return false;
    const results = entry.settled.kind === "done" ? this.read(entry, entry.settled) : [];
    if (results === undefined) return true;
    this.presentMs = entry.watermarkMs;
    if (entry.settled.kind === "bad") this.refuseAll(entry, entry.settled.reason);
    else if (entry.settled.kind === "dropped") this.droppedRecords += entry.events.length;
    else this.giveAll(entry.chunk, results);
    const { probe } = this.services;
    if (probe !== undefined) {
      const hadResults = entry.settled.kind === "done" && entry.chunk === undefined ? results.length > 0 : undefined;
      for (const event of entry.events) probe.gone(event.seen, hadResults);
    }
    this.shift(entry);
    this.carry();
    return true;
  }

  /** False when a window behind stopped in the middle: it is to go on first. */
  private carry(): boolean {
    if (this.isStale) this.isStale = this.services.carry();
    return !this.isStale;
  }

  /** Undefined: the answer was no answer, and the unit is tried again. */
  private read(entry: Entry, { results }: Extract<Settled, { kind: "done" }>): readonly Result[] | undefined {
    try {
      return this.results.read(entry.events, entry.unit.chunk?.id, results, this.isTyped);
    } catch (error) {
      this.dispatch.refused(entry, `the program answered what is no event: ${messageOf(error)}`);
      return undefined;
    }
  }

  private giveAll(chunk: Chunk | undefined, results: readonly Result[]): void {
    if (chunk !== undefined) for (const taker of this.takers) taker.beginChunk(chunk);
    for (const { input, data, text, time, set } of results) {
      input.enter();
      if (this.givesText) this.services.current.answered(oneLine(text) ?? this.services.toJson(data));
      this.services.probe?.back(input.seen);
      this.give(data, time, set, this.timeOf(time, input), input.arrival.isRetracted);
    }
    if (chunk !== undefined) for (const taker of this.takers) taker.endChunk();
  }

  private timeOf(time: EventTime, { arrival }: HeldEvent): number {
    if (time === arrival.time) return arrival.timeMs;
    return typeof time === "string" ? Math.floor(Date.parse(time)) : arrival.timeMs;
  }

  private refuseAll(entry: Entry, reason: string): void {
    const text = entry.chunk === undefined ? reason : `${reason} (chunk ${entry.unit.id})`;
    for (const event of entry.events) {
      event.enter();
      this.services.probe?.back(event.seen);
      const { time, set, timeMs, isRetracted } = event.arrival;
      this.refuse(new BadRecord(text), time, set, timeMs, isRetracted);
    }
  }

  private shift(entry: Entry): void {
    entry.unit.entry = undefined;
    entry.settled = undefined;
    this.takenRecords += entry.events.length;
    this.weight -= entry.weight;
    this.first++;
    // Also where nothing moved here: what the event set free further on is due before the next one, as it is behind a source's record.
    this.isStale = true;
    // What was given out is not to be held on to.
    if (this.first * 2 >= this.queue.length) {
      this.queue = this.queue.slice(this.first);
      this.first = 0;
    }
    if (this.isFull && !this.hasEnough(2)) {
      this.isFull = false;
      this.services.drained();
    }
    this.dispatch.released(entry);
  }
}

/** Undefined: it has line ends, which are blanks in JSON, or there is none. */
function oneLine(text: string | undefined): string | undefined {
  return text === undefined || text.includes("\n") || text.includes("\r") ? undefined : text;
}
