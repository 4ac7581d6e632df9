/**
 * The TextMate grammar: what an editor colours before, or without, the language server. Its words come from the catalogue, its
 * literals follow the scanner; a test compares both, token by token. Scopes are those that themes know.
 */
import { clausesOf } from "../../catalog/clauses.ts";
import { connectors } from "../../catalog/connectors.ts";
import { declarations } from "../../catalog/declarations.ts";
import type { Part, Place } from "../../catalog/rows.ts";
import { types } from "../../catalog/types.ts";
import { variables } from "../../catalog/variables.ts";
import { embeddedRules } from "./grammar-embedded.ts";
import { expressionRules } from "./grammar-expressions.ts";
import { literalRules } from "./grammar-literals.ts";
import { nextDeclaration } from "./next-declaration.ts";
import { captures, type Grammar, include, oneOf, type Rule } from "./text-mate.ts";

const scalars = oneOf(types.map((row) => row.name));
const name = "([A-Za-z_]\\w*|`[^`\\r\\n]*`)";

export function flowGrammar(): Grammar {
  const places = declarations.flatMap(({ place }) => (place === undefined ? [] : [place]));
  return {
    name: "Flow",
    scopeName: "source.flow",
    patterns: [...include("comments", "declarations", "expression")],
    repository: {
      ...literalRules(),
      ...expressionRules(),
      types: typeRule,
      declarations: { patterns: declarations.map(({ keyword, place }) => declarationRule(keyword, place)) },
      ...Object.fromEntries([...places, "errors" as const].map((place) => [`${place}-block`, blockRule(place)])),
    },
  };
}

const block = (place: Place): Rule => ({
  begin: "\\{",
  beginCaptures: { 0: { name: "punctuation.section.block.begin.flow" } },
  end: `(\\})|${nextDeclaration}`,
  endCaptures: captures("punctuation.section.block.end.flow"),
  patterns: include(`${place}-block`),
});

/** A type stands between the colon and what can follow it. */
const typed: Rule = {
  begin: ":\\s*",
  beginCaptures: { 0: { name: "punctuation.separator.type.flow" } },
  end: "(?=[,)=])|(?<=[\\w\\]}`\"'])(?=\\s*(?:\\{|\\bfrom\\b|$))",
  patterns: include("comments", "types"),
};

const brackets = { 0: { name: "punctuation.section.brackets.flow" } };

const typeRule: Rule = {
  patterns: [
    ...include("comments"),
    // The keys of a map, which the formatter writes next to the brace.
    { name: "support.type.flow", match: `(?<=\\{)(?:${scalars})(?=\\s*:)` },
    {
      match: '(?:([A-Za-z_]\\w*)|("[^"]*"))\\s*(\\??)\\s*(:)',
      captures: captures(
        "variable.other.property.flow",
        "string.quoted.double.flow",
        "keyword.operator.optional.flow",
        "punctuation.separator.type.flow",
      ),
    },
    ...include("strings"),
    { name: "constant.language.flow", match: "\\bnull\\b" },
    { name: "support.type.flow", match: `\\b(?:${scalars})\\b` },
    { name: "entity.name.type.flow", match: "\\b[A-Za-z_]\\w*\\b" },
    { name: "keyword.operator.type.flow", match: "\\|" },
    { name: "punctuation.separator.flow", match: "[,:?]" },
    {
      begin: "[\\[{(]",
      end: `[\\]})]|${nextDeclaration}`,
      beginCaptures: brackets,
      endCaptures: brackets,
      patterns: include("types"),
    },
  ],
};

function declarationRule(keyword: string, place: Place | undefined): Rule {
  const begin = (rest: string): string => `(?<![.\\w])(${keyword})\\b${rest}`;
  // The brace may be that of a record type, behind which the inputs or the block come.
  const head = { name: `meta.declaration.${keyword}.flow`, end: `(?<=\\})(?!\\s*(?:\\{|from\\b))|${nextDeclaration}` };
  const first = "keyword.control.declaration.flow";
  switch (keyword) {
    case "import":
      return { match: begin("(?=\\s*[\"'])"), captures: captures("keyword.control.import.flow") };
    case "test":
      return {
        ...head,
        begin: begin("(?=\\s*[rR]?[\"'])"),
        beginCaptures: captures(first),
        patterns: [...include("comments", "strings"), block("test")],
      };
    case "type":
      return {
        ...head,
        begin: begin(`\\s+${name}`),
        beginCaptures: captures(first, "entity.name.type.flow"),
        patterns: [
          ...include("comments"),
          {
            match: "\\b(from)\\s+(schema|sample)\\b",
            captures: captures("keyword.control.flow", "support.function.flow"),
          },
          ...include("types"),
        ],
      };
    case "fn":
    case "param":
      return {
        ...head,
        end: nextDeclaration,
        begin: begin(`\\s+${name}`),
        beginCaptures: captures(first, keyword === "fn" ? "entity.name.function.flow" : "variable.parameter.flow"),
        patterns: [
          ...include("comments"),
          { match: `${name}\\s*(?=:)`, captures: captures("variable.parameter.flow") },
          typed,
          {
            begin: "=",
            beginCaptures: { 0: { name: "keyword.operator.assignment.flow" } },
            end: nextDeclaration,
            patterns: include("expression"),
          },
          { name: "punctuation.separator.flow", match: "[(),]" },
        ],
      };
    default:
      return {
        ...head,
        begin: begin(`\\s+${name}`),
        beginCaptures: captures(first, "entity.name.class.flow"),
        patterns: [
          ...include("comments"),
          ...(place === undefined ? [] : [block(place)]),
          typed,
          { name: "keyword.control.flow", match: "(?<![.\\w])(?:from|as|where|otherwise)\\b(?!\\s*[.:(])" },
          ...include("expression"),
        ],
      };
  }
}

