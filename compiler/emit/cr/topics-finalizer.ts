/** The finalizer by which a pipeline's intermediary topics go when it goes: compiled resources ask for it by themselves. */
import { legacyFinalizerAnnotation, legacyFinalizerValue, topicsFinalizer } from "../../contract/pipeline.ts";

/** Whether a finalizer, or an annotation with its value, means nothing else. */
export const asksForTopicsFinalizer = (name: string, value?: string): boolean =>
  value === undefined ? name === topicsFinalizer : name === legacyFinalizerAnnotation && value === legacyFinalizerValue;
