/** `time value`: replaces the event's time. The variable is put back by the step once the event has left it. */
import { EvaluationError } from "../expr/evaluation-error.ts";
import { parseTimestamp, Timestamp } from "../expr/values/timestamp.ts";
import type { EmitOperator } from "./operator.ts";

export const emitTime: EmitOperator<"time"> = (plan, step) => {
  step.code.line(`${step.services.eventTime} = ${step.code.bind(checkTime)}(${step.expression(plan.value, "any")});`);
};

/** @throws EvaluationError when the value is no timestamp, nor the text of one. */
export function checkTime(value: unknown): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value);
  throw new EvaluationError("no-such-overload", "an event's time must be a timestamp");
}
