/** Names: variables, params, types as values, and the words that are none of these. */
import { callableByName, namespaces } from "../../catalog/functions.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Expression, IdentExpression, SelectExpression } from "../../syntax/ast.ts";
import { typeType } from "../types.ts";
import { constantExpression } from "./constant-expression.ts";
import { type Checked, type Context, fail, fixesFor, kind, mistaken } from "./context.ts";

/** Names of types as values: what `type(x)` gives. The value is CEL's own name of the type. */
const typeValues: ReadonlyMap<string, string> = new Map([
  ...["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "optional_type"].map(
    (name) => [name, name] as const,
  ),
  ["timestamp", "google.protobuf.Timestamp"],
  ["duration", "google.protobuf.Duration"],
  ["google.protobuf.Timestamp", "google.protobuf.Timestamp"],
  ["google.protobuf.Duration", "google.protobuf.Duration"],
]);

/** What the names with dots among them begin with. */
const typeRoots: ReadonlySet<string> = new Set(
  [...typeValues.keys()].filter((name) => name.includes(".")).map((name) => name.slice(0, name.indexOf("."))),
);

export function checkIdent(e: IdentExpression, context: Context): Checked {
  const { scope } = context;
  const local = context.locals.get(e.name);
  if (local) return local;
  const type = variableType(e.name, context);
  if (type) {
    scope.use?.(e.name, e.span, "variable");
    return { tree: { op: "var", kind: kind(type, context), name: e.name }, type };
  }
  if (scope.eventVariables?.has(e.name)) return fail(context, "FLOW3018", e.span, { name: e.name });
  const param = scope.params.get(e.name);
  if (param) return checkParam(e, param.type, context);
  if (scope.tables.has(e.name)) {
    scope.use?.(e.name, e.span, "table");
    return fail(context, "FLOW3025", e.span, { name: e.name });
  }
  const named = typeValues.get(e.name);
  if (named !== undefined) return { tree: { op: "const", kind: "type", value: named }, type: typeType };
  return unknownName(e, context);
}

/** The type of a variable where it is in scope; the variables of an event only inside aggregates, where there are such. */
function variableType(name: string, context: Context): ValueType | undefined {
  const { scope } = context;
  if (context.inAggregate && scope.eventVariables) return scope.eventVariables.get(name);
  return scope.variables.get(name);
}

function checkParam(e: IdentExpression, type: ValueType, context: Context): Checked {
  const { value, comesLater } = context.scope.params.get(e.name)!;
  context.scope.use?.(e.name, e.span, "param");
  if (comesLater) return { tree: { op: "var", kind: kind(type, context), name: e.name }, type };
  if (value === undefined) return mistaken;
  const literal = constantExpression(value, type, e.span, context.scope.types);
  if (!literal) return fail(context, "FLOW3034", e.span, { name: e.name, type: type.kind });
  const checked = context.check(literal, { ...context, scope: withoutRecord(context) });
  return { tree: checked.tree, type: type.kind === "unknown" || type.kind === "any" ? checked.type : type };
}

const withoutRecord = (context: Context): Context["scope"] => {
  const { record: _record, use: _use, ...scope } = context.scope;
  return scope;
};

function unknownName(e: IdentExpression, context: Context): Checked {
  const { scope } = context;
  const near = nearest(e.name, [
    ...context.locals.keys(),
    ...scope.variables.keys(),
    ...scope.params.keys(),
    ...scope.tables.keys(),
  ]);
  const hint = near === undefined ? hintFor(e.name, context) : didYouMean(near);
  return fail(context, "FLOW2030", e.span, { name: e.name, near: hint }, fixesFor(context, e.span, near), {
    op: "var",
    kind: "any",
    name: e.name,
  });
}

const inGroups = new Set(["key", "window", "pane"]);

function hintFor(name: string, context: Context): string {
  if (name === "chunk")
    return " 'chunk' means something in the 'emit' of a chunk, and behind one that all inputs have gone through.";
  if (inGroups.has(name)) return ` '${name}' means something in the 'emit' and 'where' of a window or chunk.`;
  if (context.scope.functions.has(name) || callableByName.has(name))
    return ` '${name}' is a function: write '${name}(…)'.`;
  if (namespaces.has(name))
    return ` '${name}' only stands before a function: '${[...callableByName.keys()].find((each) => each.startsWith(`${name}.`))}'.`;
  const data = context.scope.variables.get("data");
  const field = data?.kind === "ref" ? context.scope.types[data.name] : data;
  if (field?.kind === "record" && field.fields.some((each) => each.name === name))
    return ` Did you mean 'data.${name}'?`;
  return "";
}

/** `google.protobuf.Timestamp` and the like: a name with dots that is no field. */
export function qualifiedType(e: SelectExpression, context: Context): Checked | undefined {
  const root = rootName(e);
  if (root === undefined || !typeRoots.has(root) || context.scope.variables.has(root)) return undefined;
  const name = dottedName(e);
  const value = name === undefined ? undefined : typeValues.get(name);
  return value === undefined ? undefined : { tree: { op: "const", kind: "type", value }, type: typeType };
}

/** A variable whose own name has dots, as CEL allows. Here only for CEL's sake: .flow declares none. */
export function qualifiedVariable(e: SelectExpression, context: Context): Checked | undefined {
  if (!context.scope.hasDottedVariables) return undefined;
  const name = dottedName(e);
  const type = name === undefined ? undefined : context.scope.variables.get(name);
  return type && { tree: { op: "var", kind: kind(type, context), name: name! }, type };
}

/** The first name of a chain of fields. */
function rootName(e: Expression): string | undefined {
  let at = e;
  while (at.kind === "select") at = at.of;
  return at.kind === "ident" ? at.name : undefined;
}

function dottedName(e: Expression): string | undefined {
  if (e.kind === "ident") return e.name;
  if (e.kind !== "select" || e.optional) return undefined;
  const before = dottedName(e.of);
  return before === undefined ? undefined : `${before}.${e.field.text}`;
}

/** Whether the name stands for a value here, so that `name.f()` is a call on it and not a namespaced function. */
export function isValueName(name: string, context: Context): boolean {
  const { scope } = context;
  return (
    context.locals.has(name) ||
    scope.variables.has(name) ||
    scope.eventVariables?.has(name) === true ||
    scope.params.has(name) ||
    scope.tables.has(name)
  );
}
