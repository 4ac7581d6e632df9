/** Functions over optionals: CEL's optional types extension. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const optional = rowsOf("optional");

export const optionalFunctions: readonly FunctionRow[] = [
  optional(
    "orValue",
    "method",
    ["optional", "otherwise"],
    [overload("optional_orValue_value", "optional(T)", "T", "T")],
    "The value, or the other one when it is absent.",
    'data.?note.orValue("none")',
  ),
  optional(
    "or",
    "method",
    ["optional", "other"],
    [overload("optional_or_optional", "optional(T)", "optional(T)", "optional(T)")],
    "This optional, or the other one when it is absent.",
    "data.?mail.or(data.?email)",
  ),
  optional(
    "hasValue",
    "method",
    ["optional"],
    [overload("optional_hasValue", "optional(T)", "bool")],
    "Whether there is a value.",
    "teams[data.team].hasValue()",
  ),
  optional(
    "value",
    "method",
    ["optional"],
    [overload("optional_value", "optional(T)", "T")],
    "The value; an error, and so a bad event, when it is absent.",
    "teams[data.team].value()",
  ),
  optional(
    "optional.of",
    "global",
    ["value"],
    [overload("optional_of", "T", "optional(T)")],
    "An optional with a value.",
    "optional.of(1)",
  ),
  optional(
    "optional.none",
    "global",
    [],
    [overload("optional_none", "optional(T)")],
    "An optional without a value.",
    "optional.none()",
  ),
  optional(
    "optional.ofNonZeroValue",
    "global",
    ["value"],
    [overload("optional_ofNonZeroValue", "T", "optional(T)")],
    "An optional that is absent when the value is empty, zero, false or null.",
    "optional.ofNonZeroValue(data.name)",
  ),
  optional(
    "optional.unwrap",
    "global",
    ["list"],
    [overload("optional_unwrap", "[optional(T)]", "[T]")],
    "The values that are there, of a list of optionals.",
    "optional.unwrap([data.?a, data.?b])",
  ),
  optional(
    "unwrapOpt",
    "method",
    ["list"],
    [overload("optional_unwrapOpt", "[optional(T)]", "[T]")],
    "The values that are there, of a list of optionals.",
    "[data.?a, data.?b].unwrapOpt()",
  ),
];
