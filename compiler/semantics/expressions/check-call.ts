/** Calls: which function a call means, and the check of its arguments. */
import { aggregateByName, callableByName, macroByName, namespaces } from "../../catalog/functions.ts";
import type { FunctionRow } from "../../catalog/rows.ts";
import type { ExprTree } from "../../contract/expr-tree.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import { cover, type Span } from "../../source/span.ts";
import type { CallExpression, Expression } from "../../syntax/ast.ts";
import { unknownType } from "../types.ts";
import { checkAggregate, isAggregateName } from "./aggregates.ts";
import { checkUserCall } from "./check-function.ts";
import { asDouble, isIntLiteral } from "./check-literal.ts";
import { checkLiteralArguments } from "./check-literal-arguments.ts";
import { checkBind, checkMacro, isMacroName } from "./check-macro.ts";
import { isValueName } from "./check-name.ts";
import { checkHas } from "./check-select.ts";
import { bare, type Checked, type Context, fail, kind, replaceWith } from "./context.ts";
import { argumentMismatch, wrongArgumentCount } from "./mismatch.ts";
import { chooseOverload, parametersFor } from "./overloads.ts";
import { comparable, sortedByValue, viewedAs } from "./view.ts";

export function checkCall(e: CallExpression, context: Context): Checked {
  if (e.name.text === "") {
    checkArguments(e, context);
    return { tree: { op: "const", kind: "null", value: null }, type: unknownType };
  }
  return e.receiver ? checkOnReceiver(e, e.receiver, context) : checkGlobal(e, context);
}

const checkArguments = (e: CallExpression, context: Context): readonly Checked[] =>
  e.arguments.map((argument) => context.check(argument, context));

function checkGlobal(e: CallExpression, context: Context): Checked {
  const name = e.name.text;
  const declared = context.scope.functions.get(name);
  if (declared) return checkUserCall(e, declared, context);
  if (name === "has") {
    const [field, ...more] = e.arguments;
    if (field && more.length === 0) return checkHas(field, context);
    return fail(context, "FLOW3005", e.name.span, {
      name,
      expected: "1",
      found: String(e.arguments.length),
      signature: "has(data.field)",
    });
  }
  if (isAggregateName(name) && !(e.arguments.length > 0 && callableByName.get(name)?.style === "global"))
    return checkAggregate(e, context);
  const row = callableByName.get(name);
  if (row && row.style !== "method") return applyFunction(e, row, e.arguments, checkArguments(e, context), context);
  return unknownGlobal(e, row, context);
}

function checkOnReceiver(e: CallExpression, receiver: Expression, context: Context): Checked {
  const name = e.name.text;
  if (receiver.kind === "ident" && namespaces.has(receiver.name) && !isValueName(receiver.name, context))
    return checkNamespaced(e, receiver.name, receiver.span, context);
  if (isMacroName(name)) return checkMacro(e, receiver, context);
  const row = callableByName.get(name);
  if (row && row.style !== "global") {
    const on = context.check(receiver, context);
    return applyFunction(e, row, [receiver, ...e.arguments], [on, ...checkArguments(e, context)], context);
  }
  return unknownMethod(e, receiver, row, context);
}

function checkNamespaced(e: CallExpression, namespace: string, span: Span, context: Context): Checked {
  const name = `${namespace}.${e.name.text}`;
  if (name === "cel.bind") return checkBind(e, context);
  const row = callableByName.get(name);
  const args = checkArguments(e, context);
  if (row) return applyFunction(e, row, e.arguments, args, context);
  const near = nearest(name, callableByName.keys());
  const extras = near?.includes(".") ? { fixes: [replaceWith(context, cover(span, e.name.span), near)] } : {};
  return fail(
    context,
    "FLOW3004",
    cover(span, e.name.span),
    { name, near: didYouMean(near) },
    extras,
    dynamicCall(name, args),
  );
}

const dynamicCall = (fn: string, args: readonly Checked[]): ExprTree => ({
  op: "call",
  kind: "any",
  fn,
  args: args.map((arg) => arg.tree),
});

/** `expressions` and `args`: the receiver, where there is one, and the arguments. */
function applyFunction(
  e: CallExpression,
  row: FunctionRow,
  expressions: readonly Expression[],
  args: readonly Checked[],
  context: Context,
): Checked {
  const dynamic = dynamicCall(row.name, args);
  if (!row.overloads.some((overload) => parametersFor(overload, args.length)))
    return wrongArgumentCount(e, row, context, dynamic);
  const candidates = args.map((arg, i) => ({ type: arg.type, adapts: isIntLiteral(expressions[i]!, context) }));
  const choice = chooseOverload(row, candidates, context.scope.types);
  if (!choice) return argumentMismatch(e, row, expressions, args, context, dynamic);
  checkLiteralArguments(row, expressions, context);
  const byValue = row.name === "sort" ? sortedByValue(args[0]!, context) : undefined;
  if (byValue) return { tree: byValue, type: choice.result };
  const trees = args.map((arg, i) =>
    comparesValues.has(row.name) ? comparable(arg, context) : (choice.adapted[i] ? asDouble(arg) : arg).tree,
  );
  if (row.name === "dyn") return { tree: viewedAs(args[0]!, { kind: "any" }, context), type: choice.result };
  const type = args.some((arg) => arg.type.kind === "unknown") ? unknownType : choice.result;
  return { tree: { op: "call", kind: kind(choice.result, context), fn: row.name, args: trees }, type };
}

