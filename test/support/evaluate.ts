/** Evaluates the text of an expression through parser, checker and code generator, as a pipeline would. */
import type { ValueType } from "../../compiler/contract/value-type.ts";
import { checkExpression } from "../../compiler/semantics/expressions/check-expression.ts";
import { emptyScope } from "../../compiler/semantics/expressions/scope.ts";
import { type Diagnostic, reporter } from "../../compiler/source/diagnostic.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import type { TypeExpression } from "../../compiler/syntax/ast.ts";
import { parseExpression, parseType } from "../../compiler/syntax/parse.ts";
import { compileExpression } from "../../runtime/expr/compile-expression.ts";

/** @param type of `data`, as .flow writes it: scalars, lists, maps and records; nothing named */
export function evaluate(text: string, data: unknown = {}, type = "any"): unknown {
  const parsed = parseExpression(sourceText("test.flow", text));
  const found: Diagnostic[] = [...parsed.diagnostics];
  const variables = new Map([["data", valueType(parseType(sourceText("type.flow", type)).type)]]);
  const { tree } = checkExpression(
    parsed.expression,
    { ...emptyScope("test.flow"), variables },
    reporter("test.flow", found),
  );
  if (found.length > 0) throw new Error(found.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return compileExpression(tree, ["data"])(data);
}

function valueType(type: TypeExpression): ValueType {
  switch (type.kind) {
    case "name":
      return { kind: type.name.text } as ValueType;
    case "list":
      return { kind: "list", element: valueType(type.element) };
    case "map":
      return { kind: "map", key: valueType(type.key), value: valueType(type.value) };
    case "record":
      return {
        kind: "record",
        fields: type.fields.map(({ name, optional, type: of }) => ({ name: name.text, optional, type: valueType(of) })),
      };
    default:
      throw new Error(`a test does not use ${type.kind} types`);
  }
}
