/** Cuts a run of bytes into records and gives them, as text, to a stage. One object per byte source; nothing is allocated per record but its text. */
import { isAscii, isUtf8 } from "node:buffer";
import { LossyFinder } from "../codec/find-lossy.ts";
import type { RecordDecoder } from "../codec/format.ts";
import { BadRecord } from "./bad-event.ts";
import type { Current } from "./current.ts";
import type { Gate } from "./gate.ts";

export type Framing = RecordDecoder["framing"];

/** Takes a record as text, or one that cannot be text. `current` describes it. */
export interface RecordTaker {
  take(text: string): void;
  bad(error: Error): void;
}

const lineFeed = 10;
const carriageReturn = 13;
/** The stretch for which it is found out at once whether it is ASCII. */
const asciiStretch = 4096;

export class RecordCutter {
  private block: Buffer = Buffer.alloc(0);
  /** The block, a character for a byte. */
  private text = "";
  private at = 0;
  private end = 0;
  private offset = 0;
  private asciiUntil = 0;
  private isStretchAscii = true;
  private isBlockUtf8 = true;
  private readonly taker: RecordTaker;
  private readonly current: Current;
  private readonly gate: Gate;
  /** Strings of their own instead of slices: what outlives the record must not keep the whole block. */
  private readonly copies: boolean;
  private readonly lossy: LossyFinder | undefined;
  /** The data is bytes: they need not be text. */
  private readonly takesBytes: boolean;
  /** Hears of records that are not given as text. */
  skipped: ((why: string) => void) | undefined;

  constructor(taker: RecordTaker, current: Current, gate: Gate, format: string) {
    this.taker = taker;
    this.current = current;
    this.gate = gate;
    this.copies = format !== "json";
    this.lossy = format === "json" ? new LossyFinder() : undefined;
    this.takesBytes = format === "bytes";
  }

  /** Whole records: `[0, end)` of the block, which is not changed until they are cut. `offset` is the place of its first byte in the part. */
  begin(block: Buffer, end: number, offset: number): void {
    this.block = block;
    this.at = 0;
    this.end = end;
    this.offset = offset;
    this.asciiUntil = 0;
    this.text = block.toString("latin1", 0, end);
    this.isBlockUtf8 = isUtf8(block.subarray(0, end));
    this.lossy?.begin(this.text);
    this.current.lossy = this.lossy;
  }

  get isDone(): boolean {
    return this.at >= this.end;
  }

  /** Place in the part of what comes next. */
  get nextOffset(): number {
    return this.offset + this.at;
  }

  /** Gives up to `max` records, until there are no more or the gate says to pause. Returns how many. */
  cutLines(max = Number.POSITIVE_INFINITY): number {
    const { text, end, gate } = this;
    let count = 0;
    while (this.at < end) {
      const from = this.at;
      let to = text.indexOf("\n", from);
      if (to < 0) to = end;
      this.at = to + 1;
      const stop = to > from && text.charCodeAt(to - 1) === carriageReturn ? to - 1 : to;
      count++;
      this.give(from, stop);
      if (gate.paused || count >= max) break;
    }
    return count;
  }

  /** The same with a format's own idea of where a record ends. */
  cutBy(find: (bytes: Uint8Array, from: number, to: number) => number, max = Number.POSITIVE_INFINITY): number {
    let count = 0;
    while (this.at < this.end) {
      const from = this.at;
      const found = find(this.block, from, this.end);
      const to = found < 0 ? this.end : found;
      this.at = to + 1;
      const stop = to > from && this.block[to - 1] === carriageReturn ? to - 1 : to;
      count++;
      this.give(from, stop);
      if (this.gate.paused || count >= max) break;
    }
    return count;
  }

  /** The block as one record. */
  cutWhole(): number {
    this.at = this.end;
    this.give(0, this.end);
    return 1;
  }

  /** The block, up to the first line end, as a piece of a record that is too long to be held. What follows can be cut as usual. */
  giveTooLong(limitBytes: number): void {
    const to = this.text.indexOf("\n");
    const stop = to < 0 ? this.end : to;
    this.at = to < 0 ? this.end : to + 1;
    this.current.offset = this.offset;
    this.giveBytes(0, stop, new BadRecord(`longer than ${limitBytes} bytes; this is a piece of it`));
  }

  private give(start: number, to: number): void {
    const { current } = this;
    let from = start;
    current.offset = this.offset + from;
    if (this.takesBytes) {
      current.bytes = Uint8Array.prototype.slice.call(this.block, from, to);
      this.taker.take("");
      current.bytes = undefined;
      return;
    }
    // A byte order mark is no part of the first record.
    const marked = this.offset === 0 && this.block[0] === 0xef && this.block[1] === 0xbb && this.block[2] === 0xbf;
    if (start === 0 && marked) {
      from = 3;
      current.offset = 3;
    }
    current.block = this.text;
    current.from = from;
    current.to = to;
    if (to > this.asciiUntil) this.stretch(from, to);
    if (this.isStretchAscii || isAscii(this.block.subarray(from, to))) {
      current.text = this.copies ? this.block.toString("latin1", from, to) : this.text.slice(from, to);
    } else if (this.isBlockUtf8 || isUtf8(this.block.subarray(from, to)))
      current.text = this.block.toString("utf8", from, to);
    else {
      this.giveBytes(from, to, new BadRecord("not valid UTF-8"));
      return;
    }
    this.taker.take(current.text);
  }

  private stretch(from: number, to: number): void {
    this.asciiUntil = Math.max(to, Math.min(from + asciiStretch, this.end));
    this.isStretchAscii = isAscii(this.block.subarray(from, this.asciiUntil));
  }

  private giveBytes(from: number, to: number, error: Error): void {
    const { current } = this;
    current.text = "";
    current.bytes = Uint8Array.prototype.slice.call(this.block, from, to);
    this.skipped?.(error.message);
    this.taker.bad(error);
    current.bytes = undefined;
  }
}

export function lastLineEnd(block: Buffer, end: number): number {
  return end === 0 ? -1 : block.lastIndexOf(lineFeed, end - 1);
}
