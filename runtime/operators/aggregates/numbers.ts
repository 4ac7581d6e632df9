/** Arithmetic on values of aggregates: 64-bit ints, doubles, durations, and numbers whose type shows only at run time. */
import { EvaluationError } from "../../expr/evaluation-error.ts";
import { numericValue, toInt } from "../../expr/numbers.ts";
import { typeNameOf } from "../../expr/type-of.ts";
import { boxDouble, Double } from "../../expr/values/double.ts";
import { Duration, durationOfNanos } from "../../expr/values/duration.ts";
import { toUint, Uint } from "../../expr/values/uint.ts";

/** The sum of two ints. @throws EvaluationError beyond 64 bits. */
export function addInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInt(BigInt(left) + BigInt(right));
}

/** The sum of two values in the representation of `any`: ints stay ints, a double makes a double. @throws EvaluationError for what cannot be added. */
export function addValues(left: unknown, right: unknown): unknown {
  if (isIntValue(left) && isIntValue(right)) return addInts(left, right);
  if (left instanceof Duration && right instanceof Duration) return durationOfNanos(left.totalNanos + right.totalNanos);
  if (left instanceof Uint && right instanceof Uint) return toUint(left.value + right.value);
  const sum = doubleOf(left) + doubleOf(right);
  return boxDouble(sum);
}

/** What rounding took from a sum that `addValues` gave. */
export function lostBy(left: unknown, right: unknown, sum: unknown): number {
  if (left === undefined || isIntValue(sum) || sum instanceof Duration || sum instanceof Uint) return 0;
  const [a, b, all] = [doubleOf(left), doubleOf(right), doubleOf(sum)];
  return Math.abs(a) >= Math.abs(b) ? a - all + b : b - all + a;
}

/** Such a sum with what was lost; nothing can be said of it once there was an infinity. */
export function wholeSum(sum: unknown, lost: number): unknown {
  return lost === 0 || !Number.isFinite(lost) ? sum : boxDouble(doubleOf(sum) + lost);
}

const isIntValue = (value: unknown): value is number | bigint =>
  typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));

/** Any number as a double. @throws EvaluationError for anything else. */
export function doubleOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (value instanceof Double) return value.value;
  const number = numericValue(value);
  if (number !== undefined) return Number(number);
  throw new EvaluationError(
    "no-such-overload",
    `an aggregate of numbers was given a value of type ${typeNameOf(value)}`,
  );
}

/** The first value of a sum, checked. */
export function addable(value: unknown): unknown {
  if (!(value instanceof Duration)) doubleOf(value);
  return value;
}

/**
 * Statements that add the double `x` to a sum kept in two fields, the second holding what rounding took from the first: the error does not grow
 * with the number of values. Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
 */
export function addCompensated(sum: string, lost: string, x: string, next: string): string {
  return [
    `const ${next} = ${sum} + ${x};`,
    `${lost} += Math.abs(${sum}) >= Math.abs(${x}) ? (${sum} - ${next}) + ${x} : (${x} - ${next}) + ${sum};`,
    `${sum} = ${next};`,
  ].join(" ");
}

/** The sum of both fields; what was lost says nothing once there was an infinity. */
export function compensated(sum: number, lost: number): number {
  return Number.isFinite(lost) ? sum + lost : sum;
}
