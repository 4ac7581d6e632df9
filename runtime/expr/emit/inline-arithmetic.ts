/** Arithmetic of known kinds. Ints stay JavaScript numbers while the result is a safe integer; the rest is a library call. */
import type { CallTree, ExprTree, Kind } from "../../../compiler/contract/expr-tree.ts";
import { doubleToInt, toStringValue } from "../library/conversions.ts";
import { addInts, divideInts, moduloInts, multiplyInts, negateInt, subtractInts } from "../library/operators.ts";
import type { Emit } from "./context.ts";

const doubleOperators: Readonly<Record<string, string>> = { "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/" };
const intOperators: Readonly<Record<string, readonly [operator: string, slow: unknown]>> = {
  "_+_": ["+", addInts],
  "_-_": ["-", subtractInts],
  "_*_": ["*", multiplyInts],
};

export function inlineArithmetic(emit: Emit, tree: CallTree): string | undefined {
  const [left, right] = tree.args;
  if (left === undefined) return undefined;
  if (right === undefined) return inlineUnary(emit, tree.fn, left);
  if (tree.args.length !== 2) return undefined;
  if (left.kind === "string" && right.kind === "string" && tree.fn === "_+_")
    return `(${emit.value(left)} + ${emit.value(right)})`;
  if (isNumber(left.kind) && isNumber(right.kind) && (left.kind === "double" || right.kind === "double")) {
    const operator = doubleOperators[tree.fn];
    return operator === undefined ? undefined : `(${emit.as(left, "double")} ${operator} ${emit.as(right, "double")})`;
  }
  return left.kind === "int" && right.kind === "int" ? inlineInts(emit, tree.fn, left, right) : undefined;
}

function isNumber(kind: Kind): boolean {
  return kind === "int" || kind === "double";
}

function inlineInts(emit: Emit, fn: string, left: ExprTree, right: ExprTree): string | undefined {
  const simple = intOperators[fn];
  if (simple === undefined) return inlineDivision(emit, fn, left, right);
  const [operator, slow] = simple;
  const a = emit.atom(emit.value(left));
  const b = emit.atom(emit.value(right));
  const result = emit.temp();
  const numbers = [
    ...(isSmallConst(left) ? [] : [`typeof ${a} === "number"`]),
    ...(isSmallConst(right) ? [] : [`typeof ${b} === "number"`]),
  ];
  const test = [
    ...numbers,
    `(${result} = ${a} ${operator} ${b}) <= 9007199254740991`,
    `${result} >= -9007199254740991`,
  ].join(" && ");
  return `(${test} ? ${result} : ${emit.ref(slow)}(${a}, ${b}))`;
}

function isSmallConst(tree: ExprTree): boolean {
  return tree.op === "const" && tree.kind === "int" && Number.isSafeInteger(Number(tree.value));
}

function inlineDivision(emit: Emit, fn: string, left: ExprTree, right: ExprTree): string | undefined {
  if (fn !== "_/_" && fn !== "_%_") return undefined;
  const a = emit.atom(emit.value(left));
  const b = emit.value(right);
  const slow = emit.ref(fn === "_/_" ? divideInts : moduloInts);
  if (!isSmallConst(right) || Number(right.op === "const" && right.value) === 0) return `${slow}(${a}, ${b})`;
  const fast = fn === "_/_" ? `Math.trunc(${a} / ${b})` : `${a} % ${b}`;
  return `(typeof ${a} === "number" ? ${fast} : ${slow}(${a}, ${b}))`;
}

function inlineUnary(emit: Emit, fn: string, of: ExprTree): string | undefined {
  if (fn === "-_" && of.kind === "double") return `(-${emit.value(of)})`;
  if (fn === "-_" && of.kind === "int") return `${emit.ref(negateInt)}(${emit.value(of)})`;
  if (fn === "double" && isNumber(of.kind)) return emit.as(of, "double");
  if (fn === "int" && of.kind === "int") return emit.value(of);
  if (fn === "int" && of.kind === "double") return `${emit.ref(doubleToInt)}(${emit.value(of)})`;
  if (fn === "string" && of.kind === "string") return emit.value(of);
  if (fn === "string" && of.kind === "int") return `String(${emit.value(of)})`;
  if (fn === "string" && of.kind === "bool") return `String(${emit.value(of)})`;
  return fn === "string" && of.kind !== "double" ? `${emit.ref(toStringValue)}(${emit.boxed(of)})` : undefined;
}
