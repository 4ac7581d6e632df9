/** A length of time with nanoseconds, up to 10,000 years either way. */
import { invalidArgument, outOfRange } from "../evaluation-error.ts";
import { printFraction } from "./rfc3339.ts";

/** Source: google.protobuf.Duration. */
const maxDurationSeconds = 315_576_000_000;

export class Duration {
  /** Whole seconds, rounded toward negative infinity. */
  readonly seconds: number;
  /** 0 … 999,999,999, added to `seconds`. */
  readonly nanos: number;

  constructor(seconds: number, nanos: number) {
    this.seconds = seconds;
    this.nanos = nanos;
  }

  get totalNanos(): bigint {
    return BigInt(this.seconds) * 1_000_000_000n + BigInt(this.nanos);
  }

  /** May have a fraction. */
  get millis(): number {
    return this.seconds * 1000 + this.nanos / 1_000_000;
  }

  /** Seconds with a fraction: `1.5s`, `-0.25s`, `3600s`. */
  toString(): string {
    if (this.seconds >= 0 || this.nanos === 0) return printSeconds(this.seconds, this.nanos);
    return `-${printSeconds(-this.seconds - 1, 1_000_000_000 - this.nanos)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function printSeconds(seconds: number, nanos: number): string {
  return nanos === 0 ? `${seconds}s` : `${seconds}.${printFraction(nanos)}s`;
}

/** @throws EvaluationError beyond 10,000 years. */
export function durationOf(seconds: number, nanos: number): Duration {
  if (!(Math.abs(seconds) <= maxDurationSeconds)) throw outOfRange("duration");
  return new Duration(seconds, nanos);
}

/** @throws EvaluationError beyond 10,000 years. */
export function durationOfNanos(nanos: bigint): Duration {
  const remainder = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return durationOf(Number((nanos - remainder) / 1_000_000_000n), Number(remainder));
}

const nanosByUnit: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};
const wholeDuration = /^[+-]?(?:(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:ns|us|µs|μs|ms|s|m|h|d)){1,12}$/;

/** Go's form (`1h30m`, `1.5s`, `-250ms`, `0`), and `d` for days. @throws EvaluationError */
export function parseDuration(text: string): Duration {
  if (text === "0" || text === "-0" || text === "+0") return new Duration(0, 0);
  if (text.length > 200 || !wholeDuration.test(text))
    throw invalidArgument(`not a duration: ${JSON.stringify(text.slice(0, 60))}`);
  let nanos = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h|d)/g)) {
    const scale = nanosByUnit[unit] ?? 0n;
    nanos += BigInt(whole || "0") * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
  }
  return durationOfNanos(text.startsWith("-") ? -nanos : nanos);
}

export function compareDurations(left: Duration, right: Duration): number {
  return left.seconds - right.seconds || left.nanos - right.nanos;
}
