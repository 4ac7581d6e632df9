/** FLOW5001 and FLOW5002: replicas by partitions that are not there, and scaling to zero where nothing would wake it. */
import type { ModelClause } from "../model.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";
import { firstSources } from "./upstream.ts";

export const replicas: Check = (checked) => {
  const { nodes } = checked.graph;
  const header = checked.header.clauses.find((clause) => clause.keyword === "replicas");
  const unfit = { partitions: unfitSources("partitions", checked), scaleToZero: unfitSources("scaleToZero", checked) };
  for (const node of nodes) {
    const clause = clauseOf(node, "replicas");
    if (clause) checkClause(clause, node, unfit, checked);
  }
  const sources = nodes.filter((node) => node.kind === "source" && !clauseOf(node, "replicas"));
  if (header) sources.some((source) => checkClause(header, source, unfit, checked));
};

type Ability = "partitions" | "scaleToZero";
type Unfit = Readonly<Record<Ability, ReadonlyMap<NodeEntry, NodeEntry>>>;

/** For each node the first source that feeds the same worker and lacks something. Behind a window events come from a topic between the stages. */
function unfitSources(ability: Ability, { graph }: CheckedProgram): ReadonlyMap<NodeEntry, NodeEntry> {
  const lacks = ({ connector }: NodeEntry): boolean => connector?.row.source?.[ability] === false;
  return firstSources(graph.order, lacks, (node) => node.kind === "window");
}

/** Whether it reported something. */
function checkClause(clause: ModelClause, node: NodeEntry, unfit: Unfit, { declared }: CheckedProgram): boolean {
  const value = clause.values.get("replicas");
  if (value?.kind !== "replicas" || typeof value.value === "number") return false;
  const partitions = value.value === "partitions";
  if (value.value !== "partitions" && value.value.min > 0) return false;
  const source = unfit[partitions ? "partitions" : "scaleToZero"].get(node);
  if (!source) return false;
  const parameters = { name: node.name, source: source.name, connector: source.connector!.row.name };
  declared.program.main.report(partitions ? "FLOW5001" : "FLOW5002", value.syntax.span, parameters);
  return true;
}
