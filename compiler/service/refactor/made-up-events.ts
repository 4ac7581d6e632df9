/** Data of events made up so that they pass the filters on their way and fall into one group of the window. */
import type { ModelNode } from "../../semantics/model.ts";
import type { Expression } from "../../syntax/ast.ts";
import { allParts } from "../syntax-path.ts";
import { fieldAt, pathOf, withField } from "./data-paths.ts";
import type { Value } from "./foreseen-value.ts";
import { expressionOf } from "./through-steps.ts";
import type { Way } from "./way-to-window.ts";

/** What must be true of an event, as long as it is the source's own. */
export function conditions({ steps, window }: Way): readonly Expression[] {
  const found: Expression[] = [];
  for (const node of [...steps, window]) {
    const where = node.inputs[0]?.where;
    if (where) found.push(where.syntax);
    for (const clause of node.kind === "step" ? node.clauses : []) {
      if (clause.keyword === "filter") found.push(expressionOf(clause, "test")!);
      if (clause.keyword === "map" || clause.keyword === "expand" || clause.keyword === "set") return found;
    }
  }
  return found;
}

/** The data changed so that the condition may be true; whether it is, is seen when it goes through. */
export function satisfied(e: Expression, data: Value): Value {
  if (e.kind === "parentheses") return satisfied(e.of, data);
  if (e.kind === "binary" && e.operator === "&&") return satisfied(e.right, satisfied(e.left, data));
  if (e.kind === "binary" && e.operator === "||") return satisfied(e.left, data);
  const path = pathOf(e);
  if (path) return withField(data, path, true);
  if (e.kind === "unary" && e.operator === "!") {
    const of = pathOf(e.of);
    return of ? withField(data, of, false) : data;
  }
  if (e.kind === "binary") return compared(e, data);
  const [argument] = e.kind === "call" ? e.arguments : [];
  const receiver = e.kind === "call" && e.receiver ? pathOf(e.receiver) : undefined;
  const isPart = e.kind === "call" && ["startsWith", "endsWith", "contains"].includes(e.name.text);
  return receiver && isPart && argument?.kind === "string" ? withField(data, receiver, argument.value) : data;
}

function compared(e: Extract<Expression, { readonly kind: "binary" }>, data: Value): Value {
  const path = pathOf(e.left);
  if (!path) return data;
  if (e.operator === "in") {
    const [item] = e.right.kind === "list" ? e.right.items : [];
    return item ? withField(data, path, literal(item.value)) : data;
  }
  const wanted = literal(e.right);
  if (wanted === undefined || wanted === null) return data;
  const isDouble = typeof fieldAt(data, path) === "number";
  const number = typeof wanted === "bigint" && isDouble ? Number(wanted) : wanted;
  switch (e.operator) {
    case "==":
    case ">=":
    case "<=":
      return withField(data, path, number);
    case ">":
      return withField(data, path, more(number, 1));
    case "<":
      return withField(data, path, more(number, -1));
    default:
      return data;
  }
}

const more = (value: Value, by: number): Value =>
  typeof value === "bigint" ? value + BigInt(by) : typeof value === "number" ? value + by : value;

function literal(e: Expression): Value {
  if (e.kind === "unary" && e.operator === "-") {
    const of = literal(e.of);
    return typeof of === "bigint" || typeof of === "number" ? -of : undefined;
  }
  return e.kind === "string" || e.kind === "int" || e.kind === "double" || e.kind === "bool" ? e.value : undefined;
}

/** Fields that the window groups by are the same in all events. */
export function keyPaths({ window, steps }: Way): readonly (readonly string[])[] {
  const key = window.clauses.find(({ keyword }) => keyword === "key")?.values.get("key");
  const keys = key?.kind === "exprs" ? key.values.map(({ syntax }) => syntax) : [];
  const before = steps.flatMap(({ clauses }) =>
    clauses.filter(({ keyword }) => keyword === "set").map((one) => one.syntax),
  );
  return [...keys, ...before].flatMap((of) =>
    [...allParts(of)].flatMap((part) =>
      (part.kind === "select" ? (pathOf(part as Expression) ?? []) : []).length > 0
        ? [pathOf(part as Expression)!]
        : [],
    ),
  );
}

export const sharing = (own: Value, first: Value, paths: readonly (readonly string[])[]): Value =>
  paths.reduce(
    (all, path) => (fieldAt(first, path) === undefined ? all : withField(all, path, fieldAt(first, path))),
    own,
  );

export const timePaths = (source: ModelNode): readonly (readonly string[])[] => {
  const time = expressionOf(
    source.clauses.find(({ keyword }) => keyword === "time"),
    "time",
  );
  return time
    ? [...allParts(time)]
        .flatMap((part) => (part.kind === "select" ? [pathOf(part as Expression) ?? []] : []))
        .filter((path) => path.length > 0)
    : [];
};

/** The test writes the time into the fields that it is read from: known where it is the time itself. */
export function withTimes(source: ModelNode, data: Value, atMs: number): Value {
  const time = expressionOf(
    source.clauses.find(({ keyword }) => keyword === "time"),
    "time",
  );
  const whole = time && pathOf(time);
  return timePaths(source).reduce(
    (all, path) => withField(all, path, whole && whole.length > 0 ? { timestampMs: atMs } : undefined),
    data,
  );
}
