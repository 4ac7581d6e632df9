/**
 * What is wrong with a pipeline only in a cluster: more of something than a resource holds, and topics between stages that
 * are in no Kafka. Found by `flow check`, though it takes the phases after it; `flow run` needs none of it.
 */
import type { Ir, IrNode } from "../ir/ir.ts";
import { lower, lowerNode } from "../ir/lower.ts";
import type { Model, ModelNode } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { pipelineCr } from "./pipeline-cr.ts";
import { refusals } from "./refusals.ts";
import { ambiguousTopics, missingBrokers } from "./runtime/between-stages.ts";
import { groupDiagnostics } from "./runtime/stage-groups.ts";
import { most } from "./schema/pipeline-nodes.ts";

export function deploymentDiagnostics(model: Model): readonly Diagnostic[] {
  if (!hasSource(model) || isKnownToBeFine(model)) return [];
  const ir = lower(model);
  return [...ambiguousTopics(ir), ...groupDiagnostics(ir), ...refusals(pipelineCr(ir))];
}

/** With what stops nobody before there is a cluster. */
export function compileDiagnostics(model: Model): readonly Diagnostic[] {
  return hasSource(model) ? [...deploymentDiagnostics(model), ...missingBrokers(lower(model))] : [];
}

/** Without one it is no pipeline but a file for others to import. */
const hasSource = ({ nodes }: Model): boolean => nodes.some(({ kind }) => kind === "source");

/** Lowered nodes of models whose nodes have a `content`, by it: but for their places they are those of any such node. */
const loweredByContent = new WeakMap<object, IrNode>();
/** Contents of nodes that a cluster takes. */
const fine = new WeakSet<object>();

/**
 * The short way, for a model that is checked again and again while its text is edited: only nodes that are new are written out.
 * False says nothing.
 */
function isKnownToBeFine(model: Model): boolean {
  if (!model.nodes.some(({ content }) => content !== undefined) || isTooMuch(model.nodes)) return false;
  const ir = lower(model, model.nodes.map(loweredOnce));
  if (ambiguousTopics(ir).length > 0 || groupDiagnostics(ir).length > 0) return false;
  const first = model.nodes.findIndex(({ kind }) => kind === "source");
  const nodes = ir.nodes.filter((_, i) => i === first || !isFine(model.nodes[i]!));
  const some: Ir = {
    name: ir.name,
    clauses: ir.clauses,
    defaults: ir.defaults,
    types: {},
    typeDocs: {},
    typeOrigins: {},
    nodes,
    origin: ir.origin,
  };
  if (refusals(pipelineCr(some)).length > 0) return false;
  for (const { content } of model.nodes) if (content) fine.add(content);
  return true;
}

const isFine = ({ content }: ModelNode): boolean => content !== undefined && fine.has(content);

function loweredOnce(node: ModelNode): IrNode {
  const { content } = node;
  const known = content && loweredByContent.get(content);
  if (known) return known;
  const lowered = lowerNode(node);
  if (content) loweredByContent.set(content, lowered);
  return lowered;
}

/** More nodes of a list than a resource holds. */
function isTooMuch(nodes: readonly ModelNode[]): boolean {
  const count = (...kinds: readonly ModelNode["kind"][]): number =>
    nodes.filter(({ kind }) => kinds.includes(kind)).length;
  return (
    count("step", "window", "chunk") > most.processors ||
    count("source") > most.nodes ||
    count("sink") > most.nodes ||
    count("table") > most.nodes
  );
}
