/** Macros: calls that bind variables. Each becomes a `macro` or `let` node; variables get names unique in the tree. */
import { macroByName } from "../../catalog/functions.ts";
import type { ExprTree, MacroTree } from "../../contract/expr-tree.ts";
import type { ValueType } from "../../contract/value-type.ts";
import type { CallExpression, Expression, IdentExpression } from "../../syntax/ast.ts";
import { isOrdered } from "../type-pattern.ts";
import {
  anyType,
  asMap,
  boolType,
  intType,
  isMapKey,
  isOpen,
  join,
  listOf,
  mapOf,
  membersOf,
  nameOfType,
  optionalOf,
  resolveType,
  unknownType,
  withArticle,
} from "../types.ts";
import { bare, bindVariable, type Checked, type Context, fail, kind } from "./context.ts";
import { expectBool } from "./expect-bool.ts";

/** The numbers of arguments with which a name is a macro: of one variable, and of two. */
const shapes: Readonly<Record<string, { readonly one: readonly number[]; readonly two: readonly number[] }>> = {
  all: { one: [2], two: [3] },
  exists: { one: [2], two: [3] },
  exists_one: { one: [2], two: [3] },
  existsOne: { one: [2], two: [3] },
  map: { one: [2, 3], two: [] },
  filter: { one: [2], two: [] },
  sortBy: { one: [2], two: [] },
  optMap: { one: [2], two: [] },
  optFlatMap: { one: [2], two: [] },
  transformList: { one: [], two: [3, 4] },
  transformMap: { one: [], two: [3, 4] },
  transformMapEntry: { one: [], two: [3, 4] },
};

/** Whether a call on something is a macro by its name, whatever its arguments. */
export const isMacroName = (name: string): boolean => Object.hasOwn(shapes, name);

export function checkMacro(e: CallExpression, receiver: Expression, context: Context): Checked {
  const name = e.name.text;
  const shape = shapes[name]!;
  const count = e.arguments.length;
  const two = shape.two.includes(count);
  if (!two && !shape.one.includes(count)) return wrongCount(e, receiver, context);
  const over = context.check(receiver, context);
  const bound = e.arguments.slice(0, two ? 2 : 1).map((argument) => variableOf(argument, context));
  if (bound.some((each) => each === undefined)) return checkAll(e.arguments.slice(bound.length), context);
  const variables = bound as readonly IdentExpression[];
  const bodies = e.arguments.slice(variables.length);
  if (name === "optMap" || name === "optFlatMap")
    return checkOptionalMap(name, over, receiver, variables[0]!, bodies[0]!, context);
  return checkComprehension(e, receiver, over, variables, bodies, context);
}

function wrongCount(e: CallExpression, receiver: Expression, context: Context): Checked {
  const { one, two } = shapes[e.name.text]!;
  const counts = [...one, ...two].sort((a, b) => a - b);
  context.check(receiver, context);
  return fail(
    context,
    "FLOW3005",
    e.name.span,
    {
      name: e.name.text,
      expected: counts.join(" or "),
      found: String(e.arguments.length),
      signature: signatureOf(e.name.text),
    },
    {},
    { op: "call", kind: "any", fn: e.name.text, args: [] },
  );
}

/** As the catalogue shows it: `list.map(item, test?, result)`. */
function signatureOf(name: string): string {
  const [on, ...rest] = macroByName.get(name)?.parameters ?? [];
  return `${on}.${name}(${rest.join(", ")})`;
}

function variableOf(e: Expression, context: Context): IdentExpression | undefined {
  if (e.kind === "ident") return e;
  if (e.kind !== "error") fail(context, "FLOW3024", e.span, {});
  return undefined;
}

/** For the mistakes inside, when the whole is one already. */
function checkAll(expressions: readonly Expression[], context: Context): Checked {
  for (const e of expressions) {
    const quiet: Context = {
      ...context,
      report: (code, span, parameters, extras) => code !== "FLOW2030" && context.report(code, span, parameters, extras),
    };
    context.check(e, quiet);
  }
  return { tree: { op: "const", kind: "null", value: null }, type: unknownType };
}

