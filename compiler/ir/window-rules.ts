/** The rules of a window from its clauses: `early`, `late` and `panes` become a tree of triggers, and every default is said. */
import type { TriggerPlan } from "../contract/runtime-config.ts";
import type { IrClause, IrValue, IrWindowRules } from "./ir.ts";

export function windowRules(clauses: readonly IrClause[]): IrWindowRules {
  const has = (keyword: string): boolean => clauses.some((clause) => clause.keyword === keyword);
  const panes = wordOf(partOf(clauses, "panes", "mode"));
  const mode = panes === "discard" || panes === "retract" ? panes : "accumulate";
  return {
    trigger: triggerOf(repeatedTrigger(clauses, "early"), repeatedTrigger(clauses, "late")),
    onTime: mode === "discard" ? "if_new" : "always",
    closing: "if_new",
    panes: mode,
    timestamp: has("global") || has("count") ? "latest" : "end",
    lateBy: "merged",
  };
}

/** Without either, every event that comes late makes a pane; that is what `late` says when only `early` is given. */
function triggerOf(early: TriggerPlan | undefined, late: TriggerPlan | undefined): TriggerPlan {
  if (early === undefined && late === undefined) return { kind: "repeatedly", of: { kind: "after_watermark" } };
  return { kind: "after_watermark", ...(early && { early }), late: late ?? { kind: "after_count", count: 1 } };
}

function repeatedTrigger(clauses: readonly IrClause[], keyword: string): TriggerPlan | undefined {
  const delayMs = msOf(partOf(clauses, keyword, "every"));
  if (delayMs !== undefined) return { kind: "after_processing_time", delayMs };
  const count = countOf(partOf(clauses, keyword, "after"));
  return count === undefined ? undefined : { kind: "after_count", count };
}

function partOf(clauses: readonly IrClause[], keyword: string, part: string): IrValue | undefined {
  return clauses.find((clause) => clause.keyword === keyword)?.values.find(([name]) => name === part)?.[1];
}

const wordOf = (value: IrValue | undefined): string | undefined => (value?.kind === "word" ? value.value : undefined);

function msOf(value: IrValue | undefined): number | undefined {
  if (value?.kind !== "constant") return undefined;
  const constant = value.value;
  return typeof constant === "object" && constant !== null && "ms" in constant ? constant.ms : undefined;
}

function countOf(value: IrValue | undefined): number | undefined {
  if (value?.kind !== "constant") return undefined;
  return typeof value.value === "number" || typeof value.value === "bigint" ? Number(value.value) : undefined;
}
