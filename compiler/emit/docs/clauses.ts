/** docs/reference/clauses.md: every clause, by the declaration in which it stands. */
import { clausesOf } from "../../catalog/clauses.ts";
import { declarations } from "../../catalog/declarations.ts";
import type { ClauseRow, Part, Place } from "../../catalog/rows.ts";
import { clauseSignature } from "./clause-signature.ts";
import { code, flowBlock, generatedBy, page, table } from "./markdown.ts";
import { optionTable } from "./options.ts";

export function clausesPage(): string {
  const places = [...new Set(declarations.flatMap((row) => row.place ?? []))];
  return page(
    generatedBy("compiler/catalog/clauses.ts"),
    "# Clauses",
    "What may stand in the braces of each declaration. A clause is a keyword and its arguments; the first argument starts on the keyword's line. Connectors stand in [connectors.md](connectors.md).",
    ...places.flatMap(placeSection),
  );
}

function placeSection(place: Place): string[] {
  const rows = clausesOf(place);
  const list = table(
    ["clause", "what it does"],
    rows.map((row) => [code(clauseSignature(row)), row.doc]),
  );
  return [`## In \`${place}\``, list, ...rows.flatMap(clauseSection)];
}

function clauseSection(row: ClauseRow): string[] {
  return [
    `### \`${row.keyword}\` in \`${row.place}\``,
    [row.doc, ...rules(row)].join(" "),
    flowBlock(row.example),
    partTable(row.parts),
    ...row.parts.map((part) => optionTable(part.options ?? [])),
  ];
}

function rules(row: ClauseRow): string[] {
  const together = row.oneOf === undefined ? [] : clausesOf(row.place).filter((other) => other.oneOf === row.oneOf);
  const others = together.map((other) => code(other.keyword)).join(", ");
  return [
    ...(together.length > 1
      ? [`${row.required === true ? "Exactly" : "At most"} one of ${others}.`]
      : row.required === true
        ? ["Required."]
        : []),
    ...(row.operator === true
      ? ["Operators run in the order written."]
      : row.many === true
        ? ["May be repeated."]
        : []),
    ...(row.runtime ? [] : ["Checked and compiled; the embedded runtime does not run it yet."]),
  ];
}

function partTable(parts: readonly Part[]): string {
  if (parts.length === 0) return "";
  const lines = parts.map((part) => {
    const written = part.word === undefined ? part.name : `${part.word} <${part.name}>`;
    const needed =
      part.optional === true
        ? part.default === undefined
          ? "optional"
          : code(part.default)
        : part.default === undefined
          ? ""
          : code(part.default);
    const choices = (part.choices ?? []).map((choice) => `${code(choice.name)}: ${choice.doc}`);
    return [
      code(written),
      part.type === undefined ? kindName(part) : `${kindName(part)} of type ${code(part.type)}`,
      needed,
      [part.doc, ...choices].join(" "),
    ];
  });
  return table(["argument", "kind", "default", "what it says"], lines);
}

const kindNames: Readonly<Record<string, string>> = {
  expr: "expression",
  exprs: "expressions",
  fields: "record of expressions",
  bool: "true or false",
  durations: "two durations",
  options: "record",
  record: "record of constants",
  block: "connector",
  events: "list of values",
  event: "value",
};

const kindName = ({ kind }: Part): string => kindNames[kind] ?? kind;
