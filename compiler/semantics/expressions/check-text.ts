/** For tests: checks the text of an expression where the types and functions of a few declarations are in scope. */

import type { ExprTree } from "../../contract/expr-tree.ts";
import type { AggregatePlan } from "../../contract/runtime-config.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { type Diagnostic, reporter } from "../../source/diagnostic.ts";
import { sourceText } from "../../source/source-text.ts";
import type { FnDeclaration } from "../../syntax/ast.ts";
import { parse, parseExpression } from "../../syntax/parse.ts";
import { eventType, paneType, windowType } from "../scopes.ts";
import { printValueType } from "../types.ts";
import { checkExpression, type ExpressionScope, emptyScope } from "./check-expression.ts";
import { writtenType } from "./written-type.ts";

const declarations = `
type Line { sku: string, qty: int }
type Order {
  id: string, qty: int, price: double, paid: bool, at: timestamp, wait: duration, raw: bytes, n: uint
  side: "buy" | "sell", note?: string, nick: string | null
  tags: [string], lines: [Line], meta: {string: any}, prices: {string: double}
  parent?: Order, extra: any
}
type Team { id: string, org?: string }
fn area(width: double, height: double): double = width * height
fn shout(text: string): string = text.upperAscii() + "!"
fn has_tag(tag: string, tags: [string]): bool = tags.exists(x, x == tag)
fn twice(x: int): int = x + x
fn side_of(side: "buy" | "sell"): string = side == "buy" ? "b" : "s"
fn round_trip(n: int): int = there(n)
fn there(n: int): int = round_trip(n)
fn any_size(x) = size(x)
`;

const { file } = parse(sourceText("declarations.flow", declarations));
const types: Record<string, ValueType> = {};
const functions = new Map<string, FnDeclaration>();
for (const declaration of file.declarations)
  if (declaration.kind === "type") types[declaration.name.text] = { kind: "any" };
for (const declaration of file.declarations) {
  if (declaration.kind === "type" && declaration.definition.kind === "type")
    types[declaration.name.text] = writtenType(declaration.definition.type, types);
  if (declaration.kind === "fn") functions.set(declaration.name.text, declaration);
}

const ofEvent: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["data", { kind: "ref", name: "Order" }],
  ["event", eventType],
]);
const ofResult: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["key", { kind: "string" }],
  ["window", windowType],
  ["pane", paneType],
]);

export const testScope: ExpressionScope = {
  ...emptyScope("test.flow"),
  types,
  functions,
  variables: ofEvent,
  tables: new Map([["teams", { row: { kind: "ref", name: "Team" }, key: { kind: "string" } }]]),
  params: new Map([
    ["limit", { type: { kind: "double" }, value: 5 }],
    ["name", { type: { kind: "string" }, value: "x" }],
    ["token", { type: { kind: "any" }, value: { kind: "secret", name: "s", key: "k" } }],
  ]),
};

export interface CheckedText {
  readonly text: string;
  readonly type: string;
  readonly tree: ExprTree;
  readonly aggregates: readonly AggregatePlan[];
  readonly diagnostics: readonly Diagnostic[];
}

export function checkText(
  text: string,
  options: { readonly emit?: boolean; readonly more?: Partial<ExpressionScope> } = {},
): CheckedText {
  const diagnostics: Diagnostic[] = [];
  const parsed = parseExpression(sourceText("test.flow", text));
  diagnostics.push(...parsed.diagnostics);
  const aggregates: AggregatePlan[] = [];
  const place = options.emit ? { ...testScope, variables: ofResult, eventVariables: ofEvent, aggregates } : testScope;
  const { tree, type } = checkExpression(
    parsed.expression,
    { ...place, ...options.more },
    reporter("test.flow", diagnostics),
  );
  return { text, type: printValueType(type), tree, aggregates, diagnostics };
}

/** One line per mistake: the marked text, the code and the message. */
export function mistakesIn(text: string, emit = false): readonly string[] {
  return checkText(text, { emit }).diagnostics.map(
    ({ at, code, message }) => `${text.slice(at.start, at.end)} → ${code} ${message}`,
  );
}

/** The text with the first fix of its only mistake applied. */
export function mended(text: string): string {
  const edits = checkText(text).diagnostics.flatMap((diagnostic) => diagnostic.fixes[0]?.edits ?? []);
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, edit) => now.slice(0, edit.start) + edit.newText + now.slice(edit.end), text);
}