/** Clauses, each with its words, in the braces of a declaration. */
function blockRule(place: Place): Rule {
  const rows = clausesOf(place);
  const parts = rows.flatMap((row) => row.parts);
  const connectable = connectors.filter(({ roles }) =>
    rolesIn[place]?.some((role) => roles.some((one) => one === role)),
  );
  const notAName = "(?<![.?\\w])";
  const notAField = "(?![\\w(.\\[]|\\s*:)";
  const words = oneOf(parts.flatMap((part) => wordsOf(part)));
  const choices = oneOf([
    ...parts.flatMap(choicesOf),
    ...(parts.some(({ kind }) => kind === "replicas") ? ["partitions"] : []),
  ]);
  const clauseWords = oneOf(rows.map(({ keyword }) => keyword));
  return {
    patterns: [
      ...include("comments"),
      ...rows.flatMap(embeddedRules),
      ...rows.filter(({ parts }) => parts.some((part) => part.block)).map(nestedBlock),
      ...(place === "test" ? testRules(notAName) : []),
      // After what asks for an operand, `key` and `window` are variables.
      {
        match: `(?<![.?\\w])(${clauseWords})\\s+(${oneOf(variables.map((row) => row.name))})\\b(?!\\s*:)`,
        captures: captures("keyword.control.clause.flow", "support.variable.flow"),
      },
      {
        match: `(==|!=|<=|>=|&&|\\|\\||[-+*/%<>!?]|([:,]))\\s*(${oneOf(variables.map((row) => row.name))})\\b`,
        captures: captures("keyword.operator.flow", "punctuation.separator.flow", "support.variable.flow"),
      },
      ...(connectable.length === 0
        ? []
        : [
            {
              name: "keyword.control.connector.flow",
              match: `${notAName}(?:${oneOf(connectable.map((row) => row.name))})(?=\\s*(?:\\{|$))`,
            },
          ]),
      { name: "keyword.control.clause.flow", match: `${notAName}(?:${clauseWords})${notAField}` },
      ...(words === "" ? [] : [{ name: "keyword.control.flow", match: `${notAName}(?:${words})${notAField}` }]),
      ...(choices === "" ? [] : [{ name: "constant.language.flow", match: `${notAName}(?:${choices})${notAField}` }]),
      ...include("expression"),
    ],
  };
}

const rolesIn: Readonly<Record<string, readonly string[]>> = {
  pipeline: ["defaults"],
  source: ["source"],
  sink: ["sink"],
  table: ["table"],
  errors: ["dead_letter"],
};

const wordsOf = ({ word }: Part): readonly string[] => (word === undefined || word === "=" ? [] : [word]);
const choicesOf = ({ choices }: Part): readonly string[] => choices?.map((choice) => choice.name) ?? [];

const nestedBlock = ({ keyword, parts }: { readonly keyword: string; readonly parts: readonly Part[] }): Rule => {
  const place = parts.find((part) => part.block)!.block!;
  return {
    begin: `(?<![.\\w])(${keyword})\\s+(${oneOf(parts.flatMap(choicesOf))})\\s*(\\{)`,
    beginCaptures: captures(
      "keyword.control.clause.flow",
      "constant.language.flow",
      "punctuation.section.block.begin.flow",
    ),
    end: `(\\})|${nextDeclaration}`,
    endCaptures: captures("punctuation.section.block.end.flow"),
    patterns: include(`${place}-block`),
  };
};

/** An event of a test: the node it enters, and when. */
const testRules = (notAName: string): readonly Rule[] => [
  { match: `${notAName}${name}\\s+(at)\\b`, captures: captures("entity.name.class.flow", "keyword.control.flow") },
];
