/** Units as they come, line by line; the function is called with one event after the other, and each unit is answered once. */
import { type Envelope, eventOf, resultLine } from "./event.ts";
import { explain } from "./explain.ts";
import { readJson, writeJson } from "./json.ts";
import type { UserFunction } from "./load.ts";

interface Unit {
  readonly id: string;
  readonly isChunk: boolean;
  /** Why it is not done. */
  refusal: { readonly type: "Reject" | "Retry"; readonly reason: string } | undefined;
}

export interface UnitOptions {
  /** While a chunk is worked on, something is written so often: a sign of life. */
  readonly beatMs: number;
  /** Of what is held outside the heap. */
  readonly memoryBytes: number;
  readonly outsideBytes: () => number;
  /** Of the code: `file:line:column`. */
  readonly place: string;
}

/** So much of an answer is written at once, or after so long. */
const flushLength = 64 * 1024;
const measureEveryMs = 50;

/** Before an event in a chunk; behind it is a brace. */
const dataFrame = '{"type":"Data","event":';

export class Units {
  private readonly fn: UserFunction;
  /** Writes at once, and waits until it is taken. */
  private readonly write: (text: string) => void;
  private readonly options: UnitOptions;
  private readonly waiting: string[] = [];
  private next = 0;
  private isBusy = false;
  private unit: Unit | undefined;
  private answer = "";
  private writtenMs = 0;
  private measuredMs = 0;
  /** Gives the call that is under way up. */
  private giveUp: ((error: unknown) => void) | undefined;

  constructor(fn: UserFunction, write: (text: string) => void, options: UnitOptions) {
    this.fn = fn;
    this.write = write;
    this.options = options;
  }

  take(line: string): void {
    this.waiting.push(line);
    if (!this.isBusy) this.work();
  }

  /** Thrown by nobody's call: a timer, a promise that nobody waits for. False: no event is under way. */
  stray(error: unknown): boolean {
    if (this.giveUp === undefined) return false;
    this.giveUp(error);
    return true;
  }

  private work(): void {
    while (this.next < this.waiting.length) {
      const pending = this.handle(this.waiting[this.next++]!);
      if (pending === undefined) continue;
      this.isBusy = true;
      pending.then(() => {
        this.isBusy = false;
        this.work();
      });
      return;
    }
    this.waiting.length = 0;
    this.next = 0;
  }

  private handle(line: string): Promise<void> | undefined {
    const message = readJson(line) as Envelope;
    if (message.specversion !== undefined) {
      this.unit = { id: String(message.id), isChunk: false, refusal: undefined };
      const pending = this.call(this.unit, message, line);
      if (pending === undefined) return this.end(this.unit);
      return pending.then(() => this.unit && this.end(this.unit));
    }
    if (message.type === "ChunkStart") this.unit = { id: String(message.id), isChunk: true, refusal: undefined };
    else if (this.unit === undefined) throw new Error(`not in a chunk: ${line}`);
    else if (message.type === "ChunkEnd") this.end(this.unit);
    else if (this.unit.refusal === undefined)
      return this.call(this.unit, message.event as Envelope, line.slice(dataFrame.length, -1));
    return undefined;
  }

  private end({ id, refusal }: Unit): undefined {
    this.unit = undefined;
    this.flush(`${this.answer}${writeJson(refusal === undefined ? { type: "Ack", id } : { ...refusal, id })}\n`);
  }

  private flush(text: string): void {
    this.answer = "";
    this.write(text);
    this.writtenMs = performance.now();
  }

  /** Before each event. */
  private look({ isChunk }: Unit): void {
    const { beatMs, memoryBytes, outsideBytes } = this.options;
    const nowMs = performance.now();
    if (isChunk && nowMs - this.writtenMs > beatMs) this.flush(`${this.answer}{"type":"Working"}\n`);
    if (nowMs - this.measuredMs < measureEveryMs) return;
    this.measuredMs = nowMs;
    if (outsideBytes() > memoryBytes) this.flush('{"type":"Memory"}\n');
  }

  /** A promise only where the function gives one. */
  private call(unit: Unit, envelope: Envelope, text: string): Promise<void> | undefined {
    this.look(unit);
    try {
      const given = this.fn(eventOf(envelope));
      if (isThenable(given) || isAsyncIterable(given)) return this.later(unit, given, text);
      this.put(given, text);
    } catch (error) {
      this.refuse(unit, error);
    }
    return undefined;
  }

  private async later(unit: Unit, given: PromiseLike<unknown> | AsyncIterable<unknown>, text: string) {
    const strayed = new Promise<never>((_, reject) => {
      this.giveUp = reject;
    });
    try {
      await Promise.race([this.settle(unit, given, text), strayed]);
    } catch (error) {
      this.refuse(unit, error);
    } finally {
      this.giveUp = undefined;
    }
  }

  private async settle(unit: Unit, given: PromiseLike<unknown> | AsyncIterable<unknown>, text: string) {
    const results = isThenable(given) ? await given : given;
    if (!isAsyncIterable(results)) {
      if (this.isStill(unit)) this.put(results, text);
      return;
    }
    for await (const result of results) {
      if (!this.isStill(unit)) return;
      this.put(result, text);
    }
  }

  /** Of a call that was given up nothing more may come. */
  private isStill(unit: Unit): boolean {
    return this.unit === unit && unit.refusal === undefined;
  }

  /** What the function gave: results one by one where it is a generator, else one, and none where it is undefined. */
  private put(given: unknown, text: string): void {
    if (isIterator(given)) for (const result of given) this.putOne(result, text);
    else this.putOne(given, text);
  }

  private putOne(result: unknown, text: string): void {
    if (result === undefined) return;
    this.answer += resultLine(result, text);
    if (this.answer.length > flushLength) this.flush(this.answer);
  }

  private refuse(unit: Unit, error: unknown): void {
    const again = typeof error === "object" && error !== null && "retry" in error && error.retry === true;
    unit.refusal = { type: again ? "Retry" : "Reject", reason: explain(error, this.options.place) };
    this.answer = "";
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** A generator has `next`; a list, which is data, has not. */
const isIterator = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" &&
  value !== null &&
  Symbol.iterator in value &&
  "next" in value &&
  typeof value.next === "function";
