/** Aggregates: what `emit` and `where` of a window or chunk say about all its events at once. Their arguments are over one event. */
import { overload } from "./function-rows.ts";
import type { FunctionRow, Overload } from "./rows.ts";

function aggregate(
  name: string,
  parameters: readonly string[],
  overloads: readonly Overload[],
  doc: string,
  example: string,
): FunctionRow {
  return {
    name,
    style: "aggregate",
    overloads,
    library: "stream",
    parameters,
    doc,
    example,
    since: "0.1",
    runtime: true,
  };
}
const numeric = (id: string, result?: string): readonly Overload[] =>
  ["int", "uint", "double"].map((type) => overload(`${id}_${type}`, type, result ?? type));

export const aggregateFunctions: readonly FunctionRow[] = [
  aggregate("count", [], [overload("count", "int")], "How many events there are.", "count()"),
  aggregate(
    "sum",
    ["value"],
    [...numeric("sum"), overload("sum_duration", "duration", "duration")],
    "The sum. Overflow is an error.",
    "sum(data.amount)",
  ),
  aggregate("min", ["value"], [overload("min", "O", "O")], "The least.", "min(data.price)"),
  aggregate("max", ["value"], [overload("max", "O", "O")], "The greatest.", "max(data.price)"),
  aggregate(
    "avg",
    ["value"],
    [...numeric("avg", "double"), overload("avg_duration", "duration", "duration")],
    "The mean.",
    "avg(data.latency)",
  ),
  aggregate(
    "first",
    ["value"],
    [overload("first", "T", "T")],
    "Of the first event, by event time.",
    "first(data.status)",
  ),
  aggregate("last", ["value"], [overload("last", "T", "T")], "Of the last event, by event time.", "last(data.status)"),
  aggregate("list", ["value"], [overload("list", "T", "[T]")], "All of them, in order of arrival.", "list(data.id)"),
  aggregate(
    "distinct",
    ["value"],
    [overload("distinct", "T", "[T]")],
    "The different ones, in order of first arrival.",
    "distinct(data.user).size()",
  ),
  aggregate(
    "arg_max",
    ["value", "by"],
    [overload("arg_max", "T", "O", "T")],
    "Of the event where `by` is greatest; the first of equals.",
    "arg_max(data.name, data.score)",
  ),
  aggregate(
    "arg_min",
    ["value", "by"],
    [overload("arg_min", "T", "O", "T")],
    "Of the event where `by` is least; the first of equals.",
    "arg_min(data.name, data.price)",
  ),
  aggregate(
    "quantile",
    ["value", "fraction"],
    ["int", "uint", "double"].map((type) => overload(`quantile_${type}`, type, "double", "double")),
    "The value below which this fraction (0 to 1, a constant) of them lies, interpolated.",
    "quantile(data.latency, 0.99)",
  ),
  aggregate(
    "top",
    ["count", "value"],
    [overload("top", "int", "O", "[O]")],
    "The greatest so many (a constant), greatest first.",
    "top(3, data.score)",
  ),
  aggregate(
    "stddev",
    ["value"],
    numeric("stddev", "double"),
    "The standard deviation, of all of them (population).",
    "stddev(data.latency)",
  ),
];
