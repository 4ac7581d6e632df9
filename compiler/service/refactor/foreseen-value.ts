/**
 * What simple expressions give for known events: enough to write a test's expectation. Knows a part of the language, and says
 * so where it ends: `undefined` is a value that is not known, `Unforeseen` is thrown where running might even fail.
 */
import { boundVariables } from "../../semantics/expressions/inlining-rules.ts";
import type { Constant, Model } from "../../semantics/model.ts";
import type { BinaryOperator, CallExpression, Expression } from "../../syntax/ast.ts";

/** Ints are bigints, doubles numbers, timestamps their milliseconds. */
export type Value =
  | undefined
  | null
  | boolean
  | bigint
  | number
  | string
  | { readonly timestampMs: number }
  | readonly Value[]
  | ReadonlyMap<string, Value>;

export class Unforeseen extends Error {}

export interface Scene {
  readonly model: Model;
  readonly variables: ReadonlyMap<string, Value>;
  /** In `emit` and `where`: the events of the group, for the arguments of aggregates. */
  readonly group?: readonly ReadonlyMap<string, Value>[];
  /** How deep functions called functions. */
  readonly depth?: number;
}

export const isRecord = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export function foreseenValue(e: Expression, scene: Scene): Value {
  switch (e.kind) {
    case "string":
    case "bool":
    case "double":
    case "int":
      return e.value;
    case "null":
      return null;
    case "parentheses":
      return foreseenValue(e.of, scene);
    case "ident":
      return nameValue(e.name, scene);
    case "select":
      return select(foreseenValue(e.of, scene), e.field.text);
    case "unary":
      return unary(e.operator, foreseenValue(e.of, scene));
    case "binary":
      return binary(e, scene);
    case "conditional": {
      const test = foreseenValue(e.test, scene);
      return test === undefined ? undefined : foreseenValue(test === true ? e.then : e.else, scene);
    }
    case "list":
      return e.items.map(({ value }) => foreseenValue(value, scene));
    case "record":
      return recordValue(e, scene);
    case "index":
      return indexed(e, scene);
    case "call":
      return call(e, scene);
    default:
      return undefined;
  }
}

function nameValue(name: string, { model, variables }: Scene): Value {
  if (variables.has(name)) return variables.get(name);
  const param = model.params.get(name);
  return param && constantValue(param.value);
}

function constantValue(constant: Constant | undefined): Value {
  return constant === null || (typeof constant !== "object" && constant !== undefined) ? constant : undefined;
}

function select(of: Value, field: string): Value {
  if (of === undefined) return undefined;
  if (!isRecord(of) || !of.has(field)) throw new Unforeseen();
  return of.get(field);
}

function unary(operator: "!" | "-", value: Value): Value {
  if (value === undefined) return undefined;
  if (operator === "!" && typeof value === "boolean") return !value;
  if (operator === "-" && (typeof value === "bigint" || typeof value === "number")) return -value;
  throw new Unforeseen();
}

function binary(e: Extract<Expression, { readonly kind: "binary" }>, scene: Scene): Value {
  const left = foreseenValue(e.left, scene);
  if (e.operator === "&&" || e.operator === "||") {
    if (left === undefined) return undefined;
    return left === (e.operator === "||") ? left : foreseenValue(e.right, scene);
  }
  const right = foreseenValue(e.right, scene);
  if (left === undefined || right === undefined) return undefined;
  if (e.operator === "==") return isEqual(left, right);
  if (e.operator === "!=") return !isEqual(left, right);
  if (e.operator === "in") return isList(right) ? right.some((one) => isEqual(left, one)) : undefined;
  return operated(e.operator, left, right);
}

function isEqual(a: Value, b: Value): boolean {
  if ((typeof a === "bigint" || typeof a === "number") && (typeof b === "bigint" || typeof b === "number"))
    return Number(a) === Number(b);
  return textOf(a) === textOf(b);
}

