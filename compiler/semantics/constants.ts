/**
 * Evaluates constant expressions: what options, durations and defaults are made of. Literals, params, lists, records,
 * `secret("name", "key")`, `timestamp("…")`, arithmetic, concatenation, comparison and `?:` of constants.
 */

import type { Report } from "../source/diagnostic.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { ArgumentValue, BinaryExpression, CallExpression, Expression, RecordExpression } from "../syntax/ast.ts";
import type { Constant } from "./model.ts";
import { type ParamEntry, use } from "./program.ts";
import { isTimestamp } from "./timestamp-text.ts";

export interface ConstantScope {
  readonly file: string;
  readonly report: Report;
  readonly params: ReadonlyMap<string, ParamEntry>;
}

/** Distinguishes "this is a mistake, reported" from the constant `null`. */
export const mistake = Symbol("mistake");
export type Evaluated = Constant | typeof mistake;

const maximumDepth = 200;

/** The value of a constant expression; `mistake` when it is none, which has then been reported. */
export function evaluate(e: Expression, scope: ConstantScope, depth = 0): Evaluated {
  if (depth > maximumDepth) return notConstant(e, scope);
  switch (e.kind) {
    case "string":
    case "bool":
    case "double":
      return e.value;
    case "null":
      return null;
    case "int":
    case "uint":
      return narrow(e.value);
    case "duration":
      return { kind: "duration", ms: Number(e.nanos) / 1e6, text: e.raw };
    case "size":
      return { kind: "size", bytes: e.bytes, text: e.raw };
    case "parentheses":
      return evaluate(e.of, scope, depth + 1);
    case "ident":
      return evaluateParam(e.name, e, scope);
    case "list":
      return evaluateList(
        e.items.map((item) => item.value),
        scope,
        depth,
      );
    case "record":
      return evaluateRecord(e, scope, depth);
    case "call":
      return e.name.text === "timestamp" && !e.receiver
        ? evaluateTimestamp(e, scope, depth)
        : evaluateSecret(e, scope, depth);
    case "unary":
      return evaluateUnary(e.operator, evaluate(e.of, scope, depth + 1), e, scope);
    case "binary":
      return evaluateBinary(e, scope, depth);
    case "conditional": {
      const test = evaluate(e.test, scope, depth + 1);
      if (test === mistake) return mistake;
      return typeof test === "boolean" ? evaluate(test ? e.then : e.else, scope, depth + 1) : notConstant(e, scope);
    }
    case "error":
      return mistake;
    default:
      return notConstant(e, scope);
  }
}

/** An int is a number while that is exact. */
const narrow = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

function evaluateParam(name: string, e: Expression, scope: ConstantScope): Evaluated {
  const param = scope.params.get(name);
  if (!param) {
    if (name === "data" || name === "event" || name === "key") return notConstant(e, scope);
    const near = nearest(name, scope.params.keys());
    const fixes =
      near === undefined
        ? []
        : [{ title: `Change to '${near}'`, edits: [{ file: scope.file, ...e.span, newText: near }] }];
    scope.report("FLOW2010", e.span, { name, near: didYouMean(near) }, { fixes });
    return mistake;
  }
  use(param.symbol, scope.file, e.span);
  return param.value === undefined ? mistake : param.value;
}

/** An empty list is never too large. */
const noPlace: Expression = { kind: "error", span: { start: 0, end: 0 } };

function evaluateList(items: readonly Expression[], scope: ConstantScope, depth: number): Evaluated {
  const values = items.map((item) => evaluate(item, scope, depth + 1));
  return values.includes(mistake) ? mistake : bounded(values as Constant[], items[0] ?? noPlace, scope);
}

function evaluateRecord(e: RecordExpression, scope: ConstantScope, depth: number): Evaluated {
  const entries = new Map<string, Constant>();
  let failed = false;
  for (const entry of e.entries) {
    if (entry.kind === "computed") {
      failed = notConstant(entry.key, scope) === mistake;
      continue;
    }
    const value = evaluate(entry.value, scope, depth + 1);
    if (value === mistake) failed = true;
    else if (entry.kind === "field") entries.set(entry.key.text, value);
    else if (isRecord(value)) for (const [key, item] of value.entries) entries.set(key, item);
    else failed = notConstant(entry.value, scope) === mistake;
  }
  return failed ? mistake : bounded({ kind: "record", entries: [...entries] }, e, scope);
}

/** Values in values: a param that holds another twice, and so on, doubles with each. */
const largestConstant = 100_000;
const sizes = new WeakMap<object, number>();

function sizeOf(value: Constant): number {
  if (typeof value === "string") return 1 + value.length / 100;
  if (typeof value !== "object" || value === null) return 1;
  let size = sizes.get(value);
  if (size === undefined) {
    const inner = Array.isArray(value)
      ? (value as readonly Constant[])
      : isRecord(value)
        ? value.entries.map(([, item]) => item)
        : [];
    size = inner.reduce<number>((sum, item) => sum + sizeOf(item), 1);
    sizes.set(value, size);
  }
  return size;
}

function bounded(value: Constant, e: Expression, scope: ConstantScope): Evaluated {
  if (sizeOf(value) <= largestConstant) return value;
  scope.report("FLOW3504", e.span, { what: "A constant", limit: `of at most ${largestConstant} values` });
  return mistake;
}

