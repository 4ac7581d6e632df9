/** Catalogue rows of clauses by their id, with their place in the catalogue's order. */
import { clauses } from "../catalog/clauses.ts";
import type { ClauseRow } from "../catalog/rows.ts";

const byId = new Map(clauses.map((row, index) => [row.id, { row, index }]));

export const clauseById = (id: string): { readonly row: ClauseRow; readonly index: number } | undefined => byId.get(id);
