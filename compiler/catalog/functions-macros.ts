/** Macros: calls that bind variables or look at how an argument is written. Their types follow from their arguments; see the checker. */
import { rowsOf } from "./function-rows.ts";
import type { FunctionRow } from "./rows.ts";

const core = rowsOf("core");
const lists = rowsOf("lists");
const optional = rowsOf("optional");
const bindings = rowsOf("bindings");

export const macroFunctions: readonly FunctionRow[] = [
  core(
    "has",
    "macro",
    ["field"],
    [],
    "Whether the field is there. A declared optional field that is null counts as absent.",
    "has(data.note)",
  ),
  core(
    "all",
    "macro",
    ["list", "index?", "item", "test"],
    [],
    "Whether the test holds for every element of a list or key of a map.",
    "data.items.all(i, i.qty > 0)",
  ),
  core(
    "exists",
    "macro",
    ["list", "index?", "item", "test"],
    [],
    "Whether the test holds for some element of a list or key of a map.",
    "data.items.exists(i, i.qty > 3)",
  ),
  core(
    "exists_one",
    "macro",
    ["list", "index?", "item", "test"],
    [],
    "Whether the test holds for exactly one element of a list or key of a map.",
    'data.items.exists_one(i, i.sku == "a")',
  ),
  core(
    "existsOne",
    "macro",
    ["list", "index?", "item", "test"],
    [],
    "The same as `exists_one`.",
    "data.items.existsOne(i, v, v.qty == i)",
  ),
  core(
    "map",
    "macro",
    ["list", "item", "test?", "result"],
    [],
    "The list of the results, one for each element or key (for which the test holds).",
    "data.items.map(i, i.price * double(i.qty))",
  ),
  core(
    "filter",
    "macro",
    ["list", "item", "test"],
    [],
    "The elements, or keys, for which the test holds.",
    "data.items.filter(i, i.qty > 0)",
  ),
  core(
    "transformList",
    "macro",
    ["list", "index", "item", "test?", "result"],
    [],
    "The list of the results, over index and element or key and value.",
    'data.meta.transformList(k, v, k + "=" + string(v))',
  ),
  core(
    "transformMap",
    "macro",
    ["map", "key", "value", "test?", "result"],
    [],
    "The map with the same keys (for which the test holds) and the results as values.",
    "data.prices.transformMap(k, v, v * 2.0)",
  ),
  core(
    "transformMapEntry",
    "macro",
    ["map", "key", "value", "test?", "entry"],
    [],
    "The map of the entries, each written `{(key): value}`.",
    "data.codes.transformMapEntry(k, v, {(v): k})",
  ),
  lists(
    "sortBy",
    "macro",
    ["list", "item", "key"],
    [],
    "The list in ascending order of the key of each element.",
    "data.items.sortBy(i, i.price)",
  ),
  optional(
    "optMap",
    "macro",
    ["optional", "item", "result"],
    [],
    "The result for the value when there is one, else absent.",
    "data.?note.optMap(n, n.size())",
  ),
  optional(
    "optFlatMap",
    "macro",
    ["optional", "item", "result"],
    [],
    "The optional result for the value when there is one, else absent.",
    "data.?user.optFlatMap(u, u.?email)",
  ),
  bindings(
    "cel.bind",
    "macro",
    ["name", "value", "body"],
    [],
    "The body, with the value under a name of its own.",
    "cel.bind(total, data.a + data.b, total * total)",
  ),
];
