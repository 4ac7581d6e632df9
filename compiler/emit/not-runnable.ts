/** What of a pipeline cannot run locally, by name, before anything runs (FLOW5007). */
import { connectorRow } from "../catalog/connectors.ts";
import { formatRow } from "../catalog/formats.ts";
import type { Ir, IrClause, IrNode } from "../ir/ir.ts";
import { clauseById } from "../ir/rows-by-id.ts";
import { type Diagnostic, diagnostic } from "../source/diagnostic.ts";
import type { Location } from "../source/span.ts";
import { groupDiagnostics } from "./runtime/stage-groups.ts";
import { execExample, isContainer } from "./with-exec.ts";

export function notRunnable(ir: Ir): Diagnostic[] {
  const header = [
    ...missingBlocks(ir.name, "pipeline", ir.clauses),
    ...missingClauses(ir.name, "pipeline", ir.clauses),
  ];
  return [...header, ...ir.nodes.flatMap(missingOf), ...groupDiagnostics(ir, { local: true })];
}

function missingOf(node: IrNode): Diagnostic[] {
  const { connector, format, name, kind, clauses } = node;
  const found: Diagnostic[] = [];
  if (connector !== undefined && connectorRow(connector.type)?.runtime === false)
    found.push(missing(name, kind, `the connector '${connector.type}'`, replacement(node), connector.origin));
  if (format !== undefined && formatRow(format.type)?.runtime === false)
    found.push(missing(name, kind, `the format '${format.type}'`, "", node.origin));
  return [...found, ...containers(node), ...missingClauses(name, kind, clauses)];
}

/** An image needs a cluster; `withExec` makes a program of it for one run. */
function containers({ name, kind, clauses }: IrNode): Diagnostic[] {
  const first = clauses.find(isContainer);
  if (first === undefined) return [];
  const why = "it is a container, and those run on a cluster";
  const hint = ` Give a command that does its work for this run: ${execExample(name)}.`;
  return [diagnostic("FLOW5007", first.origin, { name, kind, why, hint })];
}

/** One message for a node: its window and the triggers of the window are one thing that is missing. */
function missingClauses(name: string, kind: string, clauses: readonly IrClause[]): Diagnostic[] {
  const lacking = clauses.filter(({ row }) => clauseById(row)?.row.runtime === false);
  const [first] = lacking;
  if (first === undefined) return [];
  return [missing(name, kind, lacking.map(({ keyword }) => `'${keyword}'`).join(", "), "", first.origin)];
}

/** The dead letter of the pipeline's header. */
function missingBlocks(name: string, kind: string, clauses: readonly IrClause[]): Diagnostic[] {
  const blocks = clauses
    .flatMap(({ values }) => values)
    .flatMap(([, value]) => (value.kind === "block" ? [value] : []));
  const inside = blocks.flatMap((block) => missingClauses(name, kind, block.clauses));
  const connectors = blocks
    .flatMap(({ connector }) => connector ?? [])
    .filter(({ type }) => connectorRow(type)?.runtime === false)
    .map(({ type, origin }) =>
      missing(name, kind, `the connector '${type}'`, " Give another with --dead-letter FILE.", origin),
    );
  return [...connectors, ...inside];
}

/** Which flag to give. */
function replacement(node: IrNode): string {
  if (node.kind === "sink")
    return ` Write elsewhere for this run: --to ${node.name}=stdout, or --to ${node.name}=file:out.ndjson.`;
  return ` Read from elsewhere for this run: --from ${node.name}=file:input.ndjson${node.kind === "source" ? `, or --from ${node.name}=stdin` : ""}.`;
}

const missing = (name: string, kind: string, what: string, hint: string, at: Location): Diagnostic =>
  diagnostic("FLOW5007", at, { name, kind, why: `the local runtime does not have ${what} yet`, hint });
