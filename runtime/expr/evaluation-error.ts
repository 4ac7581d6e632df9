/** The error an expression ends in when an event does not allow it: the world is wrong, not the program. Never retried. */

export type EvaluationErrorCode =
  | "no-such-key"
  | "no-such-overload"
  | "divide-by-zero"
  | "overflow"
  | "out-of-range"
  | "invalid-argument"
  | "repeated-key"
  | "limit";

/** Carries no stack: it is an everyday outcome of bad data and must be cheap to throw. */
export class EvaluationError extends Error {
  readonly code: EvaluationErrorCode;
  readonly retryable = false;

  constructor(code: EvaluationErrorCode, message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = "EvaluationError";
    this.code = code;
  }
}

/** @param subject what was looked for: a field name or a key, as text. */
export function noSuchKey(subject: string): EvaluationError {
  return new EvaluationError("no-such-key", `no such key: ${subject}`);
}

/** @param what the function and the types it was called with, e.g. `size(int)`. */
export function noSuchOverload(what?: string): EvaluationError {
  return new EvaluationError("no-such-overload", what === undefined ? "no such overload" : `no such overload: ${what}`);
}

export function overflow(what: string): EvaluationError {
  return new EvaluationError("overflow", `${what} overflow`);
}

export function outOfRange(what: string): EvaluationError {
  return new EvaluationError("out-of-range", `${what} out of range`);
}

export function invalidArgument(message: string): EvaluationError {
  return new EvaluationError("invalid-argument", message);
}
