/** Operators under CEL's names. `&&`, `||`, `!`, `?:`, select and index are not here: they have nodes of their own in the tree. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow, Overload } from "./rows.ts";

const core = rowsOf("core");

const numbers = { int: "int64", uint: "uint64", double: "double" } as const;
type NumberName = keyof typeof numbers;
const numberNames: readonly NumberName[] = ["int", "uint", "double"];

function arithmetic(id: string, types: readonly NumberName[]): readonly Overload[] {
  return types.map((type) => overload(`${id}_${numbers[type]}`, type, type, type));
}
/** Every type with itself, and every number with every other number. */
function comparisons(id: string): readonly Overload[] {
  const plain = ["bool", "string", "bytes", "timestamp", "duration"].map((type) =>
    overload(`${id}_${type}`, type, type, "bool"),
  );
  const ofNumbers = numberNames.flatMap((a) =>
    numberNames.map((b) =>
      overload(a === b ? `${id}_${numbers[a]}` : `${id}_${numbers[a]}_${numbers[b]}`, a, b, "bool"),
    ),
  );
  return [...plain, ...ofNumbers];
}
function binary(name: string, overloads: readonly Overload[], doc: string, example: string): FunctionRow {
  return core(name, "operator", ["left", "right"], overloads, doc, example);
}

export const operatorFunctions: readonly FunctionRow[] = [
  binary(
    "_+_",
    [
      ...arithmetic("add", numberNames),
      overload("add_string", "string", "string", "string"),
      overload("add_bytes", "bytes", "bytes", "bytes"),
      overload("add_list", "[T]", "[T]", "[T]"),
      overload("add_timestamp_duration", "timestamp", "duration", "timestamp"),
      overload("add_duration_timestamp", "duration", "timestamp", "timestamp"),
      overload("add_duration_duration", "duration", "duration", "duration"),
    ],
    "The sum of numbers; strings, bytes and lists one after the other; a time moved by a duration. Overflow is an error.",
    "data.price + data.shipping",
  ),
  binary(
    "_-_",
    [
      ...arithmetic("subtract", numberNames),
      overload("subtract_timestamp_timestamp", "timestamp", "timestamp", "duration"),
      overload("subtract_timestamp_duration", "timestamp", "duration", "timestamp"),
      overload("subtract_duration_duration", "duration", "duration", "duration"),
    ],
    "The difference of numbers, times and durations. Overflow is an error.",
    "event.time - data.created",
  ),
  binary(
    "_*_",
    arithmetic("multiply", numberNames),
    "The product of numbers of one type. Overflow is an error.",
    "data.price * 2.0",
  ),
  binary(
    "_/_",
    arithmetic("divide", numberNames),
    "The quotient; of ints without the fraction, and by zero an error.",
    "data.total / data.count",
  ),
  binary(
    "_%_",
    arithmetic("modulo", ["int", "uint"]),
    "The rest of a division of ints, with the sign of the left one.",
    "data.n % 10",
  ),
  core(
    "-_",
    "operator",
    ["number"],
    [overload("negate_int64", "int", "int"), overload("negate_double", "double", "double")],
    "The number with the other sign.",
    "-data.delta",
  ),
  binary(
    "_==_",
    [overload("equals", "T", "T", "bool")],
    "Whether the values are equal; numbers by value, lists, records and maps in depth.",
    'data.side == "buy"',
  ),
  binary("_!=_", [overload("not_equals", "T", "T", "bool")], "Whether the values differ.", 'data.side != "buy"'),
  binary("_<_", comparisons("less"), "Whether the left one is less.", "data.n < 10"),
  binary("_<=_", comparisons("less_equals"), "Whether the left one is less or equal.", "data.n <= 10"),
  binary("_>_", comparisons("greater"), "Whether the left one is greater.", "data.n > 10"),
  binary("_>=_", comparisons("greater_equals"), "Whether the left one is greater or equal.", "data.n >= 10"),
  binary(
    "@in",
    [overload("in_list", "T", "[T]", "bool"), overload("in_map", "K", "{K: V}", "bool")],
    "Whether the value is an element of the list or a key of the map.",
    'data.country in ["DE", "FR"]',
  ),
];