/** Functions that ask whether elements are equal. */
const comparesValues: ReadonlySet<string> = new Set([
  "distinct",
  "sets.contains",
  "sets.equivalent",
  "sets.intersects",
]);

/** Names that other languages have for what is here. */
const otherNames: Readonly<Record<string, string>> = {
  length: "size",
  len: "size",
  toLowerCase: "lowerAscii",
  lower: "lowerAscii",
  toUpperCase: "upperAscii",
  upper: "upperAscii",
  includes: "contains",
  some: "exists",
  any: "exists",
  every: "all",
  find: "filter",
  toString: "string",
  str: "string",
  float: "double",
  number: "double",
  parseInt: "int",
  parseFloat: "double",
  now: "event.time",
  strip: "trim",
  forEach: "map",
  substr: "substring",
  getYear: "getFullYear",
  abs: "math.abs",
  round: "math.round",
  floor: "math.floor",
  ceil: "math.ceil",
  greatest: "math.greatest",
  least: "math.least",
  parse_json: "parseJson",
  to_json: "toJson",
  average: "avg",
  mean: "avg",
};

function unknownGlobal(e: CallExpression, method: FunctionRow | undefined, context: Context): Checked {
  const name = e.name.text;
  const args = checkArguments(e, { ...context, report: withoutNames(context) });
  const dynamic = dynamicCall(name, args);
  const [first, ...rest] = e.arguments;
  if ((method || isMacroName(name)) && first) {
    const fix = moveToFront(e, first, rest, context);
    return fail(
      context,
      "FLOW3004",
      e.name.span,
      { name, near: ` It is written after its value: '….${name}(${rest.length > 0 ? "…" : ""})'.` },
      fix,
      dynamic,
    );
  }
  const globals = [...callableByName.values()].filter((row) => row.style !== "method").map((row) => row.name);
  const candidates = [
    ...context.scope.functions.keys(),
    ...globals,
    "has",
    ...(context.scope.aggregates ? aggregateByName.keys() : []),
  ];
  const near = own(name) ?? nearest(name, candidates);
  return fail(
    context,
    "FLOW3004",
    e.name.span,
    { name, near: didYouMean(near) },
    nearFix(e, near, candidates, context),
    dynamic,
  );
}

const own = (name: string): string | undefined => (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined);

const nearFix = (e: CallExpression, near: string | undefined, candidates: readonly string[], context: Context) =>
  near !== undefined && candidates.includes(near) ? { fixes: [replaceWith(context, e.name.span, near)] } : {};

/** An unknown name in the arguments of an unknown macro is most likely its variable. */
function withoutNames(context: Context): Context["report"] {
  return (code, span, parameters, extras) => {
    if (code !== "FLOW2030") context.report(code, span, parameters, extras);
  };
}

/** `f(a, b)` → `a.f(b)`, where `a` can take a dot. */
function moveToFront(e: CallExpression, first: Expression, rest: readonly Expression[], context: Context) {
  if (
    first.kind !== "ident" &&
    first.kind !== "select" &&
    first.kind !== "call" &&
    first.kind !== "index" &&
    first.kind !== "string"
  )
    return {};
  const { file } = context.scope;
  const afterFirst = rest[0] ? rest[0].span.start : first.span.end;
  return {
    fixes: [
      {
        title: `Write it after its value`,
        edits: [
          { file, start: e.name.span.start, end: first.span.start, newText: "" },
          { file, start: first.span.end, end: afterFirst, newText: `.${e.name.text}(` },
        ],
      },
    ],
  };
}

function unknownMethod(
  e: CallExpression,
  receiver: Expression,
  global: FunctionRow | undefined,
  context: Context,
): Checked {
  const name = e.name.text;
  const on = context.check(receiver, context);
  const args = checkArguments(e, { ...context, report: withoutNames(context) });
  const dynamic = dynamicCall(name, [on, ...args]);
  if (on.type.kind === "unknown" && !global) return { tree: dynamic, type: unknownType };
  if (global || context.scope.functions.has(name)) {
    const fix = e.arguments.length === 0 ? moveInside(e, receiver, context) : {};
    return fail(
      context,
      "FLOW3004",
      e.name.span,
      { name: `.${name}`, near: ` '${name}' is written before its value: '${name}(…)'.` },
      fix,
      dynamic,
    );
  }
  const methods = [...callableByName.values()].filter((row) => row.style !== "global").map((row) => row.name);
  const candidates = [...methods, ...macroByName.keys()].filter((each) => each !== "has" && !each.includes("."));
  const near = own(name) ?? nearest(name, candidates);
  const hint = bare(receiver).kind === "ident" && near === undefined ? namespaceHint(name) : didYouMean(near);
  return fail(
    context,
    "FLOW3004",
    e.name.span,
    { name: `.${name}`, near: hint },
    nearFix(e, near, candidates, context),
    dynamic,
  );
}

function namespaceHint(name: string): string {
  const full = [...callableByName.keys()].find((each) => each.endsWith(`.${name}`));
  return full === undefined ? "" : ` Did you mean '${full}(…)'?`;
}

/** `a.f()` → `f(a)`. */
function moveInside(e: CallExpression, receiver: Expression, context: Context) {
  const { file } = context.scope;
  return {
    fixes: [
      {
        title: "Write it before its value",
        edits: [
          { file, start: receiver.span.start, end: receiver.span.start, newText: `${e.name.text}(` },
          { file, start: receiver.span.end, end: e.span.end, newText: ")" },
        ],
      },
    ],
  };
}
