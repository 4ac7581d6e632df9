/** Which clauses a declaration has: matched with the catalogue, duplicates and clauses that exclude each other reported. */
import { clauseRow, clauses } from "../catalog/clauses.ts";
import { connectorRow } from "../catalog/connectors.ts";
import type { ClauseRow, ConnectorRow, Place } from "../catalog/rows.ts";
import type { Report } from "../source/diagnostic.ts";
import type { Clause, Name } from "../syntax/ast.ts";

export interface SortedClauses {
  readonly connectors: readonly { readonly clause: Clause; readonly row: ConnectorRow }[];
  readonly clauses: readonly { readonly clause: Clause; readonly row: ClauseRow }[];
  /** A clause is not known, which the parser has reported; so what seems to be missing may only be misspelt. */
  readonly hasUnknown: boolean;
}

export interface ClauseOwner {
  readonly place: Place;
  readonly file: string;
  readonly report: Report;
}

export function sortClauses(written: readonly Clause[], owner: ClauseOwner): SortedClauses {
  const connectorClauses: SortedClauses["connectors"][number][] = [];
  const rows: SortedClauses["clauses"][number][] = [];
  const firstByGroup = new Map<string, Clause>();
  let hasUnknown = false;
  for (const clause of written) {
    const connector = clause.row?.startsWith("connector.") ? connectorRow(clause.keyword.text) : undefined;
    const row = connector || clause.row === undefined ? undefined : clauseRow(owner.place, clause.keyword.text);
    if (connector) connectorClauses.push({ clause, row: connector });
    else if (row) {
      if (isFirst(clause, row, firstByGroup, owner)) rows.push({ clause, row });
    } else hasUnknown = true;
  }
  return { connectors: connectorClauses, clauses: rows, hasUnknown };
}

/** Only one clause of a group may stand in a place. */
const groupOf = new Map<ClauseRow, string>(
  clauses.map((row) => [row, row.oneOf === undefined ? row.keyword : `oneOf ${row.oneOf}`]),
);

/** Reports a second clause of the same name, or of the same group of alternatives; it is then left out. */
function isFirst(clause: Clause, row: ClauseRow, firstByGroup: Map<string, Clause>, owner: ClauseOwner): boolean {
  if (row.many) return true;
  const group = groupOf.get(row)!;
  const first = firstByGroup.get(group);
  if (!first) {
    firstByGroup.set(group, clause);
    return true;
  }
  const extras = { related: [{ at: { file: owner.file, ...bare(first.keyword) }, message: "The first is here." }] };
  const fixes = [
    {
      title: "Take this one away",
      edits: [{ file: owner.file, start: clause.span.start, end: clause.span.end, newText: "" }],
    },
  ];
  if (first.keyword.text === row.keyword)
    owner.report("FLOW2011", clause.keyword.span, { clause: row.keyword }, { ...extras, fixes });
  else owner.report("FLOW2020", clause.keyword.span, { clause: row.keyword, first: first.keyword.text }, extras);
  return false;
}

const bare = (name: Name) => ({ start: name.span.start, end: name.span.end });
