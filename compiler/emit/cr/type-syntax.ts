/** Value types as the syntax of types, to be printed: `{ id: string, note?: string }`. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Span } from "../../source/span.ts";
import type { Literal, Name, TypeExpression } from "../../syntax/ast.ts";
import { stringText } from "./constant-text.ts";

/** Every node gets the span; nothing in it was written there. */
export function typeSyntax(type: ValueType, span: Span = { start: 0, end: 0 }): TypeExpression {
  const name = (text: string): Name => ({ text, span });
  switch (type.kind) {
    case "literal":
      return { kind: "literal", span, literal: literalSyntax(type.value, span) };
    case "union":
      return { kind: "union", span, members: type.members.map((member) => typeSyntax(member, span)) };
    case "list":
      return { kind: "list", span, element: typeSyntax(type.element, span) };
    case "map":
      return { kind: "map", span, key: typeSyntax(type.key, span), value: typeSyntax(type.value, span) };
    case "record":
      return {
        kind: "record",
        span,
        fields: type.fields.map((field) => ({
          span,
          ...(field.doc === undefined ? {} : { doc: field.doc }),
          name: name(field.name),
          optional: field.optional,
          type: typeSyntax(field.type, span),
        })),
      };
    case "optional":
      return typeSyntax(type.of, span);
    case "ref":
      return { kind: "name", span, name: name(type.name) };
    default:
      return { kind: "name", span, name: name(type.kind === "unknown" ? "any" : type.kind) };
  }
}

function literalSyntax(value: string | number | boolean, span: Span): Literal {
  if (typeof value === "string") return { kind: "string", span, value, raw: stringText(value) };
  if (typeof value === "boolean") return { kind: "bool", span, value };
  if (Number.isSafeInteger(value)) return { kind: "int", span, value: BigInt(value), raw: String(value) };
  return { kind: "double", span, value, raw: String(value) };
}
