/** Checks a record of options against the catalogue's rows: unknown, duplicate, missing, and of the wrong type. */
import type { OptionLimit, OptionRow } from "../catalog/rows.ts";
import type { Extras, Report } from "../source/diagnostic.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Span } from "../source/span.ts";
import type { Expression, RecordEntry, RecordExpression } from "../syntax/ast.ts";
import { type ConstantScope, describeConstant, evaluate, evaluateRate, isRecord, mistake } from "./constants.ts";
import type { CheckedExpression, Constant, ModelOptions } from "./model.ts";
import { checkQuantity, edit, wrong } from "./quantities.ts";

export interface OptionScope extends ConstantScope {
  /** Checks an option that is evaluated per event. */
  readonly expression: (e: Expression, row: OptionRow) => CheckedExpression;
}

type OptionValue = { readonly span: Span; readonly value: Constant | CheckedExpression };
type FieldEntry = Extract<RecordEntry, { readonly kind: "field" }>;

/** What the options belong to, as a message names it: `a kafka source`; `optional`: none need be given. */
export interface OptionOwner {
  readonly name: string;
  readonly span: Span;
  /** Names given elsewhere, so that they are not missing here. */
  readonly given?: ReadonlySet<string>;
  /** Clauses that may stand beside it, and that are easily taken for options. */
  readonly clauses?: readonly string[];
  /** Nothing is required: connection defaults, or a clause that is broken anyway. */
  readonly partial?: boolean;
}

export function checkOptions(
  record: RecordExpression | undefined,
  rows: readonly OptionRow[],
  owner: OptionOwner,
  scope: OptionScope,
): ModelOptions {
  const options = new Map<string, OptionValue>();
  const seen = new Set<string>(owner.given);
  for (const entry of record?.entries ?? []) {
    if (entry.kind !== "field") {
      reportNoSpread(entry, scope.report);
      continue;
    }
    const row = rows.find((candidate) => candidate.name === entry.key.text);
    if (!row) {
      const near = reportUnknown(entry, rows, owner, scope);
      if (near !== undefined) seen.add(near);
      continue;
    }
    if (options.has(row.name)) scope.report("FLOW2012", entry.key.span, { name: row.name, what: "option" });
    seen.add(row.name);
    const value = withinLimit(row, optionValue(row, entry.value, scope), entry.value.span, scope.report);
    if (value !== mistake) options.set(row.name, { span: entry.span, value });
  }
  if (!owner.partial) {
    for (const row of rows) {
      if (row.required && !seen.has(row.name))
        scope.report("FLOW2009", owner.span, { option: row.name, of: owner.name, doc: firstSentence(row.doc) });
    }
  }
  checkFit(rows, options, scope);
  return options;
}

/** FLOW5013: options that mean something only beside another value of another option. */
function checkFit(rows: readonly OptionRow[], options: ReadonlyMap<string, OptionValue>, scope: OptionScope): void {
  for (const row of rows) {
    const given = options.get(row.name);
    if (given === undefined || row.only === undefined) continue;
    const { option, is } = row.only;
    const value = options.get(option)?.value ?? rows.find((each) => each.name === option)?.default;
    if (typeof value !== "string" || is.includes(value)) continue;
    const ways = is.map((each) => `'${option}: ${each}'`).join(" or ");
    scope.report("FLOW5013", given.span, { option: row.name, ways, other: option, value });
  }
}

function withinLimit<V extends Constant | CheckedExpression | typeof mistake>(
  row: OptionRow,
  value: V,
  span: Span,
  report: Report,
): V {
  if (row.limit && value !== mistake && isOutside(row.limit, value))
    report("FLOW3504", span, { what: `'${row.name}'`, limit: row.limit.says });
  return value;
}

function isOutside(limit: OptionLimit, value: Constant | CheckedExpression | symbol): boolean {
  if (typeof value === "number" || typeof value === "bigint")
    return value < (limit.least ?? Number.NEGATIVE_INFINITY) || value > (limit.most ?? Number.POSITIVE_INFINITY);
  if (typeof value === "string") return limit.pattern !== undefined && limit.pattern.exec(value)?.[0] !== value;
  if (Array.isArray(value)) return limit.notEmpty === true && (value.length === 0 || value[0] === "");
  const amount = amountOf(value);
  return amount !== undefined && isOutside(limit, amount);
}

/** Milliseconds, or bytes. */
function amountOf(value: Constant | CheckedExpression | symbol): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return "ms" in value ? value.ms : "bytes" in value ? value.bytes : undefined;
}

export const firstSentence = (doc: string): string => /^.*?\.(?= [A-Z]|$)/.exec(doc)?.[0] ?? doc;

function reportNoSpread(entry: RecordEntry, report: Report): void {
  report("FLOW3503", entry.span, {});
}

