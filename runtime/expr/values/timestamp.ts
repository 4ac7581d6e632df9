/** A point in time with nanoseconds, of the years 1 to 9999, in UTC. */
import { invalidArgument, outOfRange } from "../evaluation-error.ts";
import { maxSeconds, minSeconds, parseNanos, parseSeconds, printRfc3339 } from "./rfc3339.ts";

export class Timestamp {
  /** Since the epoch; may be negative. */
  readonly seconds: number;
  /** 0 … 999,999,999, counted forward from `seconds`. */
  readonly nanos: number;

  constructor(seconds: number, nanos: number) {
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** Milliseconds since the epoch, rounded down. */
  get unixMillis(): number {
    return this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
  }

  toString(): string {
    return printRfc3339(this.seconds, this.nanos);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** @throws EvaluationError when the seconds are outside the years 1 to 9999. */
export function timestampOf(seconds: number, nanos: number): Timestamp {
  if (!(seconds >= minSeconds && seconds <= maxSeconds)) throw outOfRange("timestamp");
  return new Timestamp(seconds, nanos);
}

/** @throws EvaluationError when the text is not RFC 3339. */
export function parseTimestamp(text: string): Timestamp {
  const seconds = parseSeconds(text);
  if (Number.isNaN(seconds)) throw invalidArgument(`not an RFC 3339 timestamp: ${JSON.stringify(text.slice(0, 60))}`);
  return new Timestamp(seconds, parseNanos(text));
}

/** @param millis since the epoch; whole. */
export function timestampOfMillis(millis: number): Timestamp {
  const seconds = Math.floor(millis / 1000);
  return timestampOf(seconds, Math.round((millis - seconds * 1000) * 1_000_000));
}

export function compareTimestamps(left: Timestamp, right: Timestamp): number {
  return left.seconds - right.seconds || left.nanos - right.nanos;
}
