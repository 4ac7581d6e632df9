/** What is known of the thing under the pointer: its type, its documentation, what flows through it. */
import { declarations } from "../catalog/declarations.ts";
import { aggregateByName, callableByName, macroByName, namespaces } from "../catalog/functions.ts";
import type { FunctionRow } from "../catalog/rows.ts";
import { typeByName } from "../catalog/types.ts";
import { variables } from "../catalog/variables.ts";
import { printValueType } from "../semantics/print-value-type.ts";
import type { CallExpression } from "../syntax/ast.ts";
import { clausePlace, isClause, isDeclaration, optionPlace } from "./catalogue-at.ts";
import { isExpression } from "./definition.ts";
import { clauseDoc, connectorDoc, declarationDoc, flow, functionDoc, optionDoc, paragraphs, typeDoc } from "./docs.ts";
import { fieldIn } from "./fields.ts";
import { nameAt } from "./names.ts";
import { bare, holds, type Part, pathBefore } from "./syntax-path.ts";
import { thingDoc } from "./thing-doc.ts";
import { tokenHover } from "./token-hover.ts";
import type { Hover } from "./types.ts";
import type { Analysis, Workspace } from "./workspace.ts";

export function hover(ws: Workspace, path: string, offset: number): Hover | undefined {
  const analysis = ws.file(path);
  const parts = pathBefore(analysis.tree, offset);
  const thing = nameAt(ws, path, offset);
  if (thing) return { markdown: thingDoc(analysis, thing), span: thing.origin };
  return (
    catalogueHover(parts, offset) ?? expressionHover(analysis, parts, offset) ?? tokenHover(analysis, parts, offset)
  );
}

function catalogueHover(parts: readonly Part[], offset: number): Hover | undefined {
  const declaration = parts.find(isDeclaration);
  if (declaration && holds(declaration.keyword, offset)) {
    const row = declarations.find(({ keyword }) => keyword === declaration.kind);
    return row && { markdown: declarationDoc(row), span: bare(declaration.keyword) };
  }
  const at = clausePlace(parts);
  const inner = parts.at(-1)!;
  const parent = parts.at(-2);
  if (at?.clause && isClause(parent) && parent.keyword === inner) {
    const markdown = at.connector ? connectorDoc(at.connector) : at.row ? clauseDoc(at.row) : undefined;
    return markdown === undefined ? undefined : { markdown, span: bare(inner.span) };
  }
  const option = optionPlace(parts);
  if (option?.entry && option.option && holds(option.entry.key.span, offset))
    return { markdown: optionDoc(option.option), span: bare(option.entry.key.span) };
  if (inner.kind === "word" && at?.part) {
    const choice = at.part.choices?.find(({ name }) => "text" in inner && name === inner.text);
    return choice && { markdown: paragraphs(`\`${choice.name}\``, choice.doc), span: bare(inner.span) };
  }
  if (at?.argument?.words.some((word) => word === inner) && at.part)
    return { markdown: paragraphs(`\`${at.part.word ?? at.part.name}\``, at.part.doc), span: bare(inner.span) };
  const isTypeName = parent?.kind === "name" && "text" in inner;
  const row = isTypeName ? typeByName.get(String(inner.text)) : undefined;
  return row && { markdown: typeDoc(row), span: bare(inner.span) };
}

function expressionHover({ model }: Analysis, parts: readonly Part[], offset: number): Hover | undefined {
  const inner = parts.at(-1)!;
  const parent = parts.at(-2);
  if (parent && isCall(parent) && parent.name === inner) {
    const row = functionRow(parent);
    const type = model.typeOf.get(parent);
    if (!row) return undefined;
    const here = type ? `Here: \`${printValueType(type)}\`` : undefined;
    return { markdown: paragraphs(functionDoc(row), here), span: bare(inner.span) };
  }
  if (parent?.kind === "select" && isExpression(parent) && parent.kind === "select" && parent.field === inner) {
    const type = model.typeOf.get(parent);
    const field = fieldIn(model.typeOf.get(parent.of), parent.field.text, model.types);
    if (!type && !field) return undefined;
    const text = `${parent.field.text}${field?.optional ? "?" : ""}: ${printValueType(field?.type ?? type!)}`;
    return { markdown: paragraphs(flow(text), field?.doc), span: bare(inner.span) };
  }
  if (isExpression(inner) && inner.kind === "ident" && holds(inner.span, offset)) {
    const type = model.typeOf.get(inner);
    const row = variables.find(({ name }) => name === inner.name);
    if (!type && !row) return undefined;
    const text = type ? `${inner.name}: ${printValueType(type)}` : inner.name;
    return { markdown: paragraphs(flow(text), row?.doc), span: bare(inner.span) };
  }
  return undefined;
}

export const isCall = (part: Part | undefined): part is CallExpression => part?.kind === "call" && "arguments" in part;

/** The function of the catalogue that a call means. */
export function functionRow(call: CallExpression): FunctionRow | undefined {
  const { receiver } = call;
  const name = call.name.text;
  if (receiver?.kind === "ident" && namespaces.has(receiver.name)) {
    const full = `${receiver.name}.${name}`;
    return callableByName.get(full) ?? macroByName.get(full);
  }
  if (receiver) return macroByName.get(name) ?? callableByName.get(name);
  const aggregate = aggregateByName.get(name);
  const callable = callableByName.get(name);
  if (aggregate && !(call.arguments.length > 0 && callable?.style === "global")) return aggregate;
  return callable ?? macroByName.get(name);
}
