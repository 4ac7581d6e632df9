/** What to say when no overload of a function takes the arguments. */
import type { FunctionRow } from "../../catalog/rows.ts";
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { CallExpression, Expression } from "../../syntax/ast.ts";
import { matches, patternOf } from "../type-pattern.ts";
import { isOpen, nameOfType, resolveType } from "../types.ts";
import { isIntLiteral } from "./check-literal.ts";
import type { Checked, Context } from "./context.ts";
import { fail } from "./context.ts";
import { optionalAsValue } from "./optional-as-value.ts";
import { parametersFor } from "./overloads.ts";

/** `text.split(separator, limit)`; the first overload with the most parameters. */
export function signature(row: FunctionRow): string {
  if (row.style === "method") return `${row.parameters[0]}.${row.name}(${row.parameters.slice(1).join(", ")})`;
  return `${row.name}(${row.parameters.join(", ")})`;
}

export function wrongArgumentCount(e: CallExpression, row: FunctionRow, context: Context, dynamic?: ExprTree): Checked {
  const receiver = row.style === "method" || (row.style === "both" && e.receiver) ? 1 : 0;
  const counts = [...new Set(row.overloads.map((overload) => overload.parameters.length - receiver))].sort(
    (a, b) => a - b,
  );
  const expected = row.overloads.some((overload) => overload.parameters.at(-1)?.endsWith("..."))
    ? "at least 1"
    : counts.join(" or ");
  return fail(
    context,
    "FLOW3005",
    e.name.span,
    { name: row.name, expected, found: String(e.arguments.length), signature: signature(row) },
    {},
    dynamic,
  );
}

/** Reports the first argument that fits no overload; `expressions` are the receiver (if any) and the arguments. */
export function argumentMismatch(
  e: CallExpression,
  row: FunctionRow,
  expressions: readonly Expression[],
  args: readonly Checked[],
  context: Context,
  dynamic?: ExprTree,
): Checked {
  const { types } = context.scope;
  const overloads = row.overloads
    .map((overload) => parametersFor(overload, args.length))
    .filter((each) => each !== undefined);
  const fits = (parameter: string, i: number): boolean => {
    const adapted = parameter === "double" && isIntLiteral(expressions[i]!, context);
    return adapted || matches(patternOf(parameter), args[i]!.type, new Map(), types);
  };
  let at = args.findIndex((_, i) => !overloads.some((parameters) => fits(parameters[i]!, i)));
  if (at < 0)
    at = args.findIndex(
      (_, i) => i > 0 && !overloads.some((parameters) => fits(parameters[0]!, 0) && fits(parameters[i]!, i)),
    );
  if (at < 0) at = args.length - 1;
  const possible = overloads.filter((parameters) => at === 0 || fits(parameters[0]!, 0));
  const expected = [...new Set(possible.map((parameters) => describe(parameters[at]!)))];
  const arg = args[at];
  const expression = expressions[at];
  if (!arg || !expression)
    return fail(
      context,
      "FLOW3006",
      e.span,
      { what: `'${row.name}'`, expected: "other arguments", found: "these", hint: "" },
      {},
      dynamic,
    );
  const optional = resolveType(arg.type, types);
  if (optional.kind === "optional") return optionalAsValue(expression, optional.of, context, dynamic ?? arg.tree);
  const isReceiver = e.receiver === expression;
  const what = isReceiver ? `'.${row.name}'` : `'${row.name}'`;
  const hint = hintFor(row, expected, arg, isReceiver);
  return fail(
    context,
    "FLOW3006",
    isReceiver ? e.name.span : expression.span,
    { what, expected: oneOf(expected), found: isOpen(arg.type) ? "any" : nameOfType(arg.type), hint },
    {},
    dynamic,
  );
}

const names: Readonly<Record<string, string>> = {
  T: "a value of the same type",
  O: "a type with an order",
  number: "a number",
  "[T]": "a list",
  "[[T]]": "a list of lists",
  "[O]": "a list of a type with an order",
  "[any]": "a list",
  "[number]": "a list of numbers",
  "{K: V}": "a map",
  "optional(T)": "an optional",
  "[optional(T)]": "a list of optionals",
};
const describe = (parameter: string): string => names[parameter] ?? parameter;
const oneOf = (types: readonly string[]): string =>
  types.length < 2 ? (types[0] ?? "something else") : `${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;

function hintFor(row: FunctionRow, expected: readonly string[], arg: Checked, isReceiver: boolean): string {
  if (expected.length !== 1) return "";
  const wanted = expected[0]!;
  if (wanted === "string" && /^(int|uint|double|bool|timestamp|duration|bytes)$/.test(arg.type.kind))
    return " Convert it: 'string(…)'.";
  if (wanted === "double" && arg.type.kind === "int") return " Convert it: 'double(…)'.";
  if (wanted === "timestamp" && arg.type.kind === "string") return " Convert it: 'timestamp(…)'.";
  if (wanted === "an optional") return " Read the field with '.?', as in 'data.?field'.";
  if (isReceiver && wanted === "string" && arg.type.kind === "list")
    return row.name === "contains"
      ? " For an element of a list, write 'x in list'."
      : " It is a list: use it on each element, with '.map(x, …)'.";
  return "";
}
