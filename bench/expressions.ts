/**
 * Throughput of compiled expressions beside the CEL libraries on npm, each in its compiled or prepared form, all in one
 * process, on the benchmark expressions of the fastest of them. Run: `npx node bench/expressions.ts [rounds]`.
 * `any` = no types declared, as the libraries run; `typed` = the variables have types, as the events of a pipeline have.
 */
import { celEnv, parse as parseBuf, plan } from "@bufbuild/cel";
import { strings as bufStrings } from "@bufbuild/cel/ext";
import { Environment } from "@marcbachmann/cel-js";
import { evaluate as evaluateChrome, parse as parseChrome } from "cel-js";
import type { ValueType } from "../compiler/contract/value-type.ts";
import { checkExpression } from "../compiler/semantics/expressions/check-expression.ts";
import { emptyScope } from "../compiler/semantics/expressions/scope.ts";
import { type Diagnostic, reporter } from "../compiler/source/diagnostic.ts";
import { sourceText } from "../compiler/source/source-text.ts";
import { parseExpression } from "../compiler/syntax/parse.ts";
import { compileExpression } from "../runtime/expr/compile-expression.ts";
import { boxDouble } from "../runtime/expr/values/double.ts";
import { timestampOfMillis } from "../runtime/expr/values/timestamp.ts";
import { declaredType, type ExpressionCase, expressionCases } from "./expression-cases.ts";

type Variables = Readonly<Record<string, unknown>>;
type Run = (variables: Variables) => unknown;

interface Contender {
  readonly name: string;
  prepare(testCase: ExpressionCase): { readonly run: Run; readonly variables: Variables };
}

const marc = new Environment({ unlistedVariablesAreDyn: true });
const buf = celEnv({ funcs: bufStrings });

const contenders: readonly Contender[] = [
  { name: "flow typed", prepare: (testCase) => flow(testCase, true) },
  { name: "flow any", prepare: (testCase) => flow(testCase, false) },
  { name: "marcbachmann", prepare: ({ expression, variables }) => ({ run: marc.parse(expression) as Run, variables }) },
  {
    name: "bufbuild",
    prepare: ({ expression, variables }) => ({
      run: plan(buf, parseBuf(expression)) as Run,
      variables: converted(variables, "buf"),
    }),
  },
  { name: "cel-js", prepare: chrome },
];

function flow({ expression, variables }: ExpressionCase, typed: boolean) {
  const names = Object.keys(variables);
  const types = new Map(
    names.map((name): [string, ValueType] => [name, typed ? declaredType(variables[name]) : { kind: "any" }]),
  );
  const parsed = parseExpression(sourceText("bench.flow", expression));
  const found: Diagnostic[] = [...parsed.diagnostics];
  const { tree } = checkExpression(
    parsed.expression,
    { ...emptyScope("bench.flow"), variables: types },
    reporter("bench.flow", found),
  );
  if (found.length > 0) throw new Error(found.map(({ message }) => message).join(" "));
  const compiled = compileExpression(tree, names);
  const read = names.map((name) => `v[${JSON.stringify(name)}]`).join(", ");
  const run = new Function("f", `return (v) => f(${read});`)(compiled) as Run;
  return { run, variables: converted(variables, typed ? "typed" : "any") };
}

function chrome({ expression, variables }: ExpressionCase) {
  const parsed = parseChrome(expression);
  if (!parsed.isSuccess) throw new Error("does not parse");
  return {
    run: (v: Variables) => evaluateChrome(parsed.cst, v as Record<string, unknown>),
    variables: converted(variables, "chrome"),
  };
}

/** The data as each library wants it. */
function converted(value: Variables, form: "typed" | "any" | "buf" | "chrome"): Variables {
  const convert = (item: unknown): unknown => {
    if (typeof item === "bigint") return form === "buf" ? item : Number(item);
    if (typeof item === "number") return form === "any" ? boxDouble(item) : item;
    if (item instanceof Date) return form === "typed" || form === "any" ? timestampOfMillis(item.getTime()) : item;
    if (Array.isArray(item)) return item.map(convert);
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, convert(inner)]));
  };
  return convert(value) as Variables;
}

let lastResult: unknown;

type Loop = (run: Run, inputs: readonly Variables[], count: number) => unknown;

/** Each measurement gets a loop of its own, so that the engine optimises every contender as if it were alone. */
function newLoop(): Loop {
  return new Function(
    "run",
    "inputs",
    "count",
    "let last; for (let i = 0; i < count; i++) last = run(inputs[i & 15]); return last;",
  ) as Loop;
}

/** Nanoseconds per evaluation, best of several rounds; `undefined` where the library cannot evaluate it. */
function measure(contender: Contender, testCase: ExpressionCase, rounds: number): number | undefined {
  try {
    const { run, variables } = contender.prepare(testCase);
    if (run(variables) instanceof Error) return undefined;
    // Several equal inputs, so that nothing can be computed once for all.
    const inputs = Array.from({ length: 16 }, () => ({ ...variables }));
    const loop = newLoop();
    let count = 64;
    while (timeMs(loop, run, inputs, count) < 20) count *= 2;
    return (Math.min(...Array.from({ length: rounds }, () => timeMs(loop, run, inputs, count))) * 1e6) / count;
  } catch {
    return undefined;
  }
}

function timeMs(loop: Loop, run: Run, inputs: readonly Variables[], count: number): number {
  const start = performance.now();
  lastResult = loop(run, inputs, count);
  return performance.now() - start;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

const rounds = Number(process.argv[2] ?? 5);
const cell = (value: number | undefined, width = 13) => (value === undefined ? "-" : value.toFixed(1)).padStart(width);
console.log(`ns per evaluation; Node ${process.version}`);
console.log(
  `${"expression".padEnd(30)}${contenders.map(({ name }) => name.padStart(13)).join("")}${"typed ratio".padStart(13)}${"any ratio".padStart(13)}`,
);
const typedRatios: number[] = [];
const anyRatios: number[] = [];
for (const testCase of expressionCases) {
  const times = contenders.map((contender) => measure(contender, testCase, rounds));
  const fastest = Math.min(...times.slice(2).filter((value) => value !== undefined));
  const ratios = times.slice(0, 2).map((value) => (value === undefined ? undefined : fastest / value));
  if (ratios[0] !== undefined) typedRatios.push(ratios[0]);
  if (ratios[1] !== undefined) anyRatios.push(ratios[1]);
  console.log(
    `${testCase.name.padEnd(30)}${times.map((value) => cell(value)).join("")}${ratios.map((value) => cell(value)).join("")}`,
  );
}
console.log(
  `geometric mean of the ratio to the fastest library: typed ${geometricMean(typedRatios).toFixed(1)}, any ${geometricMean(anyRatios).toFixed(1)}`,
);
if (lastResult === undefined) console.log("no result");
