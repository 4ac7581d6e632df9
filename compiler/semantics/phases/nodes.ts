/** Checks the nodes one after the other along the edges: their inputs' conditions, clauses and connectors, and the type of what they give. */
import { formatRow } from "../../catalog/formats.ts";
import type { ClauseRow, Part, Role } from "../../catalog/rows.ts";
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { type ClauseScope, checkClause } from "../clause-values.ts";
import { type SortedClauses, sortClauses } from "../clause-rows.ts";
import { checkConnector } from "../connectors.ts";
import { typeOfConstant } from "../constant-type.ts";
import { checkedExpression, type Expected, type ExpressionPlace } from "../expressions.ts";
import type { CheckedExpression, Constant, ModelClause } from "../model.ts";
import { clauseOf, jsonFormat, type NodeEntry } from "../node-entry.ts";
import { checkOptions, type OptionScope } from "../options.ts";
import { typeAfter } from "../operator-types.ts";
import { type Declared, isBroken, use } from "../program.ts";
import { aliasType, catalogType, chunkType, errorsType, eventVariables, noVariables, paneType, type Variables, windowType } from "../scopes.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { anyType, boolType, intType, isHashable, join, listOf, nameOfType, nullType, optionalOf, recordOf, settle, timestampType, unknownType } from "../types.ts";

export function checkNodes(order: readonly NodeEntry[], declared: Declared): void {
  for (const node of order) checkNode(node, declared);
}

function checkNode(node: NodeEntry, declared: Declared): void {
  const { names, program } = declared;
  const { main } = program;
  const { declaration } = node;
  if (declaration.type) {
    node.declaredType = typeOfExpression(declaration.type, { file: main.path, report: main.report, names });
  }
  const sorted = sortClauses(declaration.clauses, {
    place: node.kind,
    file: main.path,
    report: main.report,
  });
  checkRequired(node, sorted, declared);
  checkInputs(node, declared);
  switch (node.kind) {
    case "source":
    case "table":
      return checkReader(node, sorted, declared);
    case "step":
      return checkStep(node, sorted, declared);
    case "window":
    case "chunk":
      return checkGroup(node, sorted, declared);
    case "sink":
      return checkSink(node, sorted, declared);
  }
}

const roleOf = (node: NodeEntry): Role | undefined =>
  node.kind === "source" || node.kind === "sink" || node.kind === "table" ? node.kind : undefined;

/** Clauses that must be there, one by one or one of a group. */
function checkRequired(node: NodeEntry, sorted: SortedClauses, { program: { main } }: Declared): void {
  const { declaration, kind, name } = node;
  if (sorted.hasUnknown || isBroken(main, declaration.span)) return;
  const given = new Set(sorted.clauses.map(({ row }) => row.oneOf ?? row.keyword));
  const missing =
    kind === "window" && !given.has("kind")
      ? "the shape of its windows: 'fixed 1m', 'sliding 10m every 1m', 'session 30s', 'global' or 'count 100'"
      : kind === "window" && !given.has("emit")
        ? "an 'emit': what it gives, such as 'emit { key: key, n: count() }'"
        : kind === "table" && !given.has("key")
          ? "a 'key': what its rows are looked up by, such as 'key data.id'"
          : undefined;
  if (missing) main.report("FLOW2017", declaration.name.span, { name, kind, what: missing });
}

/** What an output of a node gives to its readers. */
function outputType(node: NodeEntry, output: "main" | "errors" | "late"): ValueType {
  if (output === "errors") return errorsType;
  return output === "late" ? node.inputType : node.outputType;
}

function checkInputs(node: NodeEntry, declared: Declared): void {
  const { report, path } = declared.program.main;
  const types: ValueType[] = [];
  const downstream = new Map<string, ValueType>();
  for (const input of node.inputs) {
    const data = input.node ? outputType(input.node, input.output) : unknownType;
    types.push(data);
    const more = input.node && input.output === "main" ? input.node.downstream : noVariables;
    for (const [name, type] of more) downstream.set(name, type);
    if (input.syntax.where) {
      const place = { file: path, report, variables: eventVariables(data, more) };
      input.where = checkedExpression(input.syntax.where, place, declared, { type: boolType, what: "The condition of 'where'" });
    }
  }
  if (types.length > 0) node.inputType = types.reduce((all, type) => join(all, type, declared.types));
  node.downstream = downstream;
}

/** A scope for clauses in which `data` is of a type. */
function clauseScope(node: NodeEntry, place: ExpressionPlace, declared: Declared): ClauseScope {
  const { main } = declared.program;
  return {
    file: main.path,
    report: main.report,
    params: declared.params,
    expression: (e, row) => checkedExpression(e, place, declared, row.type === undefined ? undefined : { type: catalogType(row.type), what: `'${row.name}'` }),
    typed: (e, part) => checkedExpression(e, place, declared, expectedOf(part, node)),
    block: (_, syntax) => ({ kind: "block", syntax, connector: undefined, clauses: [] }),
    broken: (span) => isBroken(main, span),
  };
}

