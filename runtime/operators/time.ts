/** `time value`: replaces the event's time. The variable is put back by the step once the event has left it. */
import { EvaluationError } from "../expr/evaluation-error.ts";
import { millisOf } from "../expr/library/time.ts";
import { parseTimestamp, Timestamp, timestampOfMillis } from "../expr/values/timestamp.ts";
import type { EmitOperator } from "./operator.ts";

export const emitTime: EmitOperator<"time"> = (plan, step) => {
  const { code, services } = step;
  code.line(`${services.eventTime} = ${code.bind(checkTime)}(${step.expression(plan.value, "any")});`);
  if (services.timeMs !== undefined) code.line(`${services.timeMs} = ${code.bind(timeMillis)}(${services.eventTime});`);
};

/** Milliseconds since the epoch, whole, of a time as `emitTimeValue` gives it. @throws EvaluationError when it is no time */
export function timeMillis(value: unknown): number {
  if (typeof value !== "number") return millisOf(value);
  timestampOfMillis(value);
  return value;
}

/** @throws EvaluationError when the value is no timestamp, nor the text of one. */
export function checkTime(value: unknown): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value);
  throw new EvaluationError("no-such-overload", "an event's time must be a timestamp");
}