/** Gives the option that was probably meant, so that it is not called missing as well. */
function reportUnknown(
  entry: FieldEntry,
  rows: readonly OptionRow[],
  owner: OptionOwner,
  scope: OptionScope,
): string | undefined {
  const { text, span } = entry.key;
  if (text === "") return undefined;
  const near = nearest(
    text,
    rows.map((row) => row.name),
  );
  const known = owner.clauses?.includes(text)
    ? ` It is a clause: write '${text} { … }' beside it.`
    : rows.length === 0
      ? " It takes none."
      : near === undefined
        ? ` It takes ${rows.map((row) => `'${row.name}'`).join(", ")}.`
        : "";
  const fixes = near === undefined ? [] : [{ title: `Change to '${near}'`, edits: [edit(scope, span, near)] }];
  scope.report("FLOW2008", span, { option: text, of: owner.name, near: didYouMean(near) + known }, { fixes });
  return near;
}

function optionValue(row: OptionRow, e: Expression, scope: OptionScope): Constant | CheckedExpression | typeof mistake {
  if (row.kind === "expr") return scope.expression(e, row);
  if (row.kind === "choice") return checkChoice(row, e, scope);
  if (row.kind === "rate") {
    const rate = rateOf(e);
    if (rate) return evaluateRate(rate, scope);
  }
  if (row.kind === "options") {
    if (row.orBool && e.kind !== "record") return boolOf(row, e, scope);
    if (e.kind !== "record") return wrongType(row.name, "a record of options", e, scope, "something else");
    return {
      kind: "record",
      entries: nestedEntries(checkOptions(e, row.options ?? [], { name: `'${row.name}'`, span: e.span }, scope)),
    };
  }
  const value = evaluate(e, scope);
  return value === mistake ? mistake : convert(row, value, e, scope);
}

function boolOf(row: OptionRow, e: Expression, scope: OptionScope): Constant | typeof mistake {
  const value = evaluate(e, scope);
  if (value === mistake || typeof value === "boolean") return value;
  return wrongType(row.name, "true, false or a record of options", e, scope, describeConstant(value));
}

const nestedEntries = (options: ModelOptions): (readonly [string, Constant])[] =>
  [...options].map(([name, { value }]) => [name, value as Constant] as const);

/** `100/s`, which reads as a division of `100` by a name. */
export function rateOf(e: Expression) {
  if (e.kind !== "binary" || e.operator !== "/" || e.right.kind !== "ident") return undefined;
  return { kind: "rate", span: e.span, count: e.left, per: { text: e.right.name, span: e.right.span } } as const;
}

/** A choice is a bare word or a string; or a param of that type. */
function checkChoice(row: OptionRow, e: Expression, scope: OptionScope): Constant | typeof mistake {
  const choices = (row.choices ?? []).map((choice) => choice.name);
  const bare = e.kind === "ident" && !scope.params.has(e.name) ? e.name : undefined;
  const value = bare ?? evaluate(e, scope);
  if (value === mistake) return mistake;
  if (typeof value === "string" && choices.includes(value)) return value;
  const near = typeof value === "string" ? nearest(value, choices) : undefined;
  const fixes = near === undefined ? [] : [{ title: `Change to '${near}'`, edits: [edit(scope, e.span, near)] }];
  const found = typeof value === "string" ? value : describeConstant(value);
  scope.report(
    "FLOW2019",
    e.span,
    { found, what: `'${row.name}'`, choices: choices.map((c) => `'${c}'`).join(", "), near: didYouMean(near) },
    { fixes },
  );
  return mistake;
}

function convert(row: OptionRow, value: Constant, e: Expression, scope: OptionScope): Constant | typeof mistake {
  switch (row.kind) {
    case "string":
      return typeof value === "string" ? value : wrongType(row.name, "a string", e, scope, describeConstant(value));
    case "secret":
      return isSecret(value) || typeof value === "string"
        ? value
        : wrongType(row.name, 'secret("name", "key")', e, scope, describeConstant(value));
    case "strings":
      return checkStrings(row, value, e, scope);
    case "bool":
      return typeof value === "boolean"
        ? value
        : wrongType(row.name, "true or false", e, scope, describeConstant(value));
    case "map":
      return checkMap(row, value, e, scope);
    case "int":
    case "number":
    case "duration":
    case "size":
    case "rate":
      return checkQuantity(row.kind, `'${row.name}'`, value, e, scope);
    default:
      return value;
  }
}

export const isSecret = (value: Constant): value is Extract<Constant, { readonly kind: "secret" }> =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "secret";

function checkStrings(row: OptionRow, value: Constant, e: Expression, scope: OptionScope): Constant | typeof mistake {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  const fixes =
    typeof value === "string" && e.kind === "string"
      ? [{ title: "Put it in a list", edits: [edit(scope, e.span, `[${e.raw}]`)] }]
      : [];
  return wrongType(row.name, "a list of strings", e, scope, describeConstant(value), { fixes });
}

function checkMap(row: OptionRow, value: Constant, e: Expression, scope: OptionScope): Constant | typeof mistake {
  const fits = isRecord(value) && value.entries.every(([, item]) => typeof item === "string" || isSecret(item));
  return fits ? value : wrongType(row.name, "a record of strings", e, scope, describeConstant(value));
}

const wrongType = (
  name: string,
  expected: string,
  e: Expression,
  scope: ConstantScope,
  found: string,
  extras?: Extras,
): typeof mistake => wrong(`'${name}'`, expected, e, scope, found, extras);