function expectedOf(part: Part, node: NodeEntry): Expected | undefined {
  return part.type === undefined ? undefined : { type: catalogType(part.type), what: `This ${part.name} of '${node.name}'` };
}

const placeOf = (declared: Declared, variables: Variables, more: Partial<ExpressionPlace> = {}): ExpressionPlace => ({
  file: declared.program.path,
  report: declared.program.main.report,
  variables,
  ...more,
});

// Sources and tables

function checkReader(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const generated = placeOf(declared, new Map([["i", intType]]));
  const optionScope = clauseScope(node, generated, declared);
  node.connector = checkConnector(sorted, connectorOwner(node, declared), optionScope);
  chooseFormat(node, sorted, optionScope);
  node.inputType = node.declaredType ?? typeGiven(node);
  node.outputType = node.inputType;
  const scope = clauseScope(node, placeOf(declared, node.kind === "table" ? new Map([["data", node.inputType]]) : eventVariables(node.inputType)), declared);
  checkPlain(node, sorted, scope);
  if (node.kind !== "table") return;
  const key = clauseOf(node, "key")?.values.get("key");
  const keyType = key?.kind === "expr" ? key.value.type : unknownType;
  if (key?.kind === "expr") checkHashable(key.value, declared);
  declared.tables.set(node.name, { row: node.inputType, key: keyType });
}

const connectorOwner = (node: NodeEntry, declared: Declared) => ({
  role: roleOf(node) ?? "source",
  kind: node.kind,
  name: node.name,
  span: node.declaration.name.span,
  defaults: declared.defaults,
  quiet: isBroken(declared.program.main, node.declaration.span),
});

/** What a source gives that declares no type. */
function typeGiven(node: NodeEntry): ValueType {
  const { connector } = node;
  const data = connector?.options.get("data")?.value;
  if (connector?.row.name === "generate") return isChecked(data) ? settle(data.type) : anyType;
  if (connector?.row.name === "cron") {
    if (data === undefined) return recordOf([{ name: "scheduled", type: timestampType, optional: false }]);
    return isChecked(data) ? data.type : widened(typeOfConstant(data));
  }
  return catalogType(node.format.row.gives);
}

const isChecked = (value: Constant | CheckedExpression | undefined): value is CheckedExpression =>
  typeof value === "object" && value !== null && "tree" in value;

function widened(type: ValueType): ValueType {
  if (type.kind === "literal") return typeof type.value === "string" ? { kind: "string" } : anyType;
  if (type.kind === "record") return recordOf(type.fields.map((field) => ({ ...field, type: widened(field.type) })));
  return type.kind === "list" || type.kind === "union" ? anyType : type;
}

function chooseFormat(node: NodeEntry, sorted: SortedClauses, scope: OptionScope): void {
  const format = sorted.clauses.find(({ row }) => row.keyword === "format");
  const byConnector = node.connector ? formatRow(node.connector.row.format) : undefined;
  const word = format?.clause.arguments.find((argument) => argument.part === "type")?.value;
  const name = word?.kind === "word" ? word.text : word?.kind === "ident" ? word.name : undefined;
  const row = (name === undefined ? byConnector : formatRow(name)) ?? jsonFormat;
  const record = format?.clause.arguments.find((argument) => argument.part === "options")?.value;
  const known = name === undefined || formatRow(name) !== undefined;
  const options =
    record?.kind === "record" && known
      ? checkOptions(record, row.options, { name: `format '${row.name}'`, span: record.span }, scope)
      : new Map();
  node.format = { row, options };
}

// Steps

function checkStep(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  let data = node.inputType;
  for (const { clause, row } of sorted.clauses) {
    const scope = clauseScope(node, placeOf(declared, eventVariables(data, node.downstream)), declared);
    const checked = checkClause(clause, row, scope);
    node.clauses.push(checked);
    if (row.keyword === "dedupe") {
      const key = checked.values.get("key");
      if (key?.kind === "expr") checkHashable(key.value, declared);
    }
    data = settle(typeAfter(checked, data, declared.types));
  }
  node.outputType = data;
}

// Windows and chunks

