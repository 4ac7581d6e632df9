/** Expressions: names, calls, records and operators. */
import { functions, namespaces } from "../../catalog/functions.ts";
import { variables } from "../../catalog/variables.ts";
import { nextDeclaration } from "./next-declaration.ts";
import { captures, include, oneOf, type Rule } from "./text-mate.ts";

const brackets = (begin: string, end: string, patterns: readonly Rule[]): Rule => ({
  begin,
  beginCaptures: { 0: { name: "punctuation.section.brackets.begin.flow" } },
  end: `${end}|${nextDeclaration}`,
  endCaptures: { 0: { name: "punctuation.section.brackets.end.flow" } },
  patterns,
});

/** What is written `name(…)`; those of a namespace by their last part, and the receiver's too. */
const called = oneOf([
  ...functions.filter(({ style }) => style !== "operator").map(({ name }) => name.slice(name.indexOf(".") + 1)),
  "secret",
]);

export function expressionRules(): Readonly<Record<string, Rule>> {
  return {
    expression: {
      patterns: [
        ...include("comments", "strings", "quoted-names", "numbers", "calls", "names", "operators"),
        brackets("\\{", "\\}", include("record")),
        brackets("\\[", "\\]", include("expression")),
        brackets("\\(", "\\)", include("expression")),
      ],
    },
    record: {
      patterns: [
        ...include("comments"),
        {
          match: "(?:^|(?<=[{,]))\\s*(\\??)\\s*([A-Za-z_]\\w*)\\s*(:)",
          captures: captures(
            "keyword.operator.optional.flow",
            "variable.other.property.flow",
            "punctuation.separator.key-value.flow",
          ),
        },
        ...include("expression"),
      ],
    },
    calls: {
      patterns: [
        {
          match: `\\b(${oneOf(namespaces)})(\\.)(?=[A-Za-z_]\\w*\\()`,
          captures: captures("support.class.flow", "punctuation.accessor.flow"),
        },
        { name: "support.function.flow", match: `\\b(?:${called})(?=\\()` },
        { name: "entity.name.function.call.flow", match: "\\b[A-Za-z_]\\w*(?=\\()" },
      ],
    },
    names: {
      patterns: [
        {
          match: "(\\.)(\\??)([A-Za-z_]\\w*|`[^`\\r\\n]*`)",
          captures: captures(
            "punctuation.accessor.flow",
            "keyword.operator.optional.flow",
            "variable.other.property.flow",
          ),
        },
        { name: "constant.language.flow", match: "\\b(?:true|false|null)\\b" },
        { name: "keyword.control.in.flow", match: "\\bin\\b" },
        { name: "support.variable.flow", match: `\\b(?:${oneOf(variables.map(({ name }) => name))})\\b` },
        { name: "variable.other.flow", match: "[A-Za-z_]\\w*" },
      ],
    },
    operators: {
      patterns: [
        { name: "keyword.operator.spread.flow", match: "\\.\\.\\." },
        { name: "keyword.operator.range.flow", match: "\\.\\." },
        { name: "keyword.operator.comparison.flow", match: "===?|!==?|=~|<=|>=|<>|<|>" },
        { name: "keyword.operator.logical.flow", match: "&&?|\\|\\||!" },
        { name: "keyword.operator.arithmetic.flow", match: "[-+*/%]" },
        { name: "keyword.operator.assignment.flow", match: "=" },
        { name: "keyword.operator.conditional.flow", match: "\\?" },
        { name: "keyword.operator.type.flow", match: "\\|" },
        { name: "punctuation.separator.flow", match: "[,:;.]" },
      ],
    },
  };
}
