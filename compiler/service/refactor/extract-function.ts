/** The selected expression becomes a `fn` before its declaration; the values that it reads become typed parameters. */
import { aggregateByName } from "../../catalog/functions.ts";
import type { ValueType } from "../../contract/value-type.ts";
import { printValueType } from "../../semantics/types.ts";
import type { Declaration, Expression } from "../../syntax/ast.ts";
import { allParts, type Part } from "../syntax-path.ts";
import type { Edit } from "../types.ts";
import { freeName, nameFrom } from "./free-names.ts";
import { applyEdits } from "./lay-out.ts";
import { impossible, type Place, type Refactorer } from "./refactoring.ts";
import { isClause, type Selected, selectedExpression, withComments } from "./selected.ts";
import { freeValues, isCall, variablesAround } from "./variables.ts";

const title = "Extract to a function";
const kind = "refactor.extract.function";

export const extractFunction: Refactorer = (place) => {
  const selected = selectedExpression(place);
  const declaration = selected?.around.find((part): part is Declaration => "keyword" in part);
  if (!selected || !declaration || !isComputed(selected, place) || declaration.kind === "test") return [];
  const reason = reasonAgainst(selected.expression, place);
  if (reason) return [impossible(title, kind, reason)];
  return [{ title, kind, edits: () => extraction(selected, declaration, place) }];
};

/** Literals and names alone have nothing in them that a function could say; constants of connectors are not computed. */
function isComputed({ expression, around }: Selected, { analysis: { model } }: Place): boolean {
  const bare = withoutParentheses(expression);
  const isPlain = ["ident", "select", "string", "bytes", "bool", "null", "duration", "size"].includes(bare.kind);
  return !isPlain && typeOf(expression, model.typeOf) !== undefined && !around.some(isBinder(expression));
}

/** The name that a macro binds is no expression. */
const isBinder = (e: Expression) => (part: Part) => isCall(part) && part.arguments[0] === e && e.kind === "ident";

function reasonAgainst(e: Expression, { analysis: { model } }: Place): string | undefined {
  if (isLoneNumber(e)) return "A number alone takes its type from what stands around it. Extract it to a param.";
  const tables = new Set(model.nodes.flatMap((node) => (node.kind === "table" ? [node.name] : [])));
  for (const part of allParts(e)) {
    if (isCall(part) && !part.receiver && aggregateByName.has(part.name.text) && !model.functions.has(part.name.text))
      return `'${part.name.text}' is an aggregate, which stands only in the 'emit' and 'where' of a window or chunk.`;
    if (part.kind === "ident" && "name" in part && tables.has(String(part.name)))
      return `It looks up '${String(part.name)}', and functions do not see tables.`;
  }
  return undefined;
}

/** What adapts to a double where one is wanted, and would not behind a call. */
function isLoneNumber(e: Expression): boolean {
  const bare = withoutParentheses(e);
  if (bare.kind === "unary") return bare.operator === "-" && isLoneNumber(bare.of);
  if (bare.kind === "list") return bare.items.some(({ value }) => isLoneNumber(value));
  return bare.kind === "int" || bare.kind === "uint" || bare.kind === "double";
}

function withoutParentheses(e: Expression): Expression {
  let bare = e;
  while (bare.kind === "parentheses") bare = bare.of;
  return bare;
}

const typeOf = (e: Expression, types: ReadonlyMap<Expression, ValueType>): ValueType | undefined =>
  types.get(e) ?? types.get(withoutParentheses(e));

function extraction(selected: Selected, declaration: Declaration, place: Place): readonly Edit[] {
  const { analysis, path, text } = place;
  const { expression } = selected;
  const name = freeName(nameOf(selected), analysis.model);
  const taken = new Set([name, ...namesIn(expression)]);
  const parameters = freeValues(expression, variablesAround(selected.around)).map(({ path: of, uses }) => {
    const parameter = freeName(nameFrom(of.at(-1)!, "value"), analysis.model, taken);
    taken.add(parameter);
    const type = uses.map((use) => analysis.model.typeOf.get(use)).find((one) => one !== undefined);
    return { name: parameter, type: written(type), uses };
  });
  const { start, end } = expression.span;
  const inBody = parameters.flatMap((parameter) =>
    parameter.uses.map(({ span }) => edit(path, span.start - start, span.end - start, parameter.name)),
  );
  const body = applyEdits(text.slice(start, end), inBody);
  const head = parameters.map((one) => one.name + one.type).join(", ");
  const call = parameters.map(({ uses: [use] }) => text.slice(use!.span.start, use!.span.end)).join(", ");
  const at = withComments(analysis.tree, text, declaration).start;
  const result = written(typeOf(expression, analysis.model.typeOf));
  return [edit(path, at, at, `fn ${name}(${head})${result} = ${body}\n\n`), edit(path, start, end, `${name}(${call})`)];
}

const edit = (file: string, start: number, end: number, newText: string): Edit => ({ file, start, end, newText });

const longestType = 80;

/** `: int`; nothing for what cannot be written, or is too long to be read. */
function written(type: ValueType | undefined): string {
  if (!type || !isWritable(type)) return "";
  const text = printValueType(type);
  return text.length > longestType ? "" : `: ${text}`;
}

function isWritable(type: ValueType): boolean {
  switch (type.kind) {
    case "optional":
    case "unknown":
    case "type":
      return false;
    case "list":
      return isWritable(type.element);
    case "map":
      return isWritable(type.key) && isWritable(type.value);
    case "union":
      return type.members.every(isWritable);
    case "record":
      return type.fields.every((field) => isWritable(field.type));
    default:
      return true;
  }
}

/** Of the field that it is the value of, else of the clause. */
function nameOf({ expression, around }: Selected): string {
  const holder = around.at(-1);
  if (holder?.kind === "field" && "key" in holder && "value" in holder && holder.value === expression)
    return nameFrom(textIn(holder.key), "extracted");
  const clause = around.findLast(isClause);
  const set = clause?.arguments.find(({ value }) => value.kind === "path")?.value;
  if (clause && set?.kind === "path" && clause.arguments.some(({ value }) => value === expression))
    return nameFrom(set.steps.map(({ text }) => text).join("_"), "extracted");
  return "extracted";
}

const textIn = (part: unknown): string =>
  typeof part === "object" && part !== null && "text" in part ? String(part.text) : "";

function namesIn(e: Expression): readonly string[] {
  return [...allParts(e)].flatMap((part) => (part.kind === "ident" && "name" in part ? [String(part.name)] : []));
}
