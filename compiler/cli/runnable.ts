/** What of a pipeline the local runtime does not have yet, by name, before anything runs (FLOW5007). */
import { connectorRow } from "../catalog/connectors.ts";
import { formatRow } from "../catalog/formats.ts";
import type { Ir, IrClause, IrNode } from "../ir/ir.ts";
import { clauseById } from "../ir/rows-by-id.ts";
import { type Diagnostic, diagnostic } from "../source/diagnostic.ts";
import type { Location } from "../source/span.ts";

export function notRunnable(ir: Ir): Diagnostic[] {
  return [
    ...ir.clauses.flatMap((clause) => missingClause(ir.name, "pipeline", clause)),
    ...ir.nodes.flatMap(missingOf),
  ];
}

function missingOf(node: IrNode): Diagnostic[] {
  const { connector, format } = node;
  const found: Diagnostic[] = [];
  if (connector !== undefined && connectorRow(connector.type)?.runtime === false)
    found.push(missing(node.name, node.kind, `the connector '${connector.type}'`, replacement(node), connector.origin));
  if (format !== undefined && formatRow(format.type)?.runtime === false)
    found.push(missing(node.name, node.kind, `the format '${format.type}'`, "", node.origin));
  return [...found, ...node.clauses.flatMap((clause) => missingClause(node.name, node.kind, clause))];
}

function missingClause(name: string, kind: string, clause: IrClause): Diagnostic[] {
  const blocks = clause.values.flatMap(([, value]) =>
    value.kind === "block" && value.connector !== undefined ? [value.connector] : [],
  );
  const inside = blocks
    .filter((connector) => connectorRow(connector.type)?.runtime === false)
    .map((connector) =>
      missing(
        name,
        kind,
        `the connector '${connector.type}'`,
        " Give another with --dead-letter FILE.",
        connector.origin,
      ),
    );
  if (clauseById(clause.row)?.row.runtime !== false) return inside;
  return [missing(name, kind, `'${clause.keyword}'`, "", clause.origin), ...inside];
}

/** Which flag to give. */
function replacement(node: IrNode): string {
  if (node.kind === "sink")
    return ` Write elsewhere for this run: --to ${node.name}=stdout, or --to ${node.name}=file:out.ndjson.`;
  return ` Read from elsewhere for this run: --from ${node.name}=file:input.ndjson${node.kind === "source" ? `, or --from ${node.name}=stdin` : ""}.`;
}

const missing = (name: string, kind: string, what: string, hint: string, at: Location): Diagnostic =>
  diagnostic("FLOW5007", at, { name, kind, what, hint });
