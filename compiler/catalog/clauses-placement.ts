/** The clauses that say where and how a node runs, and what it does with failures. */
import type { ClauseRow, OptionRow, Place } from "./rows.ts";

/** What a worker, or a container beside it, asks for. */
export const resourceOptions: readonly OptionRow[] = [
  { name: "cpu", kind: "string", doc: "A Kubernetes quantity: `500m`, `2`." },
  { name: "memory", kind: "string", doc: "A Kubernetes quantity: `256Mi`." },
  { name: "limits", kind: "map", doc: "Limits by name, when they differ from the requests." },
];

const replicas = (place: Place): ClauseRow => ({
  id: `${place}.replicas`,
  place,
  keyword: "replicas",
  parts: [
    {
      name: "replicas",
      kind: "replicas",
      default: "1",
      doc: "A number, `partitions` (as many as the input topic has), or a range.",
    },
    {
      name: "lag",
      word: "by lag",
      kind: "int",
      optional: true,
      doc: "With a range: one replica per so many events waiting.",
    },
  ],
  doc: "How many copies of the worker run.",
  example: "replicas 0..10 by lag 1000",
  since: "0.1",
  runtime: true,
});

const resources = (place: Place): ClauseRow => ({
  id: `${place}.resources`,
  place,
  keyword: "resources",
  parts: [
    {
      name: "resources",
      kind: "options",
      options: resourceOptions,
      doc: "Requests; memory is also the limit.",
    },
  ],
  doc: "What a worker asks of its machine.",
  example: 'resources { cpu: "500m", memory: "256Mi" }',
  since: "0.1",
  runtime: true,
});

const retry = (place: Place): ClauseRow => ({
  id: `${place}.retry`,
  place,
  keyword: "retry",
  parts: [
    { name: "count", kind: "int", doc: "How many times after the first." },
    {
      name: "backoff",
      word: "backoff",
      kind: "durations",
      optional: true,
      default: "100ms..10s",
      doc: "Shortest and longest wait; doubles in between, with jitter.",
    },
    {
      name: "else",
      word: "else",
      kind: "word",
      optional: true,
      default: "dead_letter",
      choices: [
        { name: "dead_letter", doc: "The event is kept with the reason." },
        { name: "drop", doc: "The event is dropped and counted." },
        { name: "fail", doc: "The pipeline stops." },
      ],
      doc: "What happens then.",
    },
  ],
  doc: "Tries again what failed for a reason that may pass.",
  example: "retry 5 backoff 100ms..10s else dead_letter",
  since: "0.1",
  runtime: true,
});

export const placementClauses: readonly ClauseRow[] = [
  ...(["pipeline", "source", "step", "window", "chunk", "sink"] as const).flatMap((place) => [
    replicas(place),
    resources(place),
  ]),
  retry("step"),
  retry("sink"),
];