/** What a comprehension runs over: the types of index (or key) and of value. */
function rangeOf(
  over: Checked,
  receiver: Expression,
  context: Context,
  name: string,
): { readonly key: ValueType; readonly value: ValueType; readonly isMap: boolean } {
  const { types } = context.scope;
  const type = resolveType(over.type, types);
  if (isOpen(type)) return { key: type, value: type, isMap: false };
  const members = membersOf(type, types)
    .filter((member) => member.kind !== "null")
    .map((member) => resolveType(member, types));
  const list = members.find((member) => member.kind === "list");
  if (list) return { key: intType, value: list.element, isMap: false };
  const map = members.map((member) => asMap(member, types)).find((member) => member !== undefined);
  if (map) return { key: map.key, value: map.value, isMap: true };
  if (members.some(isOpen)) return { key: anyType, value: anyType, isMap: false };
  const hint =
    type.kind === "optional"
      ? " Add '.orValue([])'."
      : type.kind === "string"
        ? " Cut the text first: '.split(…)'."
        : "";
  const failed = fail(context, "FLOW3026", receiver.span, { name, type: withArticle(over.type), hint });
  return { key: failed.type, value: failed.type, isMap: false };
}

const macroOf: Readonly<Record<string, MacroTree["macro"]>> = {
  all: "all",
  exists: "exists",
  exists_one: "exists_one",
  existsOne: "exists_one",
  map: "map",
  filter: "filter",
  sortBy: "sort_by",
  transformList: "transform_list",
  transformMap: "transform_map",
  transformMapEntry: "transform_map_entry",
};

function checkComprehension(
  e: CallExpression,
  receiver: Expression,
  over: Checked,
  variables: readonly IdentExpression[],
  bodies: readonly Expression[],
  context: Context,
): Checked {
  const name = e.name.text;
  const range = rangeOf(over, receiver, context, name);
  const two = variables.length === 2;
  const index = two ? bindVariable(context, variables[0]!.name, range.key) : undefined;
  const itemType = two ? range.value : range.isMap ? range.key : range.value;
  const item = bindVariable(index?.context ?? context, variables.at(-1)!.name, itemType);
  if (two) context.scope.record?.(variables[0]!, range.key);
  context.scope.record?.(variables.at(-1)!, itemType);
  const inner = item.context;
  const base = {
    op: "macro" as const,
    macro: macroOf[name]!,
    over: over.tree,
    item: item.name,
    ...(index ? { index: index.name } : {}),
  };
  const testOf = (body: Expression): ExprTree => expectBool(body, `The test of '${name}'`, inner).tree;

  if (base.macro === "all" || base.macro === "exists" || base.macro === "exists_one")
    return { tree: { ...base, kind: "bool", test: testOf(bodies[0]!) }, type: boolType };
  if (base.macro === "filter")
    return { tree: { ...base, kind: "list", test: testOf(bodies[0]!) }, type: listOf(itemType) };
  const test = bodies.length === 2 ? { test: testOf(bodies[0]!) } : {};
  const body = bodies.at(-1)!;
  const result = context.check(body, inner);
  const type = resultType(base.macro, result, body, range, itemType, inner);
  return { tree: { ...base, ...test, kind: kind(type, context), result: result.tree }, type };
}

function resultType(
  macro: MacroTree["macro"],
  result: Checked,
  body: Expression,
  range: { readonly key: ValueType; readonly value: ValueType },
  itemType: ValueType,
  context: Context,
): ValueType {
  if (macro === "transform_map") return mapOf(range.key, result.type);
  if (macro === "transform_map_entry") return entryType(result, body, context);
  if (macro === "sort_by") {
    if (!isOrdered(result.type, context.scope.types)) {
      fail(context, "FLOW3007", body.span, {
        what: "The key of 'sortBy'",
        expected: "of a type with an order",
        found: nameOfType(result.type),
        hint: "",
      });
    }
    return listOf(itemType);
  }
  return listOf(result.type);
}

