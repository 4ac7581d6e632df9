/** Gives every param its value: from outside, else its default; both must be of its type. */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import { reporter } from "../../source/diagnostic.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Expression, ParamDeclaration } from "../../syntax/ast.ts";
import { constantFits, typeOfConstant } from "../constant-type.ts";
import { evaluate, mistake } from "../constants.ts";
import type { Constant } from "../model.ts";
import { parseParamText } from "../param-text.ts";
import type { Names, ParamEntry, Program, SymbolEntry } from "../program.ts";
import { typeOfExpression } from "../type-expressions.ts";
import { anyType, nameOfType, resolveType } from "../types.ts";

/** In order of declaration: a default may use the params before it. */
export function declareParams(
  program: Program,
  names: Names,
  types: TypeTable,
  given: ReadonlyMap<string, string>,
  later: boolean,
): ReadonlyMap<string, ParamEntry> {
  const params = new Map<string, ParamEntry>();
  for (const symbol of names.values.values()) {
    if (symbol.kind !== "param") continue;
    const entry = declareParam(program, names, types, params, symbol, given);
    params.set(symbol.name, later ? entry : { ...entry, comesLater: false });
    if (!later && entry.comesLater)
      reporter(symbol.at.file, program.diagnostics)("FLOW2024", symbol.at, { name: symbol.name });
  }
  for (const name of given.keys()) if (!params.has(name)) reportUnknown(program, name, params);
  return params;
}

function declareParam(
  program: Program,
  names: Names,
  types: TypeTable,
  params: ReadonlyMap<string, ParamEntry>,
  symbol: SymbolEntry,
  given: ReadonlyMap<string, string>,
): ParamEntry {
  const declaration = symbol.declaration as ParamDeclaration;
  const report = reporter(symbol.at.file, program.diagnostics);
  const scope = { file: symbol.at.file, report, params, names };
  const declared = declaration.type ? typeOfExpression(declaration.type, scope) : undefined;
  const byDefault = declaration.default ? evaluate(declaration.default, scope) : undefined;
  const type =
    declared ?? (byDefault === undefined || byDefault === mistake ? anyType : widen(typeOfConstant(byDefault)));
  if (
    declared &&
    declaration.default &&
    byDefault !== undefined &&
    byDefault !== mistake &&
    !constantFits(byDefault, declared, types)
  ) {
    report("FLOW3505", declaration.default.span, {
      name: symbol.name,
      type: nameOfType(declared),
      value: textOf(program, symbol.at.file, declaration.default),
    });
    return { symbol, type, value: undefined };
  }
  const text = given.get(symbol.name);
  if (text !== undefined) return { symbol, type, value: outside(symbol, type, types, text, report) };
  const comesLater = byDefault === undefined && !hasDefault(declaration);
  return { symbol, type, value: byDefault === mistake ? undefined : byDefault, comesLater };
}

/** A default that could not be parsed is one all the same. */
const hasDefault = (declaration: ParamDeclaration): boolean => declaration.default !== undefined;

/** The type of a param that declares none: of its default, but any text where that is a text. */
function widen(type: ValueType): ValueType {
  if (type.kind === "literal") {
    if (typeof type.value === "string") return { kind: "string" };
    return { kind: typeof type.value === "boolean" ? "bool" : "int" };
  }
  if (type.kind === "list") return { kind: "list", element: widen(type.element) };
  if (type.kind === "union")
    return type.members.every((member) => widen(member).kind === "string") ? { kind: "string" } : anyType;
  if (type.kind === "record")
    return { kind: "record", fields: type.fields.map((field) => ({ ...field, type: widen(field.type) })) };
  return type;
}

function textOf(program: Program, file: string, e: Expression): string {
  const text = program.sources.get(file)?.text.slice(e.span.start, e.span.end) ?? "this";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function outside(
  symbol: SymbolEntry,
  type: ValueType,
  types: TypeTable,
  text: string,
  report: ReturnType<typeof reporter>,
): Constant | undefined {
  const value = parseParamText(text, resolveType(type, types));
  if (value !== undefined && constantFits(value, type, types)) return value;
  report("FLOW3505", symbol.at, {
    name: symbol.name,
    type: nameOfType(type),
    value: `the given value '${text}'`,
  });
  return undefined;
}

function reportUnknown(program: Program, name: string, params: ReadonlyMap<string, ParamEntry>): void {
  const header = program.main.tree.declarations.find((declaration) => declaration.kind === "pipeline");
  const at = header && header.kind === "pipeline" ? header.name.span : { start: 0, end: 0 };
  program.main.report("FLOW2023", at, { name, near: didYouMean(nearest(name, params.keys())) });
}