/** The same for equal values. */
export const textOf = (value: Value): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === "bigint" ? `int ${one}` : one instanceof Map ? [...one].sort() : one,
  ) ?? "";

function operated(operator: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === "string" && typeof b === "string") return operator === "+" ? a + b : compared(operator, a, b);
  if (typeof a === "bigint" && typeof b === "bigint") return ofInts(operator, a, b);
  // Other types may add up or be compared too, and may fail.
  if (![a, b].every((one) => typeof one === "number" || typeof one === "bigint")) throw new Unforeseen();
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    default:
      return compared(operator, x, y);
  }
}

function ofInts(operator: BinaryOperator, a: bigint, b: bigint): Value {
  if ((operator === "/" || operator === "%") && b === 0n) throw new Unforeseen();
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    default:
      return compared(operator, a, b);
  }
}

function compared<T extends string | number | bigint>(operator: BinaryOperator, a: T, b: T): Value {
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  if (operator === ">") return a > b;
  return operator === ">=" ? a >= b : undefined;
}

function recordValue(e: Extract<Expression, { readonly kind: "record" }>, scene: Scene): Value {
  const fields = new Map<string, Value>();
  for (const entry of e.entries) {
    const value = foreseenValue(entry.value, scene);
    if (entry.kind === "field" && !entry.optional) fields.set(entry.key.text, value);
    else if (entry.kind === "spread" && isRecord(value)) for (const [name, one] of value) fields.set(name, one);
    else return undefined;
  }
  return fields;
}

function indexed(e: Extract<Expression, { readonly kind: "index" }>, scene: Scene): Value {
  if (
    e.of.kind === "ident" &&
    scene.model.nodes.some((node) => node.kind === "table" && e.of.kind === "ident" && node.name === e.of.name)
  )
    return undefined;
  const [of, at] = [foreseenValue(e.of, scene), foreseenValue(e.index, scene)];
  if (isList(of) && typeof at === "bigint" && at >= 0n && at < of.length) return of[Number(at)];
  if (isRecord(of) && typeof at === "string" && of.has(at)) return of.get(at);
  throw new Unforeseen();
}

type Method = (of: string, ...rest: readonly Value[]) => Value;
const onText: Readonly<Record<string, Method>> = {
  lowerAscii: (of) => of.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  upperAscii: (of) => of.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  trim: (of) => of.trim(),
  startsWith: (of, prefix) => (typeof prefix === "string" ? of.startsWith(prefix) : undefined),
  endsWith: (of, suffix) => (typeof suffix === "string" ? of.endsWith(suffix) : undefined),
  contains: (of, part) => (typeof part === "string" ? of.includes(part) : undefined),
  split: (of, by, most) => (typeof by === "string" && most === undefined ? of.split(by) : undefined),
};

/** Functions that fail for some values of the right type. */
const mayFail: ReadonlySet<string> = new Set([
  "int",
  "uint",
  "double",
  "bool",
  "timestamp",
  "duration",
  "parseJson",
  "decode",
  "charAt",
  "substring",
  "value",
  "first",
  "last",
]);

function call(e: CallExpression, scene: Scene): Value {
  const { text } = e.name;
  if (text === "has" && !e.receiver) return has(e, scene);
  if (boundVariables(e).length > 0) return macro(e, scene);
  const fn = e.receiver ? undefined : scene.model.functions.get(text);
  if (fn) return called(fn, e, scene);
  if (!e.receiver && scene.group && aggregates[text]) return aggregated(e, scene);
  const receiver = e.receiver ? foreseenValue(e.receiver, scene) : undefined;
  const given = e.arguments.map((argument) => foreseenValue(argument, scene));
  if (e.receiver && typeof receiver === "string" && onText[text]) return onText[text](receiver, ...given);
  if (e.receiver && onText[text] && receiver !== undefined) throw new Unforeseen();
  if (text === "size") return sizeOf(e.receiver ? receiver : given[0]);
  if (!e.receiver && given.length === 1) {
    const converted = convert(text, given[0]);
    if (converted !== undefined) return converted;
  }
  if (mayFail.has(text)) throw new Unforeseen();
  return undefined;
}

