/**
 * FLOW4009: bad events that nobody would keep. Locally they go to a file beside the state, on a cluster to a topic of the
 * pipeline's Kafka; so this concerns only pipelines that talk to servers, none of which is a Kafka.
 */
import type { Check } from "./checked-program.ts";

const local = new Set(["file", "stdin", "stdout", "log", "generate", "cron", "http", "memory"]);

export const unreadErrors: Check = ({ declared, graph, header }) => {
  const { main } = declared.program;
  const { nodes } = graph;
  const names = new Set([...nodes.flatMap((node) => node.connector?.row.name ?? []), ...declared.defaults.keys()]);
  const remote = [...names].filter((name) => !local.has(name));
  if (main.broken || remote.length === 0 || names.has("kafka")) return;
  if (header.clauses.some((clause) => clause.keyword === "errors")) return;
  if (nodes.some((node) => node.readers.some((reader) => reader.input.output === "errors"))) return;
  const first = nodes.find((node) => node.connector && remote.includes(node.connector.row.name));
  const span = header.declaration?.name.span ?? first?.declaration.name.span;
  if (span) main.report("FLOW4009", span, { connectors: remote.map((name) => `'${name}'`).join(" and ") });
};