function entryType(result: Checked, body: Expression, context: Context): ValueType {
  const { types } = context.scope;
  const plain = bare(body);
  const map = asMap(result.type, types);
  if (isOpen(result.type)) return mapOf(anyType, anyType);
  if (map && (plain.kind !== "record" || plain.entries.length === 1))
    return isMapKey(map.key, types) ? map : mapOf(anyType, map.value);
  fail(context, "FLOW3007", body.span, {
    what: "The result of 'transformMapEntry'",
    expected: "a map of one entry",
    found: nameOfType(result.type),
    hint: " Write '{(key): value}'.",
  });
  return mapOf(anyType, anyType);
}

/** `o.optMap(x, e)` is: when there is a value, let x be it in `optional.of(e)`, else absent. */
function checkOptionalMap(
  name: string,
  over: Checked,
  receiver: Expression,
  variable: IdentExpression,
  body: Expression,
  context: Context,
): Checked {
  const { types } = context.scope;
  const of = resolveType(over.type, types);
  if (of.kind !== "optional" && !isOpen(of)) {
    return fail(context, "FLOW3007", receiver.span, {
      what: `What stands before '.${name}'`,
      expected: "an optional",
      found: nameOfType(over.type),
      hint: " Read the field with '.?'.",
    });
  }
  const valueType = of.kind === "optional" ? of.of : of;
  const whole = bindVariable(context, "optional", over.type);
  const value = bindVariable(whole.context, variable.name, valueType);
  context.scope.record?.(variable, valueType);
  const result = context.check(body, { ...value.context, locals: withoutOuter(value.context, context, variable.name) });
  const type = name === "optMap" ? optionalOf(result.type) : join(optionalOf(unknownType), result.type, types);
  if (name === "optFlatMap" && resolveType(result.type, types).kind !== "optional" && !isOpen(result.type)) {
    return fail(context, "FLOW3007", body.span, {
      what: "The result of 'optFlatMap'",
      expected: "an optional",
      found: nameOfType(result.type),
      hint: " For a plain value use 'optMap'.",
    });
  }
  const wholeTree: ExprTree = { op: "var", kind: kind(over.type, context), name: whole.name };
  const inner: ExprTree = {
    op: "let",
    kind: "optional",
    name: value.name,
    value: { op: "call", kind: kind(valueType, context), fn: "value", args: [wholeTree] },
    body: name === "optMap" ? { op: "call", kind: "optional", fn: "optional.of", args: [result.tree] } : result.tree,
  };
  const choice: ExprTree = {
    op: "if",
    kind: "optional",
    test: { op: "call", kind: "bool", fn: "hasValue", args: [wholeTree] },
    // biome-ignore lint/suspicious/noThenProperty: the branch of a conditional, as the tree names it
    then: inner,
    else: { op: "call", kind: "optional", fn: "optional.none", args: [] },
  };
  return { tree: { op: "let", kind: "optional", name: whole.name, value: over.tree, body: choice }, type };
}

/** The body sees its own variable, and nothing of the one that holds the optional. */
function withoutOuter(inner: Context, outer: Context, name: string): Context["locals"] {
  return new Map(outer.locals).set(name, inner.locals.get(name)!);
}

/** `cel.bind(name, value, body)`. */
export function checkBind(e: CallExpression, context: Context): Checked {
  const [name, value, body, ...more] = e.arguments;
  if (!name || !value || !body || more.length > 0) {
    return fail(context, "FLOW3005", e.name.span, {
      name: "cel.bind",
      expected: "3",
      found: String(e.arguments.length),
      signature: "cel.bind(name, value, body)",
    });
  }
  const variable = variableOf(name, context);
  const checked = context.check(value, context);
  if (!variable) return checkAll([body], context);
  const bound = bindVariable(context, variable.name, checked.type);
  context.scope.record?.(variable, checked.type);
  const result = context.check(body, bound.context);
  return {
    tree: { op: "let", kind: kind(result.type, context), name: bound.name, value: checked.tree, body: result.tree },
    type: result.type,
  };
}
