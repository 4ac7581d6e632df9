/** The format of a source, table or sink, and the clauses that need nothing but their row to be checked. */
import { formatRow } from "../../catalog/formats.ts";
import type { SortedClauses } from "../clause-rows.ts";
import { type ClauseScope, checkClause } from "../clause-values.ts";
import type { ModelClause } from "../model.ts";
import { jsonFormat, type NodeEntry } from "../node-entry.ts";
import { checkOptions, type OptionScope } from "../options.ts";

export function chooseFormat(node: NodeEntry, sorted: SortedClauses, scope: OptionScope): void {
  const format = sorted.clauses.find(({ row }) => row.keyword === "format");
  const byConnector = node.connector ? formatRow(node.connector.row.format) : undefined;
  const word = format?.clause.arguments.find((argument) => argument.part === "type")?.value;
  const name = word?.kind === "word" ? word.text : word?.kind === "ident" ? word.name : undefined;
  const row = (name === undefined ? byConnector : formatRow(name)) ?? jsonFormat;
  const record = format?.clause.arguments.find((argument) => argument.part === "options")?.value;
  const known = name === undefined || formatRow(name) !== undefined;
  const options =
    record?.kind === "record" && known
      ? checkOptions(record, row.options, { name: `format '${row.name}'`, span: record.span }, scope)
      : new Map();
  node.format = { row, options };
}

/** Options of the format are checked by `chooseFormat`, by the rows of the chosen one. */
export function checkPlain(node: NodeEntry, sorted: SortedClauses, scope: ClauseScope): void {
  for (const { clause, row } of sorted.clauses) {
    if (row.keyword !== "format") node.clauses.push(checkClause(clause, row, scope));
    else
      node.clauses.push(
        withFormatOptions(
          checkClause({ ...clause, arguments: clause.arguments.filter((each) => each.part !== "options") }, row, scope),
          node,
        ),
      );
  }
}

function withFormatOptions(clause: ModelClause, node: NodeEntry): ModelClause {
  const syntax = node.declaration.clauses.find((each) => each.keyword === clause.syntax.keyword) ?? clause.syntax;
  const argument = syntax.arguments.find((each) => each.part === "options");
  if (!argument) return { ...clause, syntax };
  const values = new Map(clause.values).set("options", {
    kind: "options",
    syntax: argument,
    options: node.format.options,
  });
  return { ...clause, syntax, values };
}