export const isRecord = (value: Constant): value is Extract<Constant, { readonly kind: "record" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "record";

function evaluateSecret(e: CallExpression, scope: ConstantScope, depth: number): Evaluated {
  if (e.name.text !== "secret" || e.receiver) return notConstant(e, scope);
  const [name, key, ...more] = e.arguments.map((argument) => evaluate(argument, scope, depth + 1));
  if (name === mistake || key === mistake) return mistake;
  if (typeof name === "string" && typeof key === "string" && more.length === 0)
    return checkedSecret(name, key, e, scope);
  scope.report("FLOW3501", e.span, {
    what: "secret(…)",
    expected: "two strings: the secret's name and the key in it",
    found: "something else",
  });
  return mistake;
}

const objectName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const secretKey = /^[-._a-zA-Z0-9]{1,253}$/;

function checkedSecret(name: string, key: string, e: CallExpression, scope: ConstantScope): Evaluated {
  const refuse = (what: string, value: string, rule: string): typeof mistake => {
    scope.report("FLOW5009", e.span, { what, value, rule });
    return mistake;
  };
  if (!objectName.test(name)) return refuse("A secret's name", name, "small letters, digits, '-' and '.', at most 253");
  if (!secretKey.test(key)) return refuse("A secret's key", key, "letters, digits, '-', '_' and '.', at most 253");
  return { kind: "secret", name, key };
}

function evaluateTimestamp(e: CallExpression, scope: ConstantScope, depth: number): Evaluated {
  const [text, ...more] = e.arguments.map((argument) => evaluate(argument, scope, depth + 1));
  if (text === mistake) return mistake;
  if (typeof text === "string" && isTimestamp(text) && more.length === 0) return { kind: "timestamp", text };
  scope.report("FLOW3501", e.arguments[0]?.span ?? e.span, {
    what: "timestamp(…)",
    expected: 'a time such as "2026-01-31T00:00:00Z"',
    found: "something else",
  });
  return mistake;
}

function evaluateUnary(operator: "!" | "-", value: Evaluated, e: Expression, scope: ConstantScope): Evaluated {
  if (value === mistake) return mistake;
  if (operator === "!" && typeof value === "boolean") return !value;
  if (operator === "-" && typeof value === "number") return -value;
  if (operator === "-" && typeof value === "bigint") return narrow(-value);
  if (operator === "-" && isDuration(value)) return { ...value, ms: -value.ms, text: `-${value.text}` };
  return notConstant(e, scope);
}

export const isDuration = (value: Constant): value is Extract<Constant, { readonly kind: "duration" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "duration";

function evaluateBinary(e: BinaryExpression, scope: ConstantScope, depth: number): Evaluated {
  const left = evaluate(e.left, scope, depth + 1);
  const right = evaluate(e.right, scope, depth + 1);
  if (left === mistake || right === mistake) return mistake;
  const combined = combine(e.operator, left, right) ?? notConstant(e, scope);
  return combined === mistake ? mistake : bounded(combined, e, scope);
}

function combine(operator: BinaryExpression["operator"], left: Constant, right: Constant): Evaluated | undefined {
  if (operator === "==" || operator === "!=")
    return (JSON.stringify(left, exact) === JSON.stringify(right, exact)) === (operator === "==");
  if (typeof left === "boolean" && typeof right === "boolean") {
    return operator === "&&" ? left && right : operator === "||" ? left || right : undefined;
  }
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (operator === "+" && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (operator === "+" && isDuration(left) && isDuration(right)) return duration(left.ms + right.ms);
  if (operator === "-" && isDuration(left) && isDuration(right)) return duration(left.ms - right.ms);
  return isNumber(left) && isNumber(right) ? arithmetic(operator, left, right) : undefined;
}

const exact = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);

const isNumber = (value: Constant): value is number | bigint => typeof value === "number" || typeof value === "bigint";

const duration = (ms: number): Constant => ({ kind: "duration", ms, text: `${ms}ms` });

function arithmetic(operator: string, left: number | bigint, right: number | bigint): Constant | undefined {
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  if (operator === ">") return left > right;
  if (operator === ">=") return left >= right;
  if (!Number.isInteger(Number(left)) || !Number.isInteger(Number(right))) {
    const [a, b] = [Number(left), Number(right)];
    return operator === "+"
      ? a + b
      : operator === "-"
        ? a - b
        : operator === "*"
          ? a * b
          : operator === "/"
            ? a / b
            : undefined;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  if (operator === "+") return narrow(a + b);
  if (operator === "-") return narrow(a - b);
  if (operator === "*") return narrow(a * b);
  if (b === 0n) return undefined;
  return operator === "/" ? narrow(a / b) : operator === "%" ? narrow(a % b) : undefined;
}

function notConstant(e: Expression, scope: ConstantScope): typeof mistake {
  scope.report("FLOW3503", e.span, {});
  return mistake;
}

const perMsOf: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** A rate is written with a unit of its own, so it is no expression. */
export function evaluateRate(
  value: Extract<ArgumentValue, { readonly kind: "rate" }>,
  scope: ConstantScope,
): Evaluated {
  const count = evaluate(value.count, scope);
  if (count === mistake) return mistake;
  const perMs = perMsOf.get(value.per.text);
  if (typeof count === "number" && count > 0 && perMs !== undefined) {
    return { kind: "rate", count, perMs, text: `${count}/${value.per.text}` };
  }
  scope.report("FLOW3501", value.span, { what: "This", expected: "a rate such as '100/s'", found: "something else" });
  return mistake;
}

/** How a message names what a constant is. */
export function describeConstant(value: Constant): string {
  if (value === null) return "null";
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return `'${value}'`;
  if (typeof value === "bigint" || typeof value === "number")
    return Number.isInteger(Number(value)) ? "an int" : "a double";
  if (Array.isArray(value)) return "a list";
  return `a ${(value as { readonly kind: string }).kind}`;
}
