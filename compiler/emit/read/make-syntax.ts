/** Makes syntax nodes out of values of a custom resource. Every node carries the span of the YAML it stands for. */
import type { Diagnostic } from "../../source/diagnostic.ts";
import { type SourceText, sourceText } from "../../source/source-text.ts";
import type { Span } from "../../source/span.ts";
import type { ArgumentValue, Expression, Name, RecordEntry, TypeExpression } from "../../syntax/ast.ts";
import { parseExpression, parseType } from "../../syntax/parse.ts";
import { multilineText, stringText } from "../cr/constant-text.ts";
import type { YamlNode } from "./yaml-tree.ts";

export const nameAt = (text: string, span: Span): Name => ({ text, span });
export const stringAt = (value: string, span: Span): Expression => ({
  kind: "string",
  span,
  value,
  raw: stringText(value),
});

/** In triple quotes where it has more than one line. */
export const multilineAt = (value: string, span: Span): Expression => ({
  kind: "string",
  span,
  value,
  raw: multilineText(value),
});

export function numberAt(value: number | bigint, span: Span): Expression {
  if (value < 0) return { kind: "unary", span, operator: "-", of: numberAt(-value, span) };
  if (typeof value === "bigint" || Number.isInteger(value))
    return { kind: "int", span, value: BigInt(value), raw: BigInt(value).toString() };
  return { kind: "double", span, value, raw: String(value) };
}

const isIdentifier = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);

/** A bare word where it can be one, else a string. */
export const wordOrStringAt = (text: string, span: Span): Expression =>
  isIdentifier(text) ? { kind: "ident", span, name: text } : stringAt(text, span);

export function fieldAt(key: string, value: Expression, span: Span): RecordEntry {
  const quoted = !isIdentifier(key) || key === "true" || key === "false" || key === "null";
  return { kind: "field", span, key: nameAt(key, span), quoted, optional: false, value };
}

export const recordAt = (entries: readonly RecordEntry[], span: Span): Expression => ({
  kind: "record",
  span,
  entries,
});

export function listAt(values: readonly Expression[], span: Span): Expression {
  return { kind: "list", span, items: values.map((value) => ({ value, optional: false, span: value.span })) };
}

export const secretAt = (name: string, key: string, span: Span): Expression => ({
  kind: "call",
  span,
  name: nameAt("secret", span),
  arguments: [stringAt(name, span), stringAt(key, span)],
});

/** An expression, where it stands when the YAML shows its characters as they are; else it all stands at the scalar. */
export function expressionAt(node: YamlNode, source: SourceText, into: Diagnostic[]): Expression {
  if (node.kind !== "scalar" || typeof node.value !== "string") return { kind: "error", span: node.span };
  if (node.verbatim) {
    const { expression, diagnostics } = parseExpression(source, node.verbatim);
    into.push(...diagnostics);
    return expression;
  }
  const { expression, diagnostics } = parseExpression(sourceText(source.path, node.value));
  into.push(...diagnostics.map((one) => moved(one, node.span)));
  return respan(expression, node.span);
}

export function typeAt(node: YamlNode, source: SourceText, into: Diagnostic[]): TypeExpression {
  if (node.kind !== "scalar" || typeof node.value !== "string") return { kind: "error", span: node.span };
  if (node.verbatim) {
    const { type, diagnostics } = parseType(source, node.verbatim);
    into.push(...diagnostics);
    return type;
  }
  const { type, diagnostics } = parseType(sourceText(source.path, node.value));
  into.push(...diagnostics.map((one) => moved(one, node.span)));
  return respan(type, node.span);
}

const moved = (diagnostic: Diagnostic, span: Span): Diagnostic => ({
  ...diagnostic,
  at: { file: diagnostic.at.file, ...span },
  related: [],
  fixes: [],
});

/** A copy of a tree in which everything stands at `span`. */
function respan<T extends Expression | TypeExpression>(tree: T, span: Span): T {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, /^(span|operatorSpan)$/.test(key) ? span : copy(one)]),
    );
  };
  return copy(tree) as T;
}

const step = /\.([A-Za-z_][A-Za-z0-9_]*)|\.?("(?:[^"\\]|\\.)*")|\[("(?:[^"\\]|\\.)*")\]/y;

/** `data.a."b c"`; undefined when it is no path. */
export function pathAt(text: string, span: Span): ArgumentValue | undefined {
  if (!text.startsWith("data")) return undefined;
  const steps: Name[] = [];
  step.lastIndex = "data".length;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    const name = match && (match[1] ?? unquoted(match[2] ?? match[3]!));
    if (name === undefined || name === null) return undefined;
    steps.push(nameAt(name, span));
  }
  return steps.length > 0 ? { kind: "path", span, root: nameAt("data", span), steps } : undefined;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
