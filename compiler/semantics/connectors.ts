/** Checks the connector of a source, sink, table or dead letter: that there is one, that it can, and its options. */
import { connectors as connectorRows, optionsIn } from "../catalog/connectors.ts";
import type { ConnectorRow, Role } from "../catalog/rows.ts";
import { nearest } from "../source/nearest.ts";
import type { Span } from "../source/span.ts";
import type { Clause, RecordExpression } from "../syntax/ast.ts";
import type { SortedClauses } from "./clause-rows.ts";
import type { ModelConnector } from "./model.ts";
import { checkOptions, firstSentence, type OptionScope } from "./options.ts";

export interface ConnectorOwner {
  readonly role: Role;
  readonly kind: string;
  readonly name: string;
  /** Where a missing connector is reported. */
  readonly span: Span;
  readonly defaults: ReadonlyMap<string, ModelConnector>;
  /** Nothing is reported as missing. */
  readonly quiet: boolean;
}

export function checkConnector(
  sorted: SortedClauses,
  owner: ConnectorOwner,
  scope: OptionScope,
): ModelConnector | undefined {
  const [first, ...more] = sorted.connectors;
  for (const { clause } of more) {
    scope.report(
      "FLOW2015",
      clause.keyword.span,
      { name: owner.name, kind: owner.kind },
      relatedTo(first!.clause, scope.file),
    );
  }
  if (!first) {
    if (!owner.quiet && !sorted.hasUnknown) {
      scope.report("FLOW2014", owner.span, { name: owner.name, kind: owner.kind, connectors: namesFor(owner.role) });
    }
    return undefined;
  }
  if (!first.row.roles.includes(owner.role)) {
    scope.report("FLOW2013", first.clause.keyword.span, {
      connector: first.row.name,
      role: roleText[owner.role],
      others: namesFor(owner.role),
    });
    return undefined;
  }
  return checkConnectorOptions(first.clause, first.row, owner, scope);
}

const relatedTo = (first: Clause, file: string) => ({
  related: [
    {
      at: { file, start: first.keyword.span.start, end: first.keyword.span.end },
      message: "The first connector is here.",
    },
  ],
});

const roleText: Readonly<Record<Role, string>> = {
  source: "a source",
  sink: "a sink",
  table: "a table",
  dead_letter: "a dead letter",
  defaults: "a connection default",
};

const namesFor = (role: Role): string =>
  connectorRows
    .filter((row) => row.roles.includes(role))
    .map((row) => `'${row.name}'`)
    .join(", ");

const nothing: ReadonlySet<string> = new Set();

export function checkConnectorOptions(
  clause: Clause,
  row: ConnectorRow,
  owner: ConnectorOwner,
  scope: OptionScope,
): ModelConnector {
  const shared = owner.defaults.get(row.name);
  const given: ReadonlySet<string> = shared ? new Set(shared.options.keys()) : nothing;
  const record = optionsRecord(clause);
  const rows = optionsIn(row, owner.role);
  const options = checkOptions(
    record,
    rows,
    {
      name: `a ${row.name} ${ownerWord[owner.role]}`,
      span: clause.keyword.span,
      given,
      partial: owner.role === "defaults" || owner.quiet,
    },
    scope,
  );
  checkAlternatives(row, options, given, owner, clause, scope);
  return { syntax: clause, row, options };
}

const ownerWord: Readonly<Record<Role, string>> = {
  source: "source",
  sink: "sink",
  table: "table",
  dead_letter: "dead letter",
  defaults: "default",
};

/** The options stand in the only record of the clause. */
function optionsRecord(clause: Clause): RecordExpression | undefined {
  const value = clause.arguments[0]?.value;
  return value?.kind === "record" ? value : undefined;
}

/** What no row can say: connections that must be known, and a table or a query. */
function checkAlternatives(
  row: ConnectorRow,
  options: ModelConnector["options"],
  given: ReadonlySet<string>,
  owner: ConnectorOwner,
  clause: Clause,
  scope: OptionScope,
): void {
  if (owner.role === "defaults" || owner.quiet) return;
  const connection = connectionOf[row.name];
  if (row.name !== "db" && (connection === undefined || options.has(connection))) return;
  const written = new Set([...namesIn(clause), ...namesIn(owner.defaults.get(row.name)?.syntax)]);
  const has = (name: string): boolean => options.has(name) || given.has(name) || written.has(name);
  const names = row.options.map((option) => option.name);
  const isMeant = (option: string): boolean =>
    [...written].some((name) => !names.includes(name) && nearest(name, names) === option);
  const missing = (option: string, doc: string): void => {
    const known = row.options.find((each) => each.name === option);
    scope.report("FLOW2009", clause.keyword.span, {
      option,
      of: `a ${row.name} ${ownerWord[owner.role]}`,
      doc: firstSentence(doc || known?.doc || ""),
    });
  };
  if (row.name === "db" && owner.role !== "sink" && has("table") === has("query")) {
    if (has("table"))
      scope.report("FLOW2018", clause.keyword.span, { clause: "db", ways: "'table' or 'query'", count: "both" });
    else missing("table", "A table, or a 'query' instead.");
  }
  if (row.name === "db" && owner.role === "sink" && !has("table")) missing("table", "");
  if (connection !== undefined && !has(connection) && !isMeant(connection)) missing(connection, "");
}

/** What must be known to connect at all; the pipeline's defaults may say it. */
export const connectionOf: Readonly<Record<string, string>> = { kafka: "brokers", jetstream: "servers", db: "url" };

const namesIn = (clause: Clause | undefined): readonly string[] =>
  (clause && optionsRecord(clause)?.entries.map((entry) => (entry.kind === "field" ? entry.key.text : ""))) ?? [];
