/** `!` `-` `&&` `||` `?:`, arithmetic, comparisons and `in`. */
import { operatorByName } from "../../catalog/functions.ts";
import type { ExprTree } from "../../contract/expr-tree.ts";
import type { LiteralType, ValueType } from "../../contract/value-type.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type {
  BinaryExpression,
  BinaryOperator,
  ConditionalExpression,
  Expression,
  SelectExpression,
  UnaryExpression,
} from "../../syntax/ast.ts";
import {
  boolType,
  fieldOf,
  isComparable,
  isOpen,
  join,
  membersOf,
  nameOfType,
  resolveType,
  unknownType,
  withArticle,
} from "../types.ts";
import { asDouble, checkLiteral, isIntLiteral } from "./check-literal.ts";
import { lookup, textOf } from "./check-select.ts";
import { bare, type Checked, type Context, fail, insertAt, kind, replaceWith } from "./context.ts";
import { chooseOverload } from "./overloads.ts";
import { viewedAs } from "./view.ts";

export function checkUnary(e: UnaryExpression, context: Context): Checked {
  if (e.operator === "!") {
    const of = expectBool(e.of, "The operand of '!'", context);
    return { tree: { op: "not", kind: "bool", of: of.tree }, type: boolType };
  }
  const literal =
    e.of.kind === "int" ||
    e.of.kind === "duration" ||
    e.of.kind === "size" ||
    (e.of.kind === "double" && e.of.value !== 0)
      ? e.of
      : undefined;
  if (literal) {
    const checked = checkLiteral(literal, true);
    context.scope.record?.(literal, checked.type);
    return checked;
  }
  const of = context.check(e.of, context);
  if (of.type.kind === "unknown") return { tree: callTree("-_", [of]), type: unknownType };
  if (of.type.kind === "duration")
    return call("_-_", [{ tree: { op: "const", kind: "duration", value: "0" }, type: of.type }, of], of.type, context);
  const choice = chooseOverload(operatorByName.get("-_")!, [{ type: of.type, adapts: false }], context.scope.types);
  if (choice) return call("-_", [of], choice.result, context);
  return fail(
    context,
    "FLOW3003",
    e.span,
    { operator: "-", left: nameOfType(of.type), right: "", hint: " It negates int, double and duration." },
    {},
    callTree("-_", [of]),
  );
}

const callTree = (fn: string, args: readonly Checked[]): ExprTree => ({
  op: "call",
  kind: "any",
  fn,
  args: args.map((arg) => arg.tree),
});

function call(fn: string, args: readonly Checked[], type: ValueType, context: Context): Checked {
  return { tree: { op: "call", kind: kind(type, context), fn, args: args.map((arg) => arg.tree) }, type };
}

/** Checks an expression that must be a bool; `what` begins the message. */
export function expectBool(e: Expression, what: string, context: Context): Checked {
  const checked = context.check(e, context);
  const { types } = context.scope;
  if (isOpen(checked.type)) return checked;
  if (membersOf(checked.type, types).some((member) => isComparable(member, boolType, types) && member.kind !== "null"))
    return checked;
  const hint = boolHint(e, checked.type);
  return {
    tree: fail(
      context,
      "FLOW3007",
      e.span,
      { what, expected: "bool", found: nameOfType(checked.type), hint },
      {},
      checked.tree,
    ).tree,
    type: boolType,
  };
}

function boolHint(e: Expression, type: ValueType): string {
  if (type.kind === "optional") return " An optional is tested with '.hasValue()'.";
  if (type.kind === "string") return " Compare it: '… != \"\"'.";
  if (type.kind === "int" || type.kind === "double") return " Compare it: '… != 0'.";
  if (type.kind === "list") return " Ask for its size: '.size() > 0'.";
  return bare(e).kind === "select" ? " To ask whether a field is there, use 'has(…)'." : "";
}

export function checkConditional(e: ConditionalExpression, context: Context): Checked {
  const test = expectBool(e.test, "What stands before '?'", context);
  let then = context.check(e.then, context);
  let other = context.check(e.else, context);
  if (other.type.kind === "double" && isIntLiteral(e.then, context)) then = asDouble(then);
  if (then.type.kind === "double" && isIntLiteral(e.else, context)) other = asDouble(other);
  const { types } = context.scope;
  const type = join(then.type, other.type, types);
  const nullable = isNull(then.type) || isNull(other.type);
  const bothOpen = isOpen(then.type) || isOpen(other.type);
  const differ =
    !nullable &&
    !bothOpen &&
    (!isComparable(then.type, other.type, types) || (type.kind === "any" && !isOpen(then.type)));
  if (differ) {
    const failed = fail(context, "FLOW3008", e.else.span, {
      first: nameOfType(then.type),
      second: nameOfType(other.type),
    });
    if (!context.scope.lenient) return failed;
  }
  const tree: ExprTree = {
    op: "if",
    kind: kind(type, context),
    test: test.tree,
    // biome-ignore lint/suspicious/noThenProperty: the branch of a conditional, as the tree names it
    then: viewedAs(then, type, context),
    else: viewedAs(other, type, context),
  };
  return { tree, type };
}

