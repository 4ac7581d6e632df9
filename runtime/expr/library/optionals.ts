/** CEL's optional types extension. */
import { mapSize } from "../equality.ts";
import { EvaluationError, noSuchOverload } from "../evaluation-error.ts";
import { numericValue } from "../numbers.ts";
import { callText, isMap } from "../type-of.ts";
import { Duration } from "../values/duration.ts";
import { Optional } from "../values/optional.ts";
import { Timestamp } from "../values/timestamp.ts";
import { listArgument } from "./arguments.ts";

function optionalArgument(name: string, value: unknown): Optional {
  if (value instanceof Optional) return value;
  throw noSuchOverload(callText(name, [value]));
}

/** @throws EvaluationError; called where an optional that must have a value has none. */
export function noValue(): never {
  throw new EvaluationError("no-such-key", "optional.none() dereference");
}

function presentValue(optional: unknown): unknown {
  const { content } = optionalArgument("value", optional);
  return content === undefined ? noValue() : content;
}

/** Zero, false, null, empty. */
function isZero(value: unknown): boolean {
  if (value === null || value === false || value === "") return true;
  const number = numericValue(value);
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value
  if (number !== undefined) return number == 0;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Duration || value instanceof Timestamp) return value.seconds === 0 && value.nanos === 0;
  if (value instanceof Optional) return value.content === undefined;
  return isMap(value) && mapSize(value) === 0;
}

export function nonZero(value: unknown): unknown {
  return isZero(value) ? undefined : value;
}

function unwrap(list: unknown): unknown {
  return listArgument("optional.unwrap", list).flatMap((item) => {
    const { content } = optionalArgument("optional.unwrap", item);
    return content === undefined ? [] : [content];
  });
}

export const optionals = {
  "optional.of": (value: unknown) => Optional.of(value),
  "optional.none": () => Optional.none,
  "optional.ofNonZeroValue": (value: unknown) => Optional.of(nonZero(value)),
  "optional.unwrap": unwrap,
  unwrapOpt: unwrap,
  hasValue: (optional: unknown) => optionalArgument("hasValue", optional).content !== undefined,
  value: presentValue,
  or: (optional: unknown, other: unknown) =>
    optionalArgument("or", optional).content === undefined ? optionalArgument("or", other) : optional,
  orValue: (optional: unknown, otherwise: unknown) => {
    const { content } = optionalArgument("orValue", optional);
    return content === undefined ? otherwise : content;
  },
};
