/** Carries the metadata that .flow cannot say from a resource to the IR. */
import { topicsFinalizer } from "../contract/pipeline.ts";
import type { Model } from "../semantics/model.ts";
import type { Location, Span } from "../source/span.ts";
import type { IrMetadata } from "./ir.ts";

type BeyondLanguage = NonNullable<NonNullable<Model["pipeline"]>["beyond"]>;

/** The finalizer of the topics between stages, where it stands last, is what the stages imply anyway. */
export function lowerMetadata(
  beyond: BeyondLanguage,
  at: (span: Span) => Location,
  hasTopics: boolean,
): IrMetadata | undefined {
  const implied = hasTopics && beyond.finalizers.at(-1)?.name === topicsFinalizer;
  const finalizers = implied ? beyond.finalizers.slice(0, -1) : beyond.finalizers;
  if (beyond.annotations.length + finalizers.length === 0) return undefined;
  return {
    annotations: beyond.annotations.map(({ name, value, span }) => ({ name, value, origin: at(span) })),
    finalizers: finalizers.map(({ name, span }) => ({ name, origin: at(span) })),
  };
}
