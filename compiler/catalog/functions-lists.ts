/** Functions over lists: CEL's lists and sets extensions. */
import { overload, rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const lists = rowsOf("lists");
const sets = rowsOf("sets");

export const listFunctions: readonly FunctionRow[] = [
  lists(
    "slice",
    "method",
    ["list", "from", "to"],
    [overload("list_slice", "[T]", "int", "int", "[T]")],
    "The elements from one index up to, and without, another.",
    "data.items.slice(0, 3)",
  ),
  lists(
    "flatten",
    "method",
    ["list", "depth"],
    [
      overload("list_flatten", "[[T]]", "[T]"),
      overload("list_flatten_flat", "[T]", "[T]"),
      overload("list_flatten_int", "[any]", "int", "[any]"),
    ],
    "One list of the elements of the lists in it, one level or `depth` levels deep.",
    "[[1, 2], [3]].flatten()",
  ),
  lists(
    "distinct",
    "method",
    ["list"],
    [overload("list_distinct", "[T]", "[T]")],
    "The list without repetitions, in order of first occurrence.",
    "data.tags.distinct()",
  ),
  lists(
    "sort",
    "method",
    ["list"],
    [overload("list_sort", "[O]", "[O]")],
    "The list in ascending order.",
    "data.scores.sort()",
  ),
  lists(
    "reverse",
    "method",
    ["value"],
    [overload("list_reverse", "[T]", "[T]"), overload("string_reverse", "string", "string")],
    "The list, or the characters of the text, from the end to the start.",
    "data.items.reverse()",
  ),
  lists(
    "first",
    "method",
    ["list"],
    [overload("list_first", "[T]", "optional(T)")],
    "The first element, absent when the list is empty.",
    'data.tags.first().orValue("")',
  ),
  lists(
    "last",
    "method",
    ["list"],
    [overload("list_last", "[T]", "optional(T)")],
    "The last element, absent when the list is empty.",
    'data.tags.last().orValue("")',
  ),
  lists(
    "lists.range",
    "global",
    ["count"],
    [overload("lists_range", "int", "[int]")],
    "The ints from 0 up to, and without, the count.",
    "lists.range(3)",
  ),
  sets(
    "sets.contains",
    "global",
    ["list", "part"],
    [overload("list_sets_contains_list", "[T]", "[T]", "bool")],
    "Whether every element of the second list is in the first.",
    'sets.contains(data.tags, ["a", "b"])',
  ),
  sets(
    "sets.equivalent",
    "global",
    ["a", "b"],
    [overload("list_sets_equivalent_list", "[T]", "[T]", "bool")],
    "Whether each list holds every element of the other.",
    'sets.equivalent(data.tags, ["a", "b"])',
  ),
  sets(
    "sets.intersects",
    "global",
    ["a", "b"],
    [overload("list_sets_intersects_list", "[T]", "[T]", "bool")],
    "Whether the lists have an element in common.",
    'sets.intersects(data.tags, ["a", "b"])',
  ),
];