const isNull = (type: ValueType): boolean => type.kind === "null";

const functionOf: Readonly<Partial<Record<BinaryOperator, string>>> = { in: "@in" };

export function checkBinary(e: BinaryExpression, context: Context): Checked {
  if (e.operator === "&&" || e.operator === "||") {
    const left = expectBool(e.left, `What stands before '${e.operator}'`, context);
    const right = expectBool(e.right, `What stands after '${e.operator}'`, context);
    return {
      tree: { op: e.operator === "&&" ? "and" : "or", kind: "bool", left: left.tree, right: right.tree },
      type: boolType,
    };
  }
  if (e.operator === "in") {
    const row = checkInTable(e, context);
    if (row) return row;
  }
  const left = context.check(e.left, context);
  const right = context.check(e.right, context);
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return callOnUnknown(e.operator, left, right);
  const fn = functionOf[e.operator] ?? `_${e.operator}_`;
  if (e.operator === "==" || e.operator === "!=") return checkEquality(e, fn, left, right, context);
  if (e.operator === "in") checkMembers(e, left, context);
  if ((e.operator === "/" || e.operator === "%") && isZero(e.right)) {
    if (left.type.kind !== "double")
      return {
        ...fail(context, "FLOW3013", e.right.span, { operator: e.operator }, {}, callTree(fn, [left, right])),
        type: left.type,
      };
  }
  const choice = chooseOverload(
    operatorByName.get(fn)!,
    [
      { type: left.type, adapts: isIntLiteral(e.left, context) },
      { type: right.type, adapts: isIntLiteral(e.right, context) },
    ],
    context.scope.types,
  );
  if (!choice) return noOverload(e, fn, left, right, context);
  const [a, b] = adaptOperands(
    e,
    choice.adapted[0] ? asDouble(left) : left,
    choice.adapted[1] ? asDouble(right) : right,
    context,
  );
  return call(fn, [a, b], choice.result, context);
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** What follows a mistake, or stands over the elements of an empty list: comparisons are still bools, the rest is unknown too. */
function callOnUnknown(operator: BinaryOperator, left: Checked, right: Checked): Checked {
  const type = comparisons.has(operator) || operator === "in" ? boolType : unknownType;
  return { tree: callTree(functionOf[operator] ?? `_${operator}_`, [left, right]), type };
}

/** In comparisons an int literal beside a double is one, which is the same and faster. */
function adaptOperands(
  e: BinaryExpression,
  left: Checked,
  right: Checked,
  context: Context,
): readonly [Checked, Checked] {
  if (!comparisons.has(e.operator)) return [left, right];
  if (left.type.kind === "double" && isIntLiteral(e.right, context)) return [left, exactDouble(right)];
  if (right.type.kind === "double" && isIntLiteral(e.left, context)) return [exactDouble(left), right];
  return [left, right];
}
const exactDouble = (checked: Checked): Checked =>
  checked.tree.op === "const" && Number.isSafeInteger(Number(checked.tree.value)) ? asDouble(checked) : checked;

function isZero(e: Expression): boolean {
  const plain = bare(e);
  return (plain.kind === "int" || plain.kind === "uint") && plain.value === 0n;
}

/** `key in table`. */
function checkInTable(e: BinaryExpression, context: Context): Checked | undefined {
  const right = bare(e.right);
  if (right.kind !== "ident" || context.locals.has(right.name) || context.scope.variables.has(right.name))
    return undefined;
  const row = lookup(right.name, right, e.left, context);
  return row && call("hasValue", [row], boolType, context);
}

function checkEquality(e: BinaryExpression, fn: string, left: Checked, right: Checked, context: Context): Checked {
  const { types } = context.scope;
  const misspelt = misspeltLiteral(e.left, right.type, context) ?? misspeltLiteral(e.right, left.type, context);
  if (misspelt) return { ...misspelt, type: boolType };
  if (!isComparable(left.type, right.type, types)) return notComparable(e, fn, left, right, context);
  const [a, b] = adaptOperands(e, left, right, context);
  return call(fn, [a, b], boolType, context);
}

/** A literal beside a union of literals to which it does not belong: a misspelling. */
function misspeltLiteral(e: Expression, type: ValueType, context: Context): Checked | undefined {
  const plain = bare(e);
  if (plain.kind !== "string" && plain.kind !== "int") return undefined;
  const members = membersOf(type, context.scope.types);
  const literals = members.filter((member): member is LiteralType => member.kind === "literal");
  const value = plain.kind === "int" ? Number(plain.value) : plain.value;
  const comparable = literals.filter((literal) => typeof literal.value === typeof value);
  const others = members.some((member) => member.kind !== "literal" && member.kind !== "null");
  if (comparable.length === 0 || others || comparable.some((literal) => literal.value === value)) return undefined;
  const near =
    plain.kind === "string"
      ? nearest(
          plain.value,
          comparable.map((literal) => String(literal.value)),
        )
      : undefined;
  const fixes = near === undefined ? {} : { fixes: [replaceWith(context, plain.span, JSON.stringify(near))] };
  const failed = fail(
    context,
    "FLOW3011",
    plain.span,
    { value: JSON.stringify(value), type: nameOfType(type), near: didYouMean(near) },
    fixes,
  );
  return context.scope.lenient ? undefined : failed;
}

/** The literals of a list after `in`. */
function checkMembers(e: BinaryExpression, left: Checked, context: Context): void {
  const list = bare(e.right);
  if (list.kind !== "list" || context.scope.lenient) return;
  for (const item of list.items) misspeltLiteral(item.value, left.type, context);
}

function notComparable(e: BinaryExpression, fn: string, left: Checked, right: Checked, context: Context): Checked {
  const dynamic = callTree(fn, [left, right]);
  const never = isNull(left.type) ? e.right : isNull(right.type) ? e.left : undefined;
  if (never) {
    const type = never === e.left ? left.type : right.type;
    return { ...neverNull(e, bare(never), type, dynamic, context), type: boolType };
  }
  const unwrapped = missingOrValue(e, left, right, context);
  if (unwrapped) return { ...unwrapped, type: boolType };
  const parameters = {
    left: nameOfType(left.type),
    right: nameOfType(right.type),
    hint: conversionHint(left.type, right.type),
  };
  return {
    ...fail(context, "FLOW3001", e.span, parameters, conversionFix(e, left.type, right.type, context), dynamic),
    type: boolType,
  };
}

function neverNull(
  e: BinaryExpression,
  side: Expression,
  type: ValueType,
  dynamic: ExprTree,
  context: Context,
): Checked {
  const parameters = {
    type: withArticle(type),
    hint: " If it may be missing, declare it optional with '?' and ask 'has(…)'.",
  };
  if (side.kind !== "select") return fail(context, "FLOW3020", e.span, { ...parameters, hint: "" }, {}, dynamic);
  if (!isOptionalField(side, context)) return fail(context, "FLOW3020", e.span, parameters, {}, dynamic);
  const has = `${e.operator === "==" ? "!" : ""}has(${textOf(side)})`;
  return fail(
    context,
    "FLOW3020",
    e.span,
    { ...parameters, hint: ` A null counts as absent: ask '${has}'.` },
    { fixes: [replaceWith(context, e.span, has)] },
    dynamic,
  );
}

function isOptionalField(e: SelectExpression, context: Context): boolean {
  const of = resolveType(context.check(e.of, quiet(context)).type, context.scope.types);
  return of.kind === "record" && fieldOf(of, e.field.text)?.optional === true;
}
const quiet = (context: Context): Context => ({ ...context, report: () => {}, names: new Set(context.names) });

function conversionHint(left: ValueType, right: ValueType): string {
  const kinds = [left.kind, right.kind].sort().join(" ");
  if (kinds === "int string") return " Convert one of them: 'int(…)' or 'string(…)'.";
  if (kinds === "double string") return " Convert one of them: 'double(…)' or 'string(…)'.";
  if (kinds === "string timestamp") return " Convert the string: 'timestamp(…)'.";
  if (kinds === "duration string") return " Convert the string: 'duration(…)'.";
  if (kinds === "int timestamp")
    return " Convert the int: 'timestamp(…)' takes seconds, 'timestampMillis(…)' milliseconds.";
  if (kinds === "duration int") return " Write the duration with a unit: '5s'.";
  if (kinds === "double int") return " Convert the int: 'double(…)'.";
  return "";
}

/** A string literal that reads as a number, beside a number: without its quotes. */
function conversionFix(
  e: BinaryExpression,
  left: ValueType,
  right: ValueType,
  context: Context,
): { readonly fixes?: readonly ReturnType<typeof replaceWith>[] } {
  for (const [side, other] of [
    [bare(e.left), right],
    [bare(e.right), left],
  ] as const) {
    if (side.kind === "string" && other.kind === "int" && /^-?\d{1,18}$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "string" && other.kind === "double" && /^-?\d{1,15}(\.\d+)?$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "string" && other.kind === "bool" && /^(true|false)$/.test(side.value))
      return { fixes: [replaceWith(context, side.span, side.value)] };
    if (side.kind === "int" && other.kind === "string")
      return { fixes: [replaceWith(context, side.span, `"${side.raw}"`)] };
    if (side.kind === "string" && (other.kind === "timestamp" || other.kind === "duration")) {
      return { fixes: [replaceWith(context, side.span, `${other.kind}(${side.raw})`)] };
    }
  }
  return {};
}

/** An optional used as if it were its value. */
function missingOrValue(e: BinaryExpression, left: Checked, right: Checked, context: Context): Checked | undefined {
  for (const [side, checked] of [
    [e.left, left],
    [e.right, right],
  ] as const) {
    const type = resolveType(checked.type, context.scope.types);
    if (type.kind === "optional")
      return optionalAsValue(
        side,
        type.of,
        context,
        callTree(functionOf[e.operator] ?? `_${e.operator}_`, [left, right]),
      );
  }
  return undefined;
}

/** Reports an optional where its value is wanted. */
export function optionalAsValue(e: Expression, of: ValueType, context: Context, dynamic: ExprTree): Checked {
  const empty = emptyOf(of);
  const fixes =
    empty === undefined
      ? {}
      : { fixes: [insertAt(context, e.span.end, `.orValue(${empty})`, `Add '.orValue(${empty})'`)] };
  return fail(context, "FLOW3010", e.span, { type: withArticle(of) }, fixes, dynamic);
}

function emptyOf(type: ValueType): string | undefined {
  if (type.kind === "string" || (type.kind === "literal" && typeof type.value === "string")) return '""';
  if (type.kind === "int") return "0";
  if (type.kind === "double") return "0.0";
  if (type.kind === "bool") return "false";
  if (type.kind === "list") return "[]";
  return undefined;
}

function noOverload(e: BinaryExpression, fn: string, left: Checked, right: Checked, context: Context): Checked {
  const dynamic = callTree(fn, [left, right]);
  const unwrapped = missingOrValue(e, left, right, context);
  if (unwrapped) return unwrapped;
  const result = comparisons.has(e.operator) || e.operator === "in" ? boolType : undefined;
  const failed = ((): Checked => {
    if (comparisons.has(e.operator) && !isComparable(left.type, right.type, context.scope.types)) {
      const parameters = {
        left: nameOfType(left.type),
        right: nameOfType(right.type),
        hint: conversionHint(left.type, right.type),
      };
      return fail(context, "FLOW3001", e.span, parameters, conversionFix(e, left.type, right.type, context), dynamic);
    }
    const parameters = {
      operator: e.operator,
      left: nameOfType(left.type),
      right: nameOfType(right.type),
      hint: operatorHint(e, left.type, right.type),
    };
    return fail(context, "FLOW3003", e.span, parameters, operatorFix(e, left.type, right.type, context), dynamic);
  })();
  return result ? { ...failed, type: result } : failed;
}

function operatorHint(e: BinaryExpression, left: ValueType, right: ValueType): string {
  const [a, b] = [left.kind, right.kind];
  if (e.operator === "+" && (a === "string" || b === "string")) return " Convert the other one: 'string(…)'.";
  if ((a === "int" && b === "double") || (a === "double" && b === "int")) return " Convert the int: 'double(…)'.";
  if (a === "timestamp" || b === "timestamp") return " A timestamp goes with a duration, such as '5s'.";
  if (e.operator === "in" && b === "string") return " To look for a part of a string, use '.contains(…)'.";
  if (e.operator === "%" && (a === "double" || b === "double")) return " '%' is for int and uint.";
  return "";
}

function operatorFix(
  e: BinaryExpression,
  left: ValueType,
  right: ValueType,
  context: Context,
): { readonly fixes?: readonly ReturnType<typeof insertAt>[] } {
  const wrap = (side: Expression, fn: string) => ({
    title: `Wrap in '${fn}(…)'`,
    edits: [
      { file: context.scope.file, start: side.span.start, end: side.span.start, newText: `${fn}(` },
      { file: context.scope.file, start: side.span.end, end: side.span.end, newText: ")" },
    ],
  });
  const convertible: ReadonlySet<string> = new Set(["int", "uint", "double", "bool", "timestamp", "duration"]);
  if (e.operator === "+" && left.kind === "string" && convertible.has(right.kind))
    return { fixes: [wrap(e.right, "string")] };
  if (e.operator === "+" && right.kind === "string" && convertible.has(left.kind))
    return { fixes: [wrap(e.left, "string")] };
  if (e.operator !== "%" && left.kind === "int" && right.kind === "double") return { fixes: [wrap(e.left, "double")] };
  if (e.operator !== "%" && left.kind === "double" && right.kind === "int") return { fixes: [wrap(e.right, "double")] };
  return {};
}
