/** The sources of a stage that are topics: where there are any, a worker runs it. */
import type { RuntimeConfig, SourcePlan } from "../../compiler/contract/runtime-config.ts";

export const readsKafka = ({ nodes }: RuntimeConfig): boolean => nodes.some(isKafkaSource);

export function isKafkaSource(node: RuntimeConfig["nodes"][number]): node is SourcePlan {
  return node.kind === "source" && node.connector.type === "kafka";
}
