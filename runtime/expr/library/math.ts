/** CEL's math extension. */
import { compare } from "../equality.ts";
import { EvaluationError, invalidArgument, noSuchOverload, overflow } from "../evaluation-error.ts";
import { doubleValue, isInt, maxInt, numericValue, toInt } from "../numbers.ts";
import { callText } from "../type-of.ts";
import { boxDouble } from "../values/double.ts";
import { toUint, Uint } from "../values/uint.ts";
import { doubleArgument } from "./arguments.ts";

function wrong(name: string, ...args: readonly unknown[]): Error {
  return noSuchOverload(callText(name, args));
}

/** The first of the greatest (or least) ones. */
function extreme(name: string, sign: 1 | -1) {
  return (...args: readonly unknown[]): unknown => {
    const [only] = args;
    const values: readonly unknown[] = args.length === 1 && Array.isArray(only) ? only : args;
    if (values.length === 0) throw invalidArgument(`${name}() argument must not be empty`);
    for (const value of values) if (numericValue(value) === undefined) throw wrong(name, ...values);
    return values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
  };
}

function ofDouble(name: string, run: (value: number) => number) {
  return (value: unknown) => boxDouble(run(doubleArgument(name, value)));
}

/** Halves away from zero. */
export function round(value: number): number {
  const size = Math.abs(value);
  const whole = Math.floor(size);
  return Math.sign(value) * (size - whole >= 0.5 ? whole + 1 : whole);
}

function abs(value: unknown): unknown {
  if (value instanceof Uint) return value;
  if (isInt(value)) {
    if (typeof value === "number") return Math.abs(value);
    if (value === -maxInt - 1n) throw overflow("integer");
    return toInt(value < 0n ? -value : value);
  }
  return boxDouble(Math.abs(doubleArgument("math.abs", value)));
}

function sign(value: unknown): unknown {
  if (value instanceof Uint) return new Uint(value.value === 0n ? 0n : 1n);
  if (isInt(value)) return value > 0 ? 1 : value < 0 ? -1 : 0;
  return boxDouble(Math.sign(doubleArgument("math.sign", value)));
}

function sqrt(value: unknown): unknown {
  const number = numericValue(value);
  if (number === undefined) throw wrong("math.sqrt", value);
  return boxDouble(Math.sqrt(Number(number)));
}

type BitOperation = (left: bigint, right: bigint) => bigint;

function bitwise(name: string, run: BitOperation) {
  return (left: unknown, right: unknown): unknown => {
    if (isInt(left) && isInt(right)) return toInt(run(BigInt(left), BigInt(right)));
    if (left instanceof Uint && right instanceof Uint) return new Uint(run(left.value, right.value));
    throw wrong(name, left, right);
  };
}

function bitNot(value: unknown): unknown {
  if (isInt(value)) return toInt(~BigInt(value));
  if (value instanceof Uint) return new Uint(BigInt.asUintN(64, ~value.value));
  throw wrong("math.bitNot", value);
}

function shift(name: string, run: (bits: bigint, count: bigint) => bigint) {
  return (value: unknown, count: unknown): unknown => {
    if (!isInt(count)) throw wrong(name, value, count);
    if (count < 0) throw new EvaluationError("invalid-argument", `${name}() negative offset: ${count}`);
    const moved = (bits: bigint) => (count > 63 ? 0n : run(bits, BigInt(count)));
    if (isInt(value)) return toInt(BigInt.asIntN(64, moved(BigInt.asUintN(64, BigInt(value)))));
    if (value instanceof Uint) return toUint(BigInt.asUintN(64, moved(value.value)));
    throw wrong(name, value, count);
  };
}

/** Whether a double, which may also be given as an int of type `any`, has a property. */
function test(name: string, run: (value: number) => boolean) {
  return (value: unknown) => {
    const double = doubleValue(value);
    if (double === undefined) throw wrong(name, value);
    return run(double);
  };
}

export const math = {
  "math.greatest": extreme("math.greatest", 1),
  "math.least": extreme("math.least", -1),
  "math.ceil": ofDouble("math.ceil", Math.ceil),
  "math.floor": ofDouble("math.floor", Math.floor),
  "math.round": ofDouble("math.round", round),
  "math.trunc": ofDouble("math.trunc", Math.trunc),
  "math.abs": abs,
  "math.sign": sign,
  "math.sqrt": sqrt,
  "math.isNaN": test("math.isNaN", Number.isNaN),
  "math.isInf": test("math.isInf", (value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY),
  "math.isFinite": test("math.isFinite", Number.isFinite),
  "math.bitAnd": bitwise("math.bitAnd", (left, right) => left & right),
  "math.bitOr": bitwise("math.bitOr", (left, right) => left | right),
  "math.bitXor": bitwise("math.bitXor", (left, right) => left ^ right),
  "math.bitNot": bitNot,
  "math.bitShiftLeft": shift("math.bitShiftLeft", (bits, count) => bits << count),
  "math.bitShiftRight": shift("math.bitShiftRight", (bits, count) => bits >> count),
};
