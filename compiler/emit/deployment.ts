/**
 * What is wrong with a pipeline only in a cluster: more of something than a resource holds, and topics between stages that
 * are in no Kafka. Found by `flow check`, though it takes the phases after it; `flow run` needs none of it.
 */
import { lower } from "../ir/lower.ts";
import type { Model } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { pipelineCr } from "./pipeline-cr.ts";
import { refusals } from "./refusals.ts";
import { ambiguousTopics, missingBrokers } from "./runtime/between-stages.ts";

export function deploymentDiagnostics(model: Model): readonly Diagnostic[] {
  if (!hasSource(model)) return [];
  const ir = lower(model);
  return [...ambiguousTopics(ir), ...refusals(pipelineCr(ir))];
}

/** With what stops nobody before there is a cluster. */
export function compileDiagnostics(model: Model): readonly Diagnostic[] {
  return hasSource(model) ? [...deploymentDiagnostics(model), ...missingBrokers(lower(model))] : [];
}

/** Without one it is no pipeline but a file for others to import. */
const hasSource = ({ nodes }: Model): boolean => nodes.some(({ kind }) => kind === "source");
