/** `==`, `!=`, `<`, …, `in` as JavaScript operators where the kinds settle what they mean. */
import type { CallTree, ExprTree, Kind } from "../../../compiler/contract/expr-tree.ts";
import { coercions } from "../coerce.ts";
import { compareStrings, equals } from "../equality.ts";
import { library } from "../library/library.ts";
import { contains, containsCoerced } from "../library/operators.ts";
import { compareDurations } from "../values/duration.ts";
import { compareTimestamps } from "../values/timestamp.ts";
import type { Emit } from "./context.ts";

const orders: Readonly<Record<string, string>> = { "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=" };

export function inlineComparison(emit: Emit, tree: CallTree): string | undefined {
  const [left, right] = tree.args;
  if (left === undefined || right === undefined) return undefined;
  if (tree.fn === "_==_") return emitEquals(emit, left, right);
  if (tree.fn === "_!=_") return `(!${emitEquals(emit, left, right)})`;
  if (tree.fn === "@in") return emitIn(emit, left, right);
  const operator = orders[tree.fn];
  return operator === undefined ? undefined : emitOrder(emit, tree.fn, operator, left, right);
}

/** Kinds whose equal values are the same JavaScript value. */
const identityKinds: ReadonlySet<Kind> = new Set(["bool", "int", "double", "string", "null"]);
const numberKinds: ReadonlySet<Kind> = new Set(["int", "double"]);

function emitEquals(emit: Emit, left: ExprTree, right: ExprTree): string {
  if (left.kind === right.kind && identityKinds.has(left.kind)) return `(${emit.value(left)} === ${emit.value(right)})`;
  // The loose operator is exact between number and bigint.
  if (numberKinds.has(left.kind) && numberKinds.has(right.kind)) return `(${emit.value(left)} == ${emit.value(right)})`;
  if (isPlainConst(left) || isPlainConst(right)) return `(${emit.boxed(left)} === ${emit.boxed(right)})`;
  if (isIntConst(right)) return equalsInt(emit, left, right);
  return isIntConst(left)
    ? equalsInt(emit, right, left)
    : `${emit.ref(equals)}(${emit.boxed(left)}, ${emit.boxed(right)})`;
}

/** A constant that only itself is equal to, whatever the other side is. */
function isPlainConst(tree: ExprTree): boolean {
  return tree.op === "const" && (tree.kind === "string" || tree.kind === "bool" || tree.kind === "null");
}

function isIntConst(tree: ExprTree): boolean {
  return tree.op === "const" && tree.kind === "int";
}

function equalsInt(emit: Emit, any: ExprTree, int: ExprTree): string {
  const value = emit.atom(emit.boxed(any));
  const constant = emit.value(int);
  return `(${value} === ${constant} || ${emit.ref(equals)}(${value}, ${constant}))`;
}

function emitOrder(emit: Emit, fn: string, operator: string, left: ExprTree, right: ExprTree): string | undefined {
  if (left.kind === right.kind && numberKinds.has(left.kind))
    return `(${emit.value(left)} ${operator} ${emit.value(right)})`;
  if (numberKinds.has(left.kind) && numberKinds.has(right.kind))
    return `(${emit.as(left, "double")} ${operator} ${emit.as(right, "double")})`;
  if (left.kind === "string" && right.kind === "string") {
    if (isFlatConst(left) || isFlatConst(right)) return `(${emit.value(left)} ${operator} ${emit.value(right)})`;
    return `(${emit.ref(compareStrings)}(${emit.value(left)}, ${emit.value(right)}) ${operator} 0)`;
  }
  const comparer =
    left.kind !== right.kind
      ? undefined
      : { timestamp: compareTimestamps, duration: compareDurations }[left.kind as string];
  if (comparer !== undefined) return `(${emit.ref(comparer)}(${emit.value(left)}, ${emit.value(right)}) ${operator} 0)`;
  if (left.kind !== "any" && right.kind !== "any") return undefined;
  const a = emit.atom(emit.boxed(left));
  const b = emit.atom(emit.boxed(right));
  const slow = `${emit.ref(library.get(fn))}(${a}, ${b})`;
  const tests = [left, right].flatMap((side, index) =>
    isIntConst(side) ? [] : [`typeof ${index === 0 ? a : b} === "number"`],
  );
  return `(${tests.join(" && ")} ? ${a} ${operator} ${b} : ${slow})`;
}

/** A constant below the surrogates: then the order by UTF-16 unit is the order by code point. */
function isFlatConst(tree: ExprTree): boolean {
  return tree.op === "const" && typeof tree.value === "string" && !/[\ud800-\uffff]/.test(tree.value);
}

/** What data holds as text and expressions hold as objects. */
const convertedKinds: ReadonlySet<Kind> = new Set(["timestamp", "duration", "bytes"]);
const maxInlineItems = 16;

function emitIn(emit: Emit, item: ExprTree, container: ExprTree): string {
  if (
    container.op === "list" &&
    container.items.length > 0 &&
    container.items.every((entry) => !entry.optional && isComparable(item, entry.value))
  )
    return emitInConstants(
      emit,
      item,
      container.items.map((entry) => entry.value),
    );
  const of = emit.value(container);
  if (convertedKinds.has(item.kind) && container.kind === "list")
    return `${emit.ref(containsCoerced)}(${emit.boxed(item)}, ${of}, ${emit.ref(coercions[item.kind as Exclude<Kind, "any">])})`;
  if (container.kind === "list" && (item.kind === "string" || item.kind === "bool"))
    return `${of}.includes(${emit.value(item)})`;
  return `${emit.ref(contains)}(${emit.boxed(item)}, ${of})`;
}

/** `===` with the constant is CEL's equality. */
function isComparable(item: ExprTree, constant: ExprTree): boolean {
  return (
    isPlainConst(constant) ||
    (item.kind === "int" &&
      isIntConst(constant) &&
      Number.isSafeInteger(Number(constant.op === "const" && constant.value)))
  );
}

function emitInConstants(emit: Emit, item: ExprTree, constants: readonly ExprTree[]): string {
  const value = emit.boxed(item);
  if (constants.length > maxInlineItems)
    return `${emit.ref(new Set(constants.map((constant) => constantValue(constant))))}.has(${value})`;
  const atom = emit.atom(value);
  return `(${constants.map((constant) => `${atom} === ${emit.value(constant)}`).join(" || ")})`;
}

function constantValue(tree: ExprTree): unknown {
  if (tree.op !== "const") return undefined;
  return tree.kind === "int" ? Number(tree.value) : tree.value;
}
