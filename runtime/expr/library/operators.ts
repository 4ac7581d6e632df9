/** CEL's operators on values whose types are known only at run time, and the slow paths of integer arithmetic. */

import { maybeIndex } from "../access.ts";
import { compare, equals } from "../equality.ts";
import { EvaluationError, noSuchOverload, outOfRange, overflow } from "../evaluation-error.ts";
import { elementsOf, listIncludes } from "../maps.ts";
import { doubleValue, type Int, isInt, maxInt, minInt, toInt } from "../numbers.ts";
import { callText, isMap } from "../type-of.ts";
import { bytesOf } from "../values/bytes.ts";
import { boxDouble, Double } from "../values/double.ts";
import { Duration, durationOfNanos } from "../values/duration.ts";
import { Timestamp, timestampOf } from "../values/timestamp.ts";
import { toUint, Uint } from "../values/uint.ts";

export type BinaryFunction = (left: unknown, right: unknown) => unknown;

function wrong(operator: string, ...args: readonly unknown[]): Error {
  return noSuchOverload(callText(operator, args));
}

// Integers: the slow paths, for operands or results beyond the safe integers.

export function addInts(left: Int, right: Int): Int {
  return toInt(BigInt(left) + BigInt(right));
}
export function subtractInts(left: Int, right: Int): Int {
  return toInt(BigInt(left) - BigInt(right));
}
export function multiplyInts(left: Int, right: Int): Int {
  if (typeof left === "number" && typeof right === "number") {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product;
  }
  return toInt(BigInt(left) * BigInt(right));
}
export function divideInts(left: Int, right: Int): Int {
  if (right === 0) throw new EvaluationError("divide-by-zero", "divide by zero");
  if (typeof left === "number" && typeof right === "number") return Math.trunc(left / right);
  return toInt(BigInt(left) / BigInt(right));
}
export function moduloInts(left: Int, right: Int): Int {
  if (right === 0) throw new EvaluationError("divide-by-zero", "modulus by zero");
  if (typeof left === "number" && typeof right === "number") return left % right;
  if (left === minInt && right === -1) throw overflow("integer");
  return toInt(BigInt(left) % BigInt(right));
}
export function negateInt(value: Int): Int {
  return typeof value === "number" ? -value : toInt(-value);
}

type IntFunction = (left: Int, right: Int) => Int;

/** An operator on two numbers of one type. */
function arithmetic(
  name: string,
  ints: IntFunction,
  uints: (left: bigint, right: bigint) => bigint,
  doubles?: (left: number, right: number) => number,
): (left: unknown, right: unknown) => unknown {
  return (left, right) => {
    if (left instanceof Double && right instanceof Double && doubles !== undefined)
      return boxDouble(doubles(left.value, right.value));
    if (isInt(left) && isInt(right)) return ints(left, right);
    if (left instanceof Uint && right instanceof Uint) return toUint(uints(left.value, right.value));
    const leftDouble = doubleValue(left);
    const rightDouble = doubleValue(right);
    if (doubles === undefined || leftDouble === undefined || rightDouble === undefined) throw wrong(name, left, right);
    return boxDouble(doubles(leftDouble, rightDouble));
  };
}

function uintDivisor(value: bigint, message: string): bigint {
  if (value === 0n) throw new EvaluationError("divide-by-zero", message);
  return value;
}

const addNumbers = arithmetic(
  "_+_",
  addInts,
  (a, b) => a + b,
  (a, b) => a + b,
);
const subtractNumbers = arithmetic(
  "_-_",
  subtractInts,
  (a, b) => a - b,
  (a, b) => a - b,
);
export const multiply = arithmetic(
  "_*_",
  multiplyInts,
  (a, b) => a * b,
  (a, b) => a * b,
);
export const divide = arithmetic(
  "_/_",
  divideInts,
  (a, b) => a / uintDivisor(b, "divide by zero"),
  (a, b) => a / b,
);
export const modulo = arithmetic("_%_", moduloInts, (a, b) => a % uintDivisor(b, "modulus by zero"));

function areSafe(left: unknown, right: unknown): boolean {
  return Number.isSafeInteger(left) && Number.isSafeInteger(right);
}

export function add(left: unknown, right: unknown): unknown {
  if (areSafe(left, right)) return addSafe(left as number, right as number);
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (left instanceof Double) return addNumbers(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return left.concat(right);
  if (left instanceof Timestamp && right instanceof Duration) return shift(left, right.seconds, right.nanos);
  if (left instanceof Duration && right instanceof Timestamp) return shift(right, left.seconds, left.nanos);
  if (left instanceof Duration && right instanceof Duration)
    return durationIn64Bits(left.totalNanos + right.totalNanos);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return bytesOf([...left, ...right]);
  return addNumbers(left, right);
}

function addSafe(left: number, right: number): Int {
  const sum = left + right;
  return Number.isSafeInteger(sum) ? sum : addInts(left, right);
}

export function subtract(left: unknown, right: unknown): unknown {
  if (areSafe(left, right)) return addSafe(left as number, -(right as number));
  if (left instanceof Timestamp && right instanceof Duration) return shift(left, -right.seconds, -right.nanos);
  if (left instanceof Timestamp && right instanceof Timestamp) return difference(left, right);
  if (left instanceof Duration && right instanceof Duration)
    return durationIn64Bits(left.totalNanos - right.totalNanos);
  return subtractNumbers(left, right);
}

function shift(time: Timestamp, seconds: number, nanos: number): Timestamp {
  const total = time.nanos + nanos;
  const carry = Math.floor(total / 1_000_000_000);
  return timestampOf(time.seconds + seconds + carry, total - carry * 1_000_000_000);
}

function difference(left: Timestamp, right: Timestamp): Duration {
  return durationIn64Bits(BigInt(left.seconds - right.seconds) * 1_000_000_000n + BigInt(left.nanos - right.nanos));
}

/** Results of arithmetic keep to 64 bits of nanoseconds, as CEL's reference implementation does. */
function durationIn64Bits(nanos: bigint): Duration {
  if (nanos < minInt || nanos > maxInt) throw outOfRange("duration");
  return durationOfNanos(nanos);
}

export function negate(value: unknown): unknown {
  if (isInt(value)) return negateInt(value);
  const double = doubleValue(value);
  if (double === undefined) throw wrong("-_", value);
  return boxDouble(-double);
}

export function contains(item: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return listIncludes(container, item);
  if (isMap(container)) return maybeIndex(container, item) !== undefined;
  throw wrong("@in", item, container);
}

/** `in` where the elements are data that stands for another type: timestamps as text. */
export function containsCoerced(item: unknown, container: unknown, coerce: (value: unknown) => unknown): boolean {
  return elementsOf(container).some((element) => equals(coerce(element), item));
}

export const operators = {
  "_+_": add,
  "_-_": subtract,
  "_*_": multiply,
  "_/_": divide,
  "_%_": modulo,
  "-_": negate,
  "_==_": equals,
  "_!=_": (left: unknown, right: unknown) => !equals(left, right),
  "_<_": (left: unknown, right: unknown) => compare(left, right, "_<_") < 0,
  "_<=_": (left: unknown, right: unknown) => compare(left, right, "_<=_") <= 0,
  "_>_": (left: unknown, right: unknown) => compare(left, right, "_>_") > 0,
  "_>=_": (left: unknown, right: unknown) => compare(left, right, "_>=_") >= 0,
  "@in": contains,
};
