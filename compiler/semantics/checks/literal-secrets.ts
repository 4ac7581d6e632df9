/** FLOW5006: a password, token or connection string written out. */
import { optionsIn } from "../../catalog/connectors.ts";
import type { OptionRow, Role } from "../../catalog/rows.ts";
import { kebab } from "../../source/kebab.ts";
import type { Span } from "../../source/span.ts";
import type { Expression, RecordExpression } from "../../syntax/ast.ts";
import type { ModelConnector } from "../model.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const literalSecrets: Check = (checked) => {
  for (const node of checked.graph.nodes) {
    const { connector, kind, name } = node;
    if (connector && (kind === "source" || kind === "sink" || kind === "table"))
      checkConnector(connector, kind, name, checked);
    for (const clause of node.clauses) {
      for (const value of clause.values.values()) {
        const record = value.kind === "options" ? value.syntax.value : undefined;
        if (record?.kind === "record") checkRecord(record, [], name, checked);
      }
    }
  }
  for (const connector of checked.declared.defaults.values()) {
    const { keyword } = connector.syntax;
    const own = checked.header.declaration?.clauses.some((clause) => clause.keyword === keyword);
    if (own) checkConnector(connector, "defaults", connector.row.name, checked);
  }
  for (const clause of checked.header.clauses) {
    const block = clause.values.get("deadLetter");
    if (block?.kind === "block" && block.connector)
      checkConnector(block.connector, "dead_letter", "dead_letter", checked);
  }
};

function checkConnector({ syntax, row }: ModelConnector, role: Role, name: string, checked: CheckedProgram): void {
  const record = syntax.arguments[0]?.value;
  if (record?.kind === "record") checkRecord(record, optionsIn(row, role), name, checked);
}

function checkRecord(
  record: RecordExpression,
  rows: readonly OptionRow[],
  name: string,
  checked: CheckedProgram,
): void {
  for (const entry of record.entries) {
    if (entry.kind !== "field") continue;
    const key = entry.key.text;
    const row = rows.find((candidate) => candidate.name === key);
    if (entry.value.kind === "record") checkRecord(entry.value, row?.options ?? [], name, checked);
    else if (isSecret(row, key, entry.value, checked)) report(key, entry.value, name, checked);
  }
}

const secretName = /^(.*[_-])?(password|passwd|secret|token|api[_-]?key|authorization)$/i;
const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i;

/** Of an option for secrets any text; elsewhere what is named like a secret or is a URL with a password. */
function isSecret(row: OptionRow | undefined, key: string, e: Expression, { declared }: CheckedProgram): boolean {
  const text = e.kind === "string" ? e.value : e.kind === "ident" ? declared.params.get(e.name)?.value : undefined;
  if (typeof text !== "string" || text === "") return false;
  return (
    row?.kind === "secret" ||
    (e.kind === "string" && (urlWithPassword.test(text) || (row === undefined && secretName.test(key))))
  );
}

function report(option: string, e: Expression, name: string, { declared }: CheckedProgram): void {
  const { main, path } = declared.program;
  const span: Span = e.span;
  const newText = `secret("${kebab(name)}", "${option.toLowerCase().replace(/[^a-z0-9]+/g, "-")}")`;
  const fixes =
    e.kind === "string"
      ? [{ title: `Change to ${newText}`, edits: [{ file: path, start: span.start, end: span.end, newText }] }]
      : [];
  main.report("FLOW5006", span, { option }, { fixes });
}
