/**
 * Runs the CEL project's conformance cases through our parser, checker and compiled code. Holds how a case becomes an
 * expression of .flow and its outcome a text that can be compared; the cases themselves are in @bufbuild/cel-spec.
 */
import {
  getConformanceSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from "@bufbuild/cel-spec/testdata/tests.js";
import type { ValueType } from "../compiler/contract/value-type.ts";
import { checkExpression } from "../compiler/semantics/expressions/check-expression.ts";
import { type ExpressionScope, emptyScope } from "../compiler/semantics/expressions/scope.ts";
import { printValueType } from "../compiler/semantics/print-value-type.ts";
import { type Diagnostic, reporter } from "../compiler/source/diagnostic.ts";
import { sourceText } from "../compiler/source/source-text.ts";
import { parseExpression } from "../compiler/syntax/parse.ts";
import { compileExpression } from "../runtime/expr/compile-expression.ts";
import { mapEntries } from "../runtime/expr/equality.ts";
import { EvaluationError } from "../runtime/expr/evaluation-error.ts";
import { makeMap } from "../runtime/expr/maps.ts";
import { doubleValue, toInt } from "../runtime/expr/numbers.ts";
import { isMap, typeNameOf } from "../runtime/expr/type-of.ts";
import { bytesOf, bytesToBase64 } from "../runtime/expr/values/bytes.ts";
import { boxDouble } from "../runtime/expr/values/double.ts";
import { Duration } from "../runtime/expr/values/duration.ts";
import { Optional } from "../runtime/expr/values/optional.ts";
import { Timestamp } from "../runtime/expr/values/timestamp.ts";
import { TypeValue } from "../runtime/expr/values/type-value.ts";
import { Uint } from "../runtime/expr/values/uint.ts";

export interface ConformanceCase {
  /** `file/section/name`, unique. */
  readonly id: string;
  readonly file: string;
  readonly test: IncrementalTest["original"];
}

type Original = IncrementalTest["original"];
type CelValue = Extract<Original["bindings"][string]["kind"], { case: "value" }>["value"];
type CelType = Extract<Original["typeEnv"][number]["declKind"], { case: "ident" }>["value"]["type"];

export function conformanceCases(): readonly ConformanceCase[] {
  const seen = new Map<string, number>();
  return getConformanceSuite()
    .suites.flatMap((file) => casesOf(file, file.name, file.name))
    .map((testCase) => {
      const count = (seen.get(testCase.id) ?? 0) + 1;
      seen.set(testCase.id, count);
      return count === 1 ? testCase : { ...testCase, id: `${testCase.id}#${count}` };
    });
}

function casesOf(suite: IncrementalTestSuite, file: string, path: string): readonly ConformanceCase[] {
  const own = suite.tests.map((test) => ({
    id: `${path}/${test.original.name || test.name}`,
    file,
    test: test.original,
  }));
  return [...own, ...suite.suites.flatMap((section) => casesOf(section, file, `${path}/${section.name}`))];
}

/** `undefined` when the case passes, else what went otherwise than expected. */
export function runCase({ test }: ConformanceCase): string | undefined {
  const expected = expectedOf(test);
  const actual = outcomeOf(test, expected.type !== undefined);
  if (expected.outcome !== undefined && actual.outcome !== expected.outcome)
    return `expected ${expected.outcome}, found ${actual.outcome}`;
  if (expected.type !== undefined && actual.type !== expected.type)
    return `expected the type ${expected.type}, found ${actual.type}`;
  return undefined;
}

/**
 * Mistakes that CEL finds only when it evaluates and .flow before: a division by zero, a text that is no timestamp, a field
 * that a literal lacks. Such a case runs as without type check, and must then end as CEL says.
 */
export const saidBeforehand: ReadonlySet<string> = new Set(["FLOW3002", "FLOW3013", "FLOW3015"]);

interface Outcome {
  /** The value as text, `error`, or `not runnable: …` with the reason. */
  readonly outcome: string | undefined;
  readonly type?: string | undefined;
}

function expectedOf(test: Original): Outcome {
  const matcher = test.resultMatcher;
  switch (matcher.case) {
    case "value":
      return { outcome: show(fromCel(matcher.value)) };
    case "typedResult": {
      const { result, deducedType } = matcher.value;
      const type = deducedType === undefined ? undefined : typeText(deducedType);
      return { outcome: test.checkOnly || result === undefined ? undefined : show(fromCel(result)), type };
    }
    case "evalError":
    case "anyEvalErrors":
      return { outcome: "error" };
    case undefined:
      return { outcome: show(true) };
    default:
      return { outcome: `not runnable: ${matcher.case}` };
  }
}

function outcomeOf(test: Original, needsType: boolean): Outcome {
  const reason = unsupported(test);
  if (reason !== undefined) return { outcome: `not runnable: ${reason}` };
  const source = sourceText("case.flow", test.expr);
  const { expression, diagnostics } = parseExpression(source);
  if (diagnostics.length > 0) return { outcome: `not runnable: ${messageOf(diagnostics)}` };
  const scope: ExpressionScope = {
    ...emptyScope("case.flow"),
    variables: variablesOf(test),
    hasDottedVariables: true,
    lenient: test.disableCheck,
  };
  const found: Diagnostic[] = [];
  const strict = checkExpression(expression, scope, reporter("case.flow", found));
  if (!found.every((diagnostic) => saidBeforehand.has(diagnostic.code)))
    return { outcome: `not runnable: ${messageOf(found)}` };
  const { tree, type } =
    found.length === 0 ? strict : checkExpression(expression, { ...scope, lenient: true }, reporter("case.flow", []));
  const typeName = needsType ? printValueType(type) : undefined;
  if (test.checkOnly) return { outcome: undefined, type: typeName };
  const names = Object.keys(test.bindings);
  const values = names.map((name) => bindingOf(test, name));
  try {
    return { outcome: show(compileExpression(tree, names)(...values)), type: typeName };
  } catch (error) {
    if (error instanceof EvaluationError) return { outcome: "error", type: typeName };
    throw error;
  }
}

function messageOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`).join(" ");
}

function unsupported(test: Original): string | undefined {
  if (test.disableMacros) return "macros switched off";
  if (test.typeEnv.some((declaration) => declaration.declKind.case === "function")) return "a declared function";
  return undefined;
}

function variablesOf(test: Original): ReadonlyMap<string, ValueType> {
  const declared = test.typeEnv.flatMap((declaration) =>
    declaration.declKind.case === "ident" ? [[declaration.name, typeOf(declaration.declKind.value.type)] as const] : [],
  );
  const bound = Object.keys(test.bindings).map((name) => [name, { kind: "any" } as ValueType] as const);
  return new Map([...bound, ...declared]);
}

function bindingOf(test: Original, name: string): unknown {
  const kind = test.bindings[name]?.kind;
  if (kind?.case !== "value") throw new EvaluationError("invalid-argument", `the variable ${name} is an error`);
  return fromCel(kind.value);
}

const primitives: Readonly<Record<number, ValueType["kind"]>> = {
  1: "bool",
  2: "int",
  3: "uint",
  4: "double",
  5: "string",
  6: "bytes",
};

/** The type of .flow for a type of CEL; `any` where there is none. */
function typeOf(type: CelType): ValueType {
  const kind = type?.typeKind;
  switch (kind?.case) {
    case "primitive":
      return { kind: primitives[kind.value] ?? "any" } as ValueType;
    case "null":
      return { kind: "null" };
    case "wellKnown":
      return { kind: kind.value === 2 ? "timestamp" : kind.value === 3 ? "duration" : "any" };
    case "listType":
      return { kind: "list", element: typeOf(kind.value.elemType) };
    case "mapType":
      return { kind: "map", key: typeOf(kind.value.keyType), value: typeOf(kind.value.valueType) };
    case "type":
      return { kind: "type" };
    case "abstractType":
      return { kind: "optional", of: typeOf(kind.value.parameterTypes[0]) };
    default:
      return { kind: "any" };
  }
}

function typeText(type: CelType): string {
  const kind = type?.typeKind;
  if (kind?.case === "messageType" || kind?.case === "wrapper" || kind?.case === "typeParam")
    return `not a type of .flow: ${kind.case}`;
  return printValueType(typeOf(type));
}

/** A value of the conformance data as one of ours. */
function fromCel(value: CelValue): unknown {
  const kind = value.kind;
  switch (kind.case) {
    case "nullValue":
      return null;
    case "int64Value":
      return toInt(kind.value);
    case "uint64Value":
      return new Uint(kind.value);
    case "doubleValue":
      return boxDouble(kind.value);
    case "bytesValue":
      return bytesOf(kind.value);
    case "listValue":
      return kind.value.values.map(fromCel);
    case "mapValue":
      return makeMap(
        kind.value.entries.map((entry) => [fromCel(entry.key as CelValue), fromCel(entry.value as CelValue)]),
      );
    case "typeValue":
      return new TypeValue(kind.value);
    case "objectValue":
      return fromAny(kind.value.typeUrl, kind.value.value);
    case "enumValue":
      return { enum: kind.value.type };
    default:
      return kind.value;
  }
}

function fromAny(typeUrl: string, bytes: Uint8Array): unknown {
  const [seconds = 0n, nanos = 0n] = varints(bytes);
  if (typeUrl.endsWith("google.protobuf.Duration")) {
    const total = BigInt.asIntN(64, seconds) * 1_000_000_000n + BigInt.asIntN(32, nanos);
    const rest = ((total % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    return new Duration(Number((total - rest) / 1_000_000_000n), Number(rest));
  }
  if (typeUrl.endsWith("google.protobuf.Timestamp"))
    return new Timestamp(Number(BigInt.asIntN(64, seconds)), Number(nanos));
  return { message: typeUrl };
}

/** Fields 1 and 2 of a message whose fields are all varints. */
function varints(bytes: Uint8Array): readonly bigint[] {
  const fields = [0n, 0n];
  let at = 0;
  const read = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) fields[Number(read() >> 3n) - 1] = read();
  return fields;
}

/** A value with its type, so that `1`, `1u` and `1.0` differ; keys of maps in a fixed order. */
function show(value: unknown): string {
  const type = typeNameOf(value);
  const double = doubleValue(value);
  if (double !== undefined) return `double ${Object.is(double, -0) ? 0 : double}`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value instanceof Uint) return `uint ${value.value}`;
  if (value instanceof Uint8Array) return `bytes ${bytesToBase64(value)}`;
  if (value instanceof TypeValue) return `type ${value.typeName}`;
  if (value instanceof Optional) return value.content === undefined ? "none" : `optional ${show(value.content)}`;
  if (value instanceof Timestamp || value instanceof Duration) return `${type} ${value.toString()}`;
  if (isMap(value))
    return `{${mapEntries(value)
      .map(([key, item]) => `${show(key)}: ${show(item)}`)
      .sort()
      .join(", ")}}`;
  return `${type} ${typeof value === "string" ? JSON.stringify(value) : String(value)}`;
}
