/** Gives the arguments of one clause their meaning: constants evaluated, expressions typed, words matched with choices. */
import type { ClauseRow, Part } from "../catalog/rows.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Span } from "../source/span.ts";
import type { Argument, ArgumentValue, Clause, Expression, Name, RecordExpression } from "../syntax/ast.ts";
import { describeConstant, evaluate, evaluateRate, isDuration, isRecord, mistake } from "./constants.ts";
import { checkLimits, checkPairs } from "./limits.ts";
import type { CheckedExpression, Constant, ModelClause, ModelValue } from "./model.ts";
import { checkOptions, type OptionScope, rateOf } from "./options.ts";
import { checkQuantity, wrong } from "./quantities.ts";

export interface ClauseScope extends OptionScope {
  /** Types an expression of the clause; `expected` is the type it must have, as .flow writes it. */
  readonly typed: (e: Expression, part: Part, row: ClauseRow) => CheckedExpression;
  /** Checks the clauses of a block, such as that of `errors dead_letter`. */
  readonly block: (value: Extract<ArgumentValue, { readonly kind: "block" }>, argument: Argument) => ModelValue;
  /** The parser found a mistake there. */
  readonly broken: (span: Span) => boolean;
}

type Typed = ModelValue | typeof mistake;

export function checkClause(clause: Clause, row: ClauseRow, scope: ClauseScope): ModelClause {
  const values = new Map<string, ModelValue>();
  for (const argument of clause.arguments) {
    const part = row.parts.find((candidate) => candidate.name === argument.part);
    if (!part) continue;
    const value = partValue(part, row, argument, scope);
    if (value === mistake) continue;
    values.set(part.name, value);
    checkLimits(row, part, value, argument.value.span, scope.report);
  }
  checkPairs(row, values, scope.report);
  checkParts(clause, row, scope);
  return { syntax: clause, row: row.id, keyword: row.keyword, values };
}

/** Of alternatives exactly one. Parts that must be there are the parser's to ask for. */
function checkParts(clause: Clause, row: ClauseRow, scope: ClauseScope): void {
  if (!row.alternatives || scope.broken(clause.span)) return;
  const given = new Set(clause.arguments.map((argument) => argument.part));
  if (given.size !== 1) {
    const ways = row.parts.map((part) => `'${row.keyword} ${part.word ?? part.name} …'`).join(" or ");
    scope.report("FLOW2018", clause.keyword.span, {
      clause: row.keyword,
      ways,
      count: given.size === 0 ? "neither" : "both",
    });
  }
}

function partValue(part: Part, row: ClauseRow, argument: Argument, scope: ClauseScope): Typed {
  const { value } = argument;
  switch (value.kind) {
    case "word":
      return wordValue(part, row, argument, value.text, value.span, scope);
    case "range":
      return rangeValue(part, argument, value, scope);
    case "rate":
      return constantValue(argument, evaluateRate(value, scope));
    case "path":
      return { kind: "paths", syntax: argument, paths: [pathOf(value)] };
    case "node":
      return { kind: "node", syntax: argument, node: value.node.text, output: outputOf(value.output) };
    case "many":
      return manyValue(part, row, argument, value.values, scope);
    case "block":
      return scope.block(value, argument);
    default:
      return expressionValue(part, row, argument, value, scope);
  }
}

const constantValue = (syntax: Argument, value: Constant | typeof mistake): Typed =>
  value === mistake ? mistake : { kind: "constant", syntax, value };

const pathOf = (value: Extract<ArgumentValue, { readonly kind: "path" }>): readonly string[] =>
  value.steps.map((step) => step.text);

export const outputOf = (output: Name | undefined): "main" | "errors" | "late" =>
  output?.text === "errors" || output?.text === "late" ? output.text : "main";

/** A word of the row's choices; `replicas partitions`; or a param where a constant is expected. */
function wordValue(
  part: Part,
  row: ClauseRow,
  argument: Argument,
  text: string,
  span: Span,
  scope: ClauseScope,
): Typed {
  if (part.kind === "replicas") {
    if (text === "partitions") return { kind: "replicas", syntax: argument, value: "partitions" };
    return badChoice(part, text, ["partitions"], span, scope);
  }
  if (part.kind !== "word") return expressionValue(part, row, argument, { kind: "ident", name: text, span }, scope);
  const choices = (part.choices ?? []).map((choice) => choice.name);
  if (choices.includes(text)) return { kind: "word", syntax: argument, value: text };
  return badChoice(part, text, choices, span, scope);
}

function badChoice(
  part: Part,
  found: string,
  choices: readonly string[],
  span: Span,
  scope: ClauseScope,
): typeof mistake {
  if (scope.broken(span)) return mistake;
  const near = nearest(found, choices);
  const fixes =
    near === undefined
      ? []
      : [
          {
            title: `Change to '${near}'`,
            edits: [{ file: scope.file, start: span.start, end: span.end, newText: near }],
          },
        ];
  scope.report(
    "FLOW2019",
    span,
    {
      found,
      what: `the ${part.name}`,
      choices: choices.map((choice) => `'${choice}'`).join(", "),
      near: didYouMean(near),
    },
    { fixes },
  );
  return mistake;
}

