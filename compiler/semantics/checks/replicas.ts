/** FLOW5001 and FLOW5002: replicas by partitions that are not there, and scaling to zero where nothing would wake it. */
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { ModelClause } from "../model.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";
import { sourcesAbove } from "./upstream.ts";

export const replicas: Check = (checked) => {
  const header = checked.header.clauses.find((clause) => clause.keyword === "replicas");
  for (const node of checked.graph.nodes) {
    const clause = clauseOf(node, "replicas");
    if (clause) checkClause(clause, node, checked);
  }
  const firstSource = checked.graph.nodes.find((node) => node.kind === "source");
  if (header && firstSource) for (const node of checked.graph.nodes) if (node.kind === "source" && checkClause(header, node, checked)) return;
};

/** Whether it reported something. */
function checkClause(clause: ModelClause, node: NodeEntry, { declared }: CheckedProgram): boolean {
  const value = clause.values.get("replicas");
  if (value?.kind !== "replicas" || typeof value.value === "number") return false;
  const partitions = value.value === "partitions";
  if (!partitions && value.value.min > 0) return false;
  const wrong = inputsOf(node).find(({ connector }) => {
    const source = connector?.row.source;
    return source !== undefined && !(partitions ? source.partitions : source.scaleToZero);
  });
  if (!wrong) return false;
  const parameters = { name: node.name, source: wrong.name, connector: wrong.connector!.row.name };
  declared.program.main.report(partitions ? "FLOW5001" : "FLOW5002", value.syntax.span, parameters);
  return true;
}

/** The sources that feed the same worker: behind a window events come from a topic between the stages. */
const inputsOf = (node: NodeEntry): readonly NodeEntry[] => (node.kind === "source" ? [node] : sourcesAbove(node, (each) => each.kind === "window"));
