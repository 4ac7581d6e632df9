/** Turns written types into value types; reports names that are no type, and maps whose key cannot be one. */
import type { RecordField, ScalarKind, ValueType } from "../contract/value-type.ts";
import type { Report } from "../source/diagnostic.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { Literal, TypeExpression, TypeField } from "../syntax/ast.ts";
import { type Names, use } from "./program.ts";
import { scalarTypeNames } from "./reserved.ts";
import { anyType, unionOf, unknownType } from "./types.ts";

export interface TypeScope {
  readonly file: string;
  readonly report: Report;
  readonly names: Names;
}

const scalars: ReadonlyMap<string, ValueType> = new Map(
  [...scalarTypeNames].map((name) => [name, { kind: name as ScalarKind }]),
);

/** The parser bounds nesting, so recursion is safe here. */
export function typeOfExpression(t: TypeExpression | undefined, scope: TypeScope): ValueType {
  if (!t) return anyType;
  switch (t.kind) {
    case "name":
      return namedType(t, scope);
    case "literal":
      return literalType(t.literal, scope);
    case "list":
      return { kind: "list", element: typeOfExpression(t.element, scope) };
    case "map":
      return mapType(t, scope);
    case "record":
      return { kind: "record", fields: recordFields(t.fields, scope) };
    case "union":
      return unionOf(t.members.map((member) => typeOfExpression(member, scope)));
    default:
      return unknownType;
  }
}

function namedType(t: Extract<TypeExpression, { readonly kind: "name" }>, scope: TypeScope): ValueType {
  const { text } = t.name;
  if (text === "") return unknownType;
  const scalar = scalars.get(text);
  if (scalar) return scalar;
  const symbol = scope.names.types.get(text);
  if (symbol) {
    use(symbol, scope.file, t.name.span);
    return { kind: "ref", name: text };
  }
  const near = nearest(text, [...scalars.keys(), ...scope.names.types.keys()]) ?? otherName.get(text.toLowerCase());
  const meant = near === undefined ? undefined : scope.names.types.get(near);
  if (meant) use(meant, scope.file, t.name.span);
  const fixes =
    near === undefined
      ? []
      : [{ title: `Change to '${near}'`, edits: [{ file: scope.file, ...t.name.span, newText: near }] }];
  scope.report("FLOW2002", t.name.span, { name: text, near: didYouMean(near) }, { fixes });
  return unknownType;
}

/** What other languages call our types. */
const otherName: ReadonlyMap<string, string> = new Map([
  ["number", "double"],
  ["float", "double"],
  ["float64", "double"],
  ["long", "int"],
  ["integer", "int"],
  ["int64", "int"],
  ["boolean", "bool"],
  ["text", "string"],
  ["str", "string"],
  ["datetime", "timestamp"],
  ["date", "timestamp"],
  ["object", "any"],
  ["json", "any"],
  ["dyn", "any"],
]);

function literalType(literal: Literal, scope: TypeScope): ValueType {
  switch (literal.kind) {
    case "string":
    case "bool":
    case "double":
      return { kind: "literal", value: literal.value };
    case "int":
    case "uint":
      return { kind: "literal", value: Number(literal.value) };
    case "null":
      return { kind: "null" };
    default:
      scope.report("FLOW3501", literal.span, {
        what: "A type",
        expected: "a name, a record, a list or a literal of text or number",
        found: `a ${literal.kind}`,
      });
      return unknownType;
  }
}

const keyKinds = new Set(["bool", "int", "uint", "string", "unknown"]);

function mapType(t: Extract<TypeExpression, { readonly kind: "map" }>, scope: TypeScope): ValueType {
  const key = typeOfExpression(t.key, scope);
  if (!keyKinds.has(key.kind) && key.kind !== "ref" && key.kind !== "union" && key.kind !== "literal") {
    scope.report("FLOW3501", t.key.span, {
      what: "The key of a map",
      expected: "string, int, uint or bool",
      found: key.kind,
    });
  }
  return { kind: "map", key, value: typeOfExpression(t.value, scope) };
}

function recordFields(fields: readonly TypeField[], scope: TypeScope): RecordField[] {
  const byName = new Map<string, RecordField>();
  for (const field of fields) {
    const { name, doc, optional } = field;
    if (byName.has(name.text)) scope.report("FLOW2012", name.span, { name: name.text, what: "field" });
    const type = typeOfExpression(field.type, scope);
    byName.set(name.text, { name: name.text, type, optional, ...(doc === undefined ? {} : { doc }) });
  }
  return [...byName.values()];
}