function rangeValue(
  part: Part,
  argument: Argument,
  value: Extract<ArgumentValue, { readonly kind: "range" }>,
  scope: ClauseScope,
): Typed {
  const from = evaluate(value.from, scope);
  const to = evaluate(value.to, scope);
  if (from === mistake || to === mistake) return mistake;
  if (part.kind === "durations") {
    const first = checkQuantity("duration", "The shortest wait", from, value.from, scope);
    const last = checkQuantity("duration", "The longest wait", to, value.to, scope);
    return first === mistake || last === mistake
      ? mistake
      : { kind: "durations", syntax: argument, from: first, to: last };
  }
  if (typeof from !== "number" || typeof to !== "number") {
    return wrong(
      "This",
      "a range of ints such as '0..10'",
      value,
      scope,
      describeConstant(typeof from === "number" ? to : from),
    );
  }
  return { kind: "replicas", syntax: argument, value: { min: from, max: to } };
}

function manyValue(
  part: Part,
  row: ClauseRow,
  argument: Argument,
  values: readonly ArgumentValue[],
  scope: ClauseScope,
): Typed {
  if (part.kind === "paths") {
    return {
      kind: "paths",
      syntax: argument,
      paths: values.flatMap((value) => (value.kind === "path" ? [pathOf(value)] : [])),
    };
  }
  return {
    kind: "exprs",
    syntax: argument,
    values: values.filter(isExpression).map((value) => scope.typed(value, part, row)),
  };
}

const argumentKinds = new Set<string>(["word", "range", "rate", "path", "node", "many", "block"]);

export const isExpression = (value: ArgumentValue): value is Expression => !argumentKinds.has(value.kind);

function expressionValue(part: Part, row: ClauseRow, argument: Argument, e: Expression, scope: ClauseScope): Typed {
  switch (part.kind) {
    case "expr":
      return { kind: "expr", syntax: argument, value: scope.typed(e, part, row) };
    case "exprs":
      return { kind: "exprs", syntax: argument, values: [scope.typed(e, part, row)] };
    case "fields":
      return e.kind === "record" ? fieldsValue(part, row, argument, e, scope) : missingRecord(e, scope);
    case "options":
      return e.kind === "record" ? optionsValue(part, argument, e, scope) : missingRecord(e, scope);
    case "word":
      return e.kind === "ident" ? wordValue(part, row, argument, e.name, e.span, scope) : missingWord(part, e, scope);
    default:
      return constantPart(part, argument, e, scope);
  }
}

const missingRecord = (e: Expression, scope: ClauseScope): typeof mistake =>
  e.kind === "error" ? mistake : wrong("This", "a record, '{ name: value }'", e, scope, "something else");

const missingWord = (part: Part, e: Expression, scope: ClauseScope): typeof mistake =>
  e.kind === "error"
    ? mistake
    : badChoice(
        part,
        "this",
        (part.choices ?? []).map((choice) => choice.name),
        e.span,
        scope,
      );

function fieldsValue(
  part: Part,
  row: ClauseRow,
  argument: Argument,
  e: RecordExpression,
  scope: ClauseScope,
): ModelValue {
  const seen = new Set<string>();
  const values = e.entries.flatMap((entry) => {
    if (entry.kind !== "field") {
      scope.report("FLOW3503", entry.span, {});
      return [];
    }
    if (seen.has(entry.key.text)) scope.report("FLOW2012", entry.key.span, { name: entry.key.text, what: "field" });
    seen.add(entry.key.text);
    return [{ name: entry.key, value: scope.typed(entry.value, part, row) }];
  });
  return { kind: "fields", syntax: argument, values };
}

function optionsValue(part: Part, argument: Argument, e: RecordExpression, scope: ClauseScope): ModelValue {
  return {
    kind: "options",
    syntax: argument,
    options: checkOptions(
      e,
      part.options ?? [],
      { name: "this clause", span: e.span, clauses: resourcesBeside(part) },
      scope,
    ),
  };
}

/** A program without a container of its own runs in the worker: what it asks for is the clause's to say. */
const resourcesBeside = ({ options = [] }: Part): readonly string[] =>
  options.some(({ name }) => name === "resources") ? [] : ["resources"];

function constantPart(part: Part, argument: Argument, e: Expression, scope: ClauseScope): Typed {
  const rate = part.kind === "rate" ? rateOf(e) : undefined;
  if (rate) return constantValue(argument, evaluateRate(rate, scope));
  const value = evaluate(e, scope);
  if (value === mistake) return mistake;
  const what = `The ${part.name}`;
  switch (part.kind) {
    case "int":
    case "number":
    case "size":
    case "duration":
    case "rate":
      return constantValue(argument, checkQuantity(part.kind, what, value, e, scope));
    case "durations":
      return isDuration(value)
        ? { kind: "durations", syntax: argument, from: value, to: value }
        : wrong(what, "a range such as '100ms..10s'", e, scope, describeConstant(value));
    case "replicas":
      return typeof value === "number"
        ? { kind: "replicas", syntax: argument, value }
        : wrong(what, "an int, a range or 'partitions'", e, scope, describeConstant(value));
    case "string":
      return typeof value === "string"
        ? constantValue(argument, value)
        : wrong(what, "a string", e, scope, describeConstant(value));
    case "bool":
      return typeof value === "boolean"
        ? constantValue(argument, value)
        : wrong(what, "true or false", e, scope, describeConstant(value));
    case "record":
      return isRecord(value)
        ? constantValue(argument, value)
        : wrong(what, "a record", e, scope, describeConstant(value));
    default:
      return constantValue(argument, value);
  }
}