function checkGroup(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const single = joinVariables(node) ?? eventVariables(node.inputType, node.downstream);
  const isJoin = node.inputs.some((input) => input.alias !== undefined);
  const perEvent = clauseScope(node, placeOf(declared, single, { useVariable: useAlias(node, declared) }), declared);
  const seesResult = (row: ClauseRow): boolean => row.keyword === "emit" || row.keyword === "where";
  for (const { clause, row } of sorted.clauses) {
    if (!seesResult(row)) node.clauses.push(checkClause(clause, row, perEvent));
  }
  const keyType = typeOfKey(node, declared);
  const aggregates: AggregatePlan[] = [];
  const variables = new Map<string, ValueType>([
    ["key", keyType],
    ...(node.kind === "window" ? ([["window", windowType], ["pane", paneType]] as const) : ([["chunk", chunkType]] as const)),
    ...(node.kind === "chunk" && clauseOf(node, "window") ? ([["window", windowType]] as const) : []),
    ...(isJoin ? outerVariables(node, single) : []),
  ]);
  const place = placeOf(declared, variables, { eventVariables: single, aggregates, useVariable: useAlias(node, declared) });
  for (const { clause, row } of sorted.clauses) {
    if (seesResult(row)) node.clauses.push(checkClause(clause, row, clauseScope(node, place, declared)));
  }
  const emit = clauseOf(node, "emit")?.values.get("emit");
  node.outputType = emit?.kind === "expr" ? settle(emit.value.type) : node.kind === "chunk" ? node.inputType : unknownType;
  node.downstream = downstreamOf(node);
}

function downstreamOf(node: NodeEntry): Variables {
  if (node.kind === "chunk") return clauseOf(node, "emit") ? noVariables : new Map([...node.downstream, ["chunk", chunkType]]);
  const panes = clauseOf(node, "panes")?.values.get("mode");
  return panes?.kind === "word" && panes.value === "retract" ? new Map([["retracted", boolType]]) : noVariables;
}

/** The inputs of a join by their aliases. */
function joinVariables(node: NodeEntry): Variables | undefined {
  const aliased = node.inputs.filter((input) => input.alias !== undefined);
  if (aliased.length === 0) return undefined;
  return new Map(
    aliased.map((input) => [input.alias!, aliasType(input.node ? outputType(input.node, input.output) : unknownType)] as const),
  );
}

/** In `emit` the side that may have no partner is an optional. */
function outerVariables(node: NodeEntry, single: Variables): [string, ValueType][] {
  const mode = clauseOf(node, "join")?.values.get("mode");
  const kind = mode?.kind === "word" ? mode.value : "inner";
  return [...single].map(([name, type], index) => [name, kind === "outer" || (kind === "left" && index > 0) ? optionalOf(type) : type]);
}

const useAlias = (node: NodeEntry, { program, names }: Declared) => (name: string, span: { readonly start: number; readonly end: number }) => {
  if (!node.inputs.some((input) => input.alias === name)) return;
  const symbol = names.symbols.find((each) => each.kind === "alias" && each.declaration === node.inputs.find((input) => input.alias === name)!.syntax);
  if (symbol) use(symbol, program.path, span);
};

function typeOfKey(node: NodeEntry, declared: Declared): ValueType {
  const key = clauseOf(node, "key")?.values.get("key");
  if (key?.kind !== "exprs") return nullType;
  for (const value of key.values) checkHashable(value, declared);
  if (key.values.length === 1) return key.values[0]!.type;
  return listOf(key.values.map((value) => value.type).reduce((all, type) => join(all, type, declared.types), unknownType));
}

function checkHashable(key: CheckedExpression, { types, program }: Declared): void {
  if (isHashable(key.type, types)) return;
  const hint = key.type.kind === "optional" ? "it may be absent; say what it is then with '.orValue(…)'" : "it holds a map, which has no order of its own";
  program.main.report("FLOW3507", key.syntax.span, { type: nameOfType(key.type), hint });
}

// Sinks

function checkSink(node: NodeEntry, sorted: SortedClauses, declared: Declared): void {
  const scope = clauseScope(node, placeOf(declared, eventVariables(node.inputType, node.downstream)), declared);
  node.connector = checkConnector(sorted, connectorOwner(node, declared), scope);
  chooseFormat(node, sorted, scope);
  checkPlain(node, sorted, scope);
  node.outputType = node.inputType;
}

/** Options of the format are checked by `chooseFormat`, by the rows of the chosen one. */
function checkPlain(node: NodeEntry, sorted: SortedClauses, scope: ClauseScope): void {
  for (const { clause, row } of sorted.clauses) {
    if (row.keyword !== "format") node.clauses.push(checkClause(clause, row, scope));
    else node.clauses.push(withFormatOptions(checkClause({ ...clause, arguments: clause.arguments.filter((each) => each.part !== "options") }, row, scope), node));
  }
}

function withFormatOptions(clause: ModelClause, node: NodeEntry): ModelClause {
  const syntax = node.declaration.clauses.find((each) => each.keyword === clause.syntax.keyword) ?? clause.syntax;
  const argument = syntax.arguments.find((each) => each.part === "options");
  if (!argument) return { ...clause, syntax };
  const values = new Map(clause.values).set("options", { kind: "options", syntax: argument, options: node.format.options });
  return { ...clause, syntax, values };
}
