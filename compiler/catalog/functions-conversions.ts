/** Conversions between types, CEL's standard ones. A value that does not convert is an error, and so a bad event. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const core = rowsOf("core");

export const conversionFunctions: readonly FunctionRow[] = [
  core(
    "int",
    "global",
    ["value"],
    [
      overload("int64_to_int64", "int", "int"),
      overload("uint64_to_int64", "uint", "int"),
      overload("double_to_int64", "double", "int"),
      overload("string_to_int64", "string", "int"),
      overload("timestamp_to_int64", "timestamp", "int"),
      overload("duration_to_int64", "duration", "int"),
    ],
    "As an int: fractions are cut off, a string is read, a timestamp gives seconds since 1970.",
    "int(data.count)",
  ),
  core(
    "uint",
    "global",
    ["value"],
    [
      overload("uint64_to_uint64", "uint", "uint"),
      overload("int64_to_uint64", "int", "uint"),
      overload("double_to_uint64", "double", "uint"),
      overload("string_to_uint64", "string", "uint"),
    ],
    "As an unsigned int; an error below zero.",
    "uint(data.count)",
  ),
  core(
    "double",
    "global",
    ["value"],
    [
      overload("double_to_double", "double", "double"),
      overload("int64_to_double", "int", "double"),
      overload("uint64_to_double", "uint", "double"),
      overload("string_to_double", "string", "double"),
    ],
    "As a double; a string is read.",
    "double(data.qty) * data.price",
  ),
  core(
    "string",
    "global",
    ["value"],
    [
      overload("string_to_string", "string", "string"),
      overload("bool_to_string", "bool", "string"),
      overload("int64_to_string", "int", "string"),
      overload("uint64_to_string", "uint", "string"),
      overload("double_to_string", "double", "string"),
      overload("bytes_to_string", "bytes", "string"),
      overload("timestamp_to_string", "timestamp", "string"),
      overload("duration_to_string", "duration", "string"),
    ],
    "As text: bytes are read as UTF-8, a timestamp is written as RFC 3339.",
    "string(data.id)",
  ),
  core(
    "bytes",
    "global",
    ["value"],
    [overload("bytes_to_bytes", "bytes", "bytes"), overload("string_to_bytes", "string", "bytes")],
    "As bytes: text in UTF-8.",
    "bytes(data.text)",
  ),
  core(
    "bool",
    "global",
    ["value"],
    [overload("bool_to_bool", "bool", "bool"), overload("string_to_bool", "string", "bool")],
    'As a bool: reads "true", "t", "1", "false", "f", "0" and their usual capitals.',
    "bool(data.flag)",
  ),
  core(
    "timestamp",
    "global",
    ["value"],
    [
      overload("timestamp_to_timestamp", "timestamp", "timestamp"),
      overload("string_to_timestamp", "string", "timestamp"),
      overload("int64_to_timestamp", "int", "timestamp"),
    ],
    "As a timestamp: a string is read as RFC 3339, an int is seconds since 1970.",
    "timestamp(data.created_at)",
  ),
  core(
    "duration",
    "global",
    ["value"],
    [
      overload("duration_to_duration", "duration", "duration"),
      overload("string_to_duration", "string", "duration"),
      overload("int64_to_duration", "int", "duration"),
    ],
    'As a duration: a string such as "1h30m" is read, an int is seconds.',
    "duration(data.timeout)",
  ),
  core(
    "dyn",
    "global",
    ["value"],
    [overload("to_dyn", "T", "any")],
    "The same value as `any`: checked when it is used, not before.",
    "dyn(data.value)",
  ),
  core(
    "type",
    "global",
    ["value"],
    [overload("type", "T", "type")],
    "The type of the value, to be compared: `type(x) == string`.",
    "type(data.value) == string",
  ),
];
