/** A constant written as an expression: how a param's value enters an expression and the text of the custom resource. */
import type { TypeTable, ValueType } from "../../contract/value-type.ts";
import type { Span } from "../../source/span.ts";
import type { Expression, RecordEntry } from "../../syntax/ast.ts";
import type { Constant } from "../model.ts";
import { asMap, fieldOf, membersOf, resolveType, unknownType } from "../types.ts";

/** Undefined for what is no value of an expression: a rate, a secret. A whole number whose type is double is written as one. */
export function constantExpression(
  value: Constant,
  type: ValueType,
  span: Span,
  types: TypeTable,
): Expression | undefined {
  if (value === null) return { kind: "null", span };
  switch (typeof value) {
    case "string":
      return { kind: "string", span, value, raw: JSON.stringify(value) };
    case "boolean":
      return { kind: "bool", span, value };
    case "number":
    case "bigint":
      return numberExpression(value, type, span, types);
  }
  if (Array.isArray(value)) return listExpression(value as readonly Constant[], type, span, types);
  return objectExpression(value as ObjectConstant, type, span, types);
}

type ObjectConstant = Extract<Constant, { readonly kind: string }>;

function numberExpression(value: number | bigint, type: ValueType, span: Span, types: TypeTable): Expression {
  const wantsDouble = membersOf(type, types).some((member) => member.kind === "double");
  if (wantsDouble || (typeof value === "number" && !Number.isInteger(value))) {
    const amount = Math.abs(Number(value));
    return signed(Number(value) < 0, { kind: "double", span, value: amount, raw: doubleText(amount) });
  }
  const amount = BigInt(value);
  const size = amount < 0n ? -amount : amount;
  if (membersOf(type, types).some((member) => member.kind === "uint"))
    return { kind: "uint", span, value: size, raw: `${size}u` };
  return signed(amount < 0n, { kind: "int", span, value: size, raw: String(size) });
}

const doubleText = (value: number): string => (Number.isInteger(value) && value < 1e21 ? `${value}.0` : String(value));
const signed = (negative: boolean, of: Expression): Expression =>
  negative ? { kind: "unary", span: of.span, operator: "-", of } : of;

function listExpression(
  values: readonly Constant[],
  type: ValueType,
  span: Span,
  types: TypeTable,
): Expression | undefined {
  const resolved = resolveType(type, types);
  const element = resolved.kind === "list" ? resolved.element : unknownType;
  const items = values.map((value) => constantExpression(value, element, span, types));
  if (items.some((item) => item === undefined)) return undefined;
  return { kind: "list", span, items: items.map((value) => ({ value: value!, optional: false, span })) };
}

function objectExpression(
  value: ObjectConstant,
  type: ValueType,
  span: Span,
  types: TypeTable,
): Expression | undefined {
  switch (value.kind) {
    case "duration": {
      const nanos = BigInt(Math.round(value.ms * 1e6));
      return signed(nanos < 0n, {
        kind: "duration",
        span,
        nanos: nanos < 0n ? -nanos : nanos,
        raw: value.text.replace(/^-/, ""),
      });
    }
    case "timestamp": {
      const text: Expression = { kind: "string", span, value: value.text, raw: JSON.stringify(value.text) };
      return { kind: "call", span, name: { text: "timestamp", span }, arguments: [text] };
    }
    case "size":
      return { kind: "size", span, bytes: value.bytes, raw: value.text };
    case "record":
      return recordExpression(value.entries, type, span, types);
    default:
      return undefined;
  }
}

function recordExpression(
  entries: readonly (readonly [string, Constant])[],
  type: ValueType,
  span: Span,
  types: TypeTable,
): Expression | undefined {
  const resolved = resolveType(type, types);
  const result: RecordEntry[] = [];
  for (const [name, constant] of entries) {
    const fieldType = resolved.kind === "record" ? fieldOf(resolved, name)?.type : asMap(resolved, types)?.value;
    const value = constantExpression(constant, fieldType ?? unknownType, span, types);
    if (!value) return undefined;
    const quoted = !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
    result.push({ kind: "field", span, key: { text: name, span }, quoted, optional: false, value });
  }
  return { kind: "record", span, entries: result };
}
