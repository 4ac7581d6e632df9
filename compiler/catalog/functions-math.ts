/** CEL's math extension. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow, Overload } from "./rows.ts";

const math = rowsOf("math");

/** One overload per type, whose result is that type or `result`. */
function over(id: string, types: readonly string[], result?: string): readonly Overload[] {
  return types.map((type) => overload(`math_${id}_${type}`, type, result ?? type));
}
function bits(id: string, second?: string): readonly Overload[] {
  return ["int", "uint"].map((type) => overload(`math_${id}_${type}_${second ?? type}`, type, second ?? type, type));
}
function extreme(id: string): readonly Overload[] {
  return [
    ...["int", "uint", "double"].map((type) => overload(`math_@${id}_${type}`, `${type}...`, type)),
    overload(`math_@${id}_number`, "number...", "any"),
    ...["int", "uint", "double"].map((type) => overload(`math_@${id}_list_${type}`, `[${type}]`, type)),
    overload(`math_@${id}_list_number`, "[number]", "any"),
  ];
}

export const mathFunctions: readonly FunctionRow[] = [
  math(
    "math.greatest",
    "global",
    ["values"],
    extreme("max"),
    "The greatest of the numbers, given one by one or as a list.",
    "math.greatest(data.a, data.b)",
  ),
  math(
    "math.least",
    "global",
    ["values"],
    extreme("min"),
    "The least of the numbers, given one by one or as a list.",
    "math.least(data.a, data.b)",
  ),
  math(
    "math.ceil",
    "global",
    ["number"],
    over("ceil", ["double"]),
    "The next whole number that is not less.",
    "math.ceil(data.price)",
  ),
  math(
    "math.floor",
    "global",
    ["number"],
    over("floor", ["double"]),
    "The next whole number that is not greater.",
    "math.floor(data.price)",
  ),
  math(
    "math.round",
    "global",
    ["number"],
    over("round", ["double"]),
    "The nearest whole number; halves away from zero.",
    "math.round(data.price * 100.0) / 100.0",
  ),
  math(
    "math.trunc",
    "global",
    ["number"],
    over("trunc", ["double"]),
    "The number without its fraction.",
    "math.trunc(data.price)",
  ),
  math(
    "math.abs",
    "global",
    ["number"],
    over("abs", ["double", "int", "uint"]),
    "The number without its sign.",
    "math.abs(data.delta)",
  ),
  math(
    "math.sign",
    "global",
    ["number"],
    over("sign", ["double", "int", "uint"]),
    "-1, 0 or 1.",
    "math.sign(data.delta)",
  ),
  math(
    "math.sqrt",
    "global",
    ["number"],
    over("sqrt", ["double", "int", "uint"], "double"),
    "The square root; not a number below zero.",
    "math.sqrt(data.area)",
  ),
  math(
    "math.isNaN",
    "global",
    ["number"],
    over("isNaN", ["double"], "bool"),
    "Whether it is not a number.",
    "math.isNaN(data.ratio)",
  ),
  math(
    "math.isInf",
    "global",
    ["number"],
    over("isInf", ["double"], "bool"),
    "Whether it is infinite.",
    "math.isInf(data.ratio)",
  ),
  math(
    "math.isFinite",
    "global",
    ["number"],
    over("isFinite", ["double"], "bool"),
    "Whether it is neither infinite nor not a number.",
    "math.isFinite(data.ratio)",
  ),
  math("math.bitAnd", "global", ["a", "b"], bits("bitAnd"), "The bits set in both.", "math.bitAnd(data.flags, 4)"),
  math("math.bitOr", "global", ["a", "b"], bits("bitOr"), "The bits set in either.", "math.bitOr(data.flags, 4)"),
  math(
    "math.bitXor",
    "global",
    ["a", "b"],
    bits("bitXor"),
    "The bits set in one but not in both.",
    "math.bitXor(data.flags, 4)",
  ),
  math(
    "math.bitNot",
    "global",
    ["number"],
    [overload("math_bitNot_int_int", "int", "int"), overload("math_bitNot_uint_uint", "uint", "uint")],
    "The bits that are not set.",
    "math.bitNot(data.flags)",
  ),
  math(
    "math.bitShiftLeft",
    "global",
    ["number", "count"],
    bits("bitShiftLeft", "int"),
    "The bits moved to the left.",
    "math.bitShiftLeft(1, data.bit)",
  ),
  math(
    "math.bitShiftRight",
    "global",
    ["number", "count"],
    bits("bitShiftRight", "int"),
    "The bits moved to the right; zeros come in.",
    "math.bitShiftRight(data.flags, 2)",
  ),
];
