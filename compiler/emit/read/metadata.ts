/**
 * What of a resource's metadata is kept: name, namespace, labels and the description have words in .flow; other annotations
 * and finalizers are carried beside the language, and `flow decompile` says that it leaves them out. Left out without a
 * word is only what a cluster or kubectl keeps about the one object there (`serverManaged`, `status`).
 */
import { descriptionAnnotation } from "../../contract/pipeline.ts";
import type { Report } from "../../source/diagnostic.ts";
import type { BeyondLanguage, PipelineDeclaration } from "../../syntax/ast.ts";
import { asksForTopicsFinalizer } from "../cr/topics-finalizer.ts";
import { asList, asMap, asText, field, type YamlMap } from "./yaml-tree.ts";

/** The copy of the whole resource that `kubectl apply` writes into it. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export function beyondLanguage(metadata: YamlMap): { readonly beyond?: BeyondLanguage } {
  const annotations = (asMap(field(metadata, "annotations"))?.entries ?? []).flatMap(({ key, keySpan, value }) =>
    key === descriptionAnnotation || key === lastApplied
      ? []
      : [{ name: key, value: asText(value) ?? "", span: keySpan }],
  );
  const finalizers = asList(field(metadata, "finalizers")).map((item) => ({
    name: asText(item) ?? "",
    span: item.span,
  }));
  return annotations.length + finalizers.length === 0 ? {} : { beyond: { annotations, finalizers } };
}

/** Names what a .flow file made of the resource lacks. */
export function reportLeftOut({ beyond }: PipelineDeclaration, report: Report): void {
  for (const { name, value, span } of beyond?.annotations ?? [])
    if (!asksForTopicsFinalizer(name, value)) report("FLOW5810", span, { what: `The annotation '${name}'` });
  for (const { name, span } of beyond?.finalizers ?? [])
    if (!asksForTopicsFinalizer(name)) report("FLOW5810", span, { what: `The finalizer '${name}'` });
}
