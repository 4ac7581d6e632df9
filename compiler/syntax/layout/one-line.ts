/**
 * Expressions and types → canonical text of one line: what `DeclarationPrinter` gives where there is room without end, but
 * with no document in between, as it is done for every expression of a pipeline.
 */
import type {
  CallExpression,
  Expression,
  ListExpression,
  RecordEntry,
  RecordExpression,
  TypeExpression,
  TypeField,
} from "../ast.ts";
import { mapKeyTypes } from "../grammar/types.ts";
import { withoutParentheses } from "./brackets.ts";
import { isPlainKey, rateText } from "./collections.ts";
import { conditionalLevel, levelOf, postfixLevel, precedence, unaryLevel } from "./levels.ts";
import { canBeBackquoted, isBareField, printKey, printLiteral, quoted } from "./literals.ts";

/** `least`: an expression that binds less is put in parentheses. */
export function expressionText(expression: Expression, least = conditionalLevel): string {
  const bare = withoutParentheses(expression);
  const text = bareText(bare);
  return levelOf(bare) < least ? `(${text})` : text;
}

function bareText(e: Expression): string {
  switch (e.kind) {
    case "ident":
      return e.name;
    case "select":
    case "call":
    case "index":
      return chainText(e);
    case "unary":
      return e.operator + expressionText(e.of, unaryLevel);
    case "binary":
      return binaryText(e);
    case "conditional": {
      const branches = `${expressionText(e.then, conditionalLevel + 1)} : ${expressionText(e.else)}`;
      return `${expressionText(e.test, conditionalLevel + 1)} ? ${branches}`;
    }
    case "list":
      return listText(e);
    case "record":
      return recordText(e);
    case "parentheses":
      return `(${expressionText(e.of)})`;
    case "error":
      return "";
    default:
      return printLiteral(e, true);
  }
}

/** Without recursion to the left, where chains of operators grow. */
function binaryText(e: Extract<Expression, { readonly kind: "binary" }>): string {
  const level = precedence[e.operator]!;
  const links = [e];
  let first = withoutParentheses(e.left);
  while (first.kind === "binary" && precedence[first.operator] === level) {
    links.push(first);
    first = withoutParentheses(first.left);
  }
  let text = expressionText(first, level);
  for (let i = links.length - 1; i >= 0; i--) {
    const link = links[i]!;
    text += ` ${link.operator} ${expressionText(link.right, level + 1)}`;
  }
  return text;
}

function chainText(e: Expression): string {
  const links: Expression[] = [];
  let head = e;
  for (let of = operandOf(head); of !== undefined; of = operandOf(head)) {
    links.push(head);
    head = withoutParentheses(of);
  }
  let text = head.kind === "call" ? callText(head) : expressionText(head, postfixLevel);
  for (let i = links.length - 1; i >= 0; i--) text += linkText(links[i]!);
  return text;
}

function operandOf(e: Expression): Expression | undefined {
  if (e.kind === "select" || e.kind === "index") return e.of;
  return e.kind === "call" ? e.receiver : undefined;
}

function linkText(link: Expression): string {
  if (link.kind === "call") return `.${callText(link)}`;
  if (link.kind === "index") return `[${link.optional ? "?" : ""}${expressionText(link.index)}]`;
  if (link.kind !== "select") return "";
  const field = link.field.text;
  const dot = link.optional ? ".?" : ".";
  if (isBareField(field) || field === "") return dot + field;
  return canBeBackquoted(field) ? `${dot}\`${field}\`` : `[${link.optional ? "?" : ""}${quoted(field)}]`;
}

function callText(e: CallExpression): string {
  let text = `${e.name.text}(`;
  let separator = "";
  for (const argument of e.arguments) {
    text += separator + expressionText(argument);
    separator = ", ";
  }
  return `${text})`;
}

function listText(e: ListExpression): string {
  let text = "[";
  let separator = "";
  for (const item of e.items) {
    text += separator + (item.optional ? "?" : "") + expressionText(item.value);
    separator = ", ";
  }
  return `${text}]`;
}

function recordText(e: RecordExpression): string {
  if (e.entries.length === 0) return "{}";
  let text = "{ ";
  let separator = "";
  for (const entry of e.entries) {
    text += separator + entryText(entry);
    separator = ", ";
  }
  return `${text} }`;
}

function entryText(entry: RecordEntry): string {
  if (entry.kind === "spread") return `...${expressionText(entry.value)}`;
  const mark = entry.optional ? "?" : "";
  if (entry.kind === "field")
    return `${mark}${printKey(entry.key.text)}: ${rateText(entry.value) ?? expressionText(entry.value)}`;
  const key = withoutParentheses(entry.key);
  const keyText = isPlainKey(key) ? expressionText(key, conditionalLevel + 1) : `(${expressionText(key)})`;
  return `${mark}${keyText}: ${expressionText(entry.value)}`;
}

export function typeText(type: TypeExpression): string {
  switch (type.kind) {
    case "name":
      return type.name.text;
    case "literal":
      return printLiteral(type.literal, true);
    case "list":
      return `[${typeText(type.element)}]`;
    case "map":
      return `{${typeText(type.key)}: ${typeText(type.value)}}`;
    case "record":
      return type.fields.length === 0 ? "{}" : `{ ${type.fields.map(fieldText(type.fields.length === 1)).join(", ")} }`;
    case "union":
      return type.members.map(typeText).join(" | ");
    case "error":
      return "";
  }
}

/** The only field of a record must not look like the key of a map. */
const fieldText =
  (isOnly: boolean) =>
  ({ name: { text }, optional, type }: TypeField): string => {
    const looksLikeMap = isOnly && !optional && mapKeyTypes.has(text);
    return `${looksLikeMap || !isBareField(text) ? quoted(text) : text}${optional ? "?" : ""}: ${typeText(type)}`;
  };
