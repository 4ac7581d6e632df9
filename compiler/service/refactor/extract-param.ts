/** A selected literal becomes the default of a `param`, and the param stands in its place. */
import type { Expression } from "../../syntax/ast.ts";
import type { Edit } from "../types.ts";
import { freeName, nameFrom } from "./free-names.ts";
import type { Place, Refactorer } from "./refactoring.ts";
import {
  afterLine,
  gapAfter,
  isClause,
  isExpression,
  type Selected,
  selectedExpression,
  withComments,
} from "./selected.ts";

export const extractParam: Refactorer = (place) => {
  const selected = selectedExpression(place);
  const type = selected && typeOfConstant(selected.expression);
  if (!selected || type === undefined || !mayBeParam(selected, place)) return [];
  return [
    {
      title: "Extract to a param",
      kind: "refactor.extract.param",
      edits: () => extraction(selected, type, place),
    },
  ];
};

/** As it is written; undefined for what is no constant, or one that params do not have. */
function typeOfConstant(e: Expression): string | undefined {
  switch (e.kind) {
    case "string":
    case "int":
    case "double":
    case "bool":
    case "duration":
      return e.kind;
    case "unary":
      return e.operator === "-" && (e.of.kind === "int" || e.of.kind === "double") ? e.of.kind : undefined;
    case "list": {
      const types = new Set(e.items.map(({ value, optional }) => (optional ? undefined : typeOfConstant(value))));
      const [type] = types;
      return types.size === 1 && type !== undefined ? `[${type}]` : undefined;
    }
    default:
      return undefined;
  }
}

/** In what is computed, in options of connectors, and where a clause takes a duration. */
function mayBeParam({ expression, around }: Selected, { analysis: { model } }: Place): boolean {
  const [file, declaration] = around;
  if (file?.kind !== "file" || declaration === undefined) return false;
  if (["test", "param", "import"].includes(declaration.kind ?? "")) return false;
  const clause = around.findLast(isClause);
  const holder = around.at(-1);
  if (isOption(holder) && clause?.row?.startsWith("connector.") === true) return !around.some(isSecret);
  if (isPartOfLarger(around, expression)) return false;
  if (model.typeOf.has(expression)) return true;
  return expression.kind === "duration" && clause?.arguments.some(({ value }) => value === expression) === true;
}

const isOption = (part: unknown): part is { readonly key: { readonly text: string } } =>
  typeof part === "object" && part !== null && "kind" in part && part.kind === "field" && "key" in part;

const isSecret = (part: object): boolean =>
  "name" in part && typeof part.name === "object" && part.name !== null && "text" in part.name
    ? part.name.text === "secret"
    : false;

/** The name of a field in brackets, and a number without its sign. */
function isPartOfLarger(around: Selected["around"], expression: Expression): boolean {
  const holder = around.at(-1);
  if (!isExpression(holder)) return false;
  return holder.kind === "unary" || (holder.kind === "index" && holder.index === expression);
}

function extraction({ expression, around }: Selected, type: string, place: Place): readonly Edit[] {
  const { analysis, path, text } = place;
  const name = freeName(nameOf({ expression, around }), analysis.model);
  const { start, end } = expression.span;
  const declared = isDoubleBeside({ expression, around }, place) && type === "int" ? "double" : type;
  const param = `param ${name}: ${declared} = ${text.slice(start, end)}`;
  return [
    { file: path, ...paramPlace(place, param) },
    { file: path, start, end, newText: name },
  ];
}

/** An int stands for a double where the other operand is one. */
function isDoubleBeside({ expression, around }: Selected, { analysis: { model } }: Place): boolean {
  const holder = around.at(-1);
  if (!isExpression(holder) || holder.kind !== "binary") return false;
  const other = holder.left === expression ? holder.right : holder.left;
  return model.typeOf.get(other)?.kind === "double";
}

function nameOf({ expression, around }: Selected): string {
  const holder = around.at(-1);
  if (isOption(holder)) return nameFrom(holder.key.text, "value");
  if (isExpression(holder) && holder.kind === "binary") {
    const other = holder.left === expression ? holder.right : holder.left;
    if (other.kind === "select") return nameFrom(`${other.field.text}_limit`, "value");
  }
  const clause = around.findLast(isClause);
  return expression.kind === "duration" && clause ? nameFrom(`${clause.keyword.text}_time`, "value") : "value";
}

/** After the last param, else after the imports, else after the header, else at the beginning. */
function paramPlace({ analysis: { tree }, text }: Place, param: string): Omit<Edit, "file"> {
  const { declarations } = tree;
  const last = (kind: string) => declarations.findLast((one) => one.kind === kind);
  const otherParam = last("param");
  const before = otherParam ?? last("import") ?? last("pipeline");
  if (before) {
    const at = afterLine(tree, text, before.span.end);
    return { start: at, end: at, newText: `${otherParam ? "\n" : "\n\n"}${param}${gapAfter(text, at)}` };
  }
  const first = declarations[0];
  const at = first ? withComments(tree, text, first).start : 0;
  return { start: at, end: at, newText: `${param}\n\n` };
}