function has(e: CallExpression, scene: Scene): Value {
  const [asked] = e.arguments;
  const of = asked?.kind === "select" ? foreseenValue(asked.of, scene) : undefined;
  return asked?.kind === "select" && isRecord(of) ? of.has(asked.field.text) : undefined;
}

function sizeOf(value: Value): Value {
  if (typeof value === "string") return BigInt([...value].length);
  if (isList(value)) return BigInt(value.length);
  return isRecord(value) ? BigInt(value.size) : undefined;
}

function convert(to: string, value: Value): Value {
  if (to === "string") return typeof value === "string" || typeof value === "bigint" ? String(value) : undefined;
  if (to === "int") {
    if (typeof value === "bigint") return value;
    if (typeof value === "number") return BigInt(Math.trunc(value));
    return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? BigInt(value) : undefined;
  }
  if (to === "double") {
    if (typeof value === "bigint" || typeof value === "number") return Number(value);
    return typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : undefined;
  }
  if (to !== "timestamp") return undefined;
  if (typeof value === "object" && value !== null && "timestampMs" in value) return value;
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(value)
    ? { timestampMs: Date.parse(value) }
    : undefined;
}

function called(
  fn: { readonly parameters: readonly { readonly name: { readonly text: string } }[]; readonly body: Expression },
  e: CallExpression,
  scene: Scene,
): Value {
  const depth = (scene.depth ?? 0) + 1;
  if (depth > 20) return undefined;
  const given = fn.parameters.map(({ name }, i) => [name.text, foreseenValue(e.arguments[i]!, scene)] as const);
  return foreseenValue(fn.body, { model: scene.model, depth, variables: new Map(given) });
}

function macro(e: CallExpression, scene: Scene): Value {
  const [name, ...more] = boundVariables(e);
  const of = e.receiver?.kind === "ident" && e.receiver.name === "cel" ? undefined : foreseenValue(e.receiver!, scene);
  const body = e.arguments[1];
  if (!isList(of) || name === undefined || more.length > 0 || !body || e.arguments.length !== 2) return undefined;
  const results = of.map((item) =>
    foreseenValue(body, { ...scene, variables: new Map(scene.variables).set(name, item) }),
  );
  if (results.includes(undefined)) return undefined;
  switch (e.name.text) {
    case "map":
      return results;
    case "filter":
      return of.filter((_, i) => results[i] === true);
    case "exists":
      return results.includes(true);
    case "all":
      return results.every((one) => one === true);
    default:
      return undefined;
  }
}

type Aggregate = (values: readonly Value[]) => Value;
const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (values) => BigInt(values.length),
  sum: (values) => values.reduce((all, one) => operated("+", all, one)),
  avg: (values) => {
    const all = values.reduce((sum, one) => operated("+", sum, one));
    return typeof all === "bigint" || typeof all === "number" ? Number(all) / values.length : undefined;
  },
  min: (values) => values.reduce((least, one) => (operated("<", one, least) === true ? one : least)),
  max: (values) => values.reduce((most, one) => (operated(">", one, most) === true ? one : most)),
  first: (values) => values[0],
  last: (values) => values.at(-1),
  list: (values) => values,
  distinct: (values) => (new Set(values.map(textOf)).size === 1 ? [values[0]] : undefined),
};

function aggregated(e: CallExpression, { model, group = [] }: Scene): Value {
  const [argument, ...more] = e.arguments;
  if (more.length > 0) return undefined;
  const values = group.map((variables) => (argument ? foreseenValue(argument, { model, variables }) : true));
  const isNumber = (one: Value): boolean => typeof one === "bigint" || typeof one === "number" || one === undefined;
  if ((e.name.text === "sum" || e.name.text === "avg") && !values.every(isNumber)) throw new Unforeseen();
  return values.includes(undefined) ? undefined : aggregates[e.name.text]!(values);
}
