/** The value type of a written type, where it was checked before and nothing is to be reported: a parameter of a function. */
import { typeByName } from "../../catalog/types.ts";
import type { ScalarKind, TypeTable, ValueType } from "../../contract/value-type.ts";
import type { Literal, TypeExpression } from "../../syntax/ast.ts";
import { listOf, mapOf, recordOf, unionOf, unknownType } from "../types.ts";

export function writtenType(t: TypeExpression, types: TypeTable): ValueType {
  switch (t.kind) {
    case "name":
      if (typeByName.has(t.name.text)) return { kind: t.name.text as ScalarKind };
      return Object.hasOwn(types, t.name.text) ? { kind: "ref", name: t.name.text } : unknownType;
    case "literal":
      return literalType(t.literal);
    case "list":
      return listOf(writtenType(t.element, types));
    case "map":
      return mapOf(writtenType(t.key, types), writtenType(t.value, types));
    case "record":
      return recordOf(
        t.fields.map(({ name, optional, doc, type }) => ({
          name: name.text,
          type: writtenType(type, types),
          optional,
          ...(doc === undefined ? {} : { doc }),
        })),
      );
    case "union":
      return unionOf(t.members.map((member) => writtenType(member, types)));
    case "error":
      return unknownType;
  }
}

function literalType(literal: Literal): ValueType {
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
      return unknownType;
  }
}
