/**
 * What a node's state means, as a hash: of its plan and of all it depends on, but not of names of nodes and files or of places in the text. Equal
 * fingerprints: the state that one wrote can be gone on from by the other.
 */
import { createHash } from "node:crypto";
import type { NodePlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";

/** Of every node that has state, by name. */
export function fingerprintsOf(config: RuntimeConfig): ReadonlyMap<string, string> {
  const meaningOf = new Map<string, string>();
  const result = new Map<string, string>();
  for (const node of config.nodes) {
    meaningOf.set(node.name, meaning(node, config, meaningOf));
    const state = stateMeaning(node, meaningOf);
    if (state !== undefined) result.set(node.name, state);
  }
  return result;
}

/** Of what a node gives to its readers. */
function meaning(node: NodePlan, config: RuntimeConfig, meaningOf: ReadonlyMap<string, string>): string {
  const { name: _name, at: _at, ...plan } = node;
  if (plan.kind === "source") return hash([{ ...plan, connector: plan.connector.type }, named(plan, config)]);
  if (plan.kind === "sink") return hash(plan.kind);
  const from = plan.from.map((edge) => ({ ...edge, node: meaningOf.get(edge.node) }));
  return hash([{ ...plan, from }, named(plan, config)]);
}

/** Of what a node keeps; undefined when that is nothing. */
function stateMeaning(node: NodePlan, meaningOf: ReadonlyMap<string, string>): string | undefined {
  switch (node.kind) {
    // A position: as long as the same kind of thing is read, and a file that is gone is told by itself.
    case "source":
      return hash(node.connector.type);
    // A place in an output.
    case "sink":
      return hash(node.connector);
    case "step":
      return node.operators.some(({ op }) => op === "dedupe") ? meaningOf.get(node.name) : undefined;
    case "window":
    case "chunk":
      return meaningOf.get(node.name);
  }
}

/** Types and tables that a plan names, and those that these name; of tables what their rows are, not where they come from. */
function named(plan: unknown, config: RuntimeConfig): readonly unknown[] {
  const found = new Map<string, unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("kind" in value && value.kind === "ref" && "name" in value)
      note(`type ${String(value.name)}`, config.types[String(value.name)]);
    if ("op" in value && value.op === "table" && "table" in value) {
      const table = config.tables.find(({ name }) => name === value.table);
      note(`table ${String(value.table)}`, table && { type: table.type, key: table.key });
    }
    for (const each of Object.values(value)) walk(each);
  };
  const note = (name: string, value: unknown): void => {
    if (found.has(name)) return;
    found.set(name, value ?? null);
    walk(value);
  };
  walk(plan);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Of JSON, without places in the text and whatever the order of keys. */
function hash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(value)) ?? "")
    .digest("hex")
    .slice(0, 32);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name, each]) => name !== "at" && each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, each]) => [name, canonical(each)]);
}
