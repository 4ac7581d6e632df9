/** FLOW4018: more windows for each event than can be kept. FLOW4019: a clause that does nothing for a window of this kind. */
import { isDuration } from "../constants.ts";
import type { ModelClause } from "../model.ts";
import { clauseOf, type NodeEntry } from "../node-entry.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

/** A week that begins every minute has 10,080. */
const maxWindowsPerEvent = 20_000;

export const windowClauses: Check = (checked) => {
  for (const node of checked.graph.nodes) {
    if (node.kind !== "window") continue;
    checkSliding(node, checked);
    if (!clauseOf(node, "join")) checkEffects(node, checked);
  }
};

function checkSliding(node: NodeEntry, { declared }: CheckedProgram): void {
  const clause = clauseOf(node, "sliding");
  if (!clause) return;
  const [size, every] = [millisecondsOf(clause, "size"), millisecondsOf(clause, "every")];
  if (size === undefined || every === undefined || every <= 0) return;
  const count = Math.ceil(size / every);
  if (count <= maxWindowsPerEvent) return;
  declared.program.main.report("FLOW4018", clause.syntax.keyword.span, {
    window: node.name,
    count,
    limit: maxWindowsPerEvent,
  });
}

function millisecondsOf({ values }: ModelClause, part: string): number | undefined {
  const value = values.get(part);
  return value?.kind === "constant" && isDuration(value.value) ? value.value.ms : undefined;
}

interface Rule {
  readonly clauses: readonly string[];
  readonly applies: (node: NodeEntry) => boolean;
  readonly why: string;
}

const has = (node: NodeEntry, keyword: string): boolean => clauseOf(node, keyword) !== undefined;

const rules: readonly Rule[] = [
  {
    clauses: ["lateness", "early", "late"],
    applies: (node) => has(node, "count"),
    why: "a window of 'count' gives its result with its last event, whatever the time",
  },
  {
    clauses: ["lateness", "late"],
    applies: (node) => has(node, "global"),
    why: "a 'global' window ends with its input, so nothing is late for it",
  },
  {
    clauses: ["late"],
    applies: (node) => !has(node, "lateness") && !has(node, "count") && !has(node, "global"),
    why: "without 'lateness' no event is taken after the window's end",
  },
];

function checkEffects(node: NodeEntry, { declared }: CheckedProgram): void {
  for (const { clauses, applies, why } of rules) {
    if (!applies(node)) continue;
    for (const keyword of clauses) {
      const clause = clauseOf(node, keyword);
      if (clause)
        declared.program.main.report("FLOW4019", clause.syntax.keyword.span, {
          window: node.name,
          clause: keyword,
          why,
        });
    }
  }
}
