/** A plan for a test: no file, no network. What a connector or a format would do is not what a test is about; data enters as it is written. */
import type { ConnectorPlan, FormatPlan, NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";

const memory: ConnectorPlan = { type: "memory", options: {} };
const json: FormatPlan = { type: "json", options: {} };

/** Formats whose records are texts or bytes and no JSON. */
const plainFormats: ReadonlySet<string> = new Set(["lines", "text", "bytes"]);

export function testConfig(config: RuntimeConfig): RuntimeConfig {
  const { errors } = config;
  return {
    ...config,
    errors: errors.policy === "fail" ? errors : { policy: "dead_letter", connector: memory, format: json },
    nodes: config.nodes.map(inMemory),
  };
}

function inMemory(node: NodePlan): NodePlan {
  if (node.kind === "source")
    return { ...node, connector: memory, format: plainFormats.has(node.format.type) ? node.format : json };
  return node.kind === "sink" ? { ...node, connector: memory } : node;
}
