/** Windows and chunks as the runtime takes them. */

import type { ExprTree } from "../../contract/expr-tree.ts";
import type { AggregatePlan, AssignPlan, ChunkPlan, WindowPlan } from "../../contract/runtime-config.ts";
import type { IrExpression, IrNode } from "../../ir/ir.ts";
import { clauseOf, exprPart, exprsPart, msPart, numberPart, type Parts, wordPart } from "./parts.ts";
import { shiftSlots } from "./shift-slots.ts";

type Own<P> = Omit<P, "kind" | "name" | "at" | "from">;

export function windowPlan(node: IrNode): Own<WindowPlan> {
  const clause = (keyword: string) => clauseOf(node.clauses, keyword);
  const join = joinPlan(clause("join"));
  const { where, emit, aggregates } = results(exprPart(clause("where"), "where"), exprPart(clause("emit"), "emit"));
  if (emit === undefined || node.windowRules === undefined) {
    throw new Error(`bug: window '${node.name}' without 'emit' or rules`);
  }
  return {
    key: exprsPart(clause("key"), "key").map((key) => key.tree),
    assign: assignPlan(node),
    latenessMs: msPart(clause("lateness"), "lateness") ?? 0,
    ...node.windowRules,
    ...(join && { join }),
    aggregates,
    ...(where && { where }),
    emit,
  };
}

export function chunkPlan(node: IrNode): Own<ChunkPlan> {
  const clause = (keyword: string) => clauseOf(node.clauses, keyword);
  const size = numberPart(clause("size"), "size");
  const bytes = numberPart(clause("bytes"), "bytes");
  const everyMs = msPart(clause("every"), "every");
  const startWhen = exprPart(clause("start"), "when")?.tree;
  const endWhen = exprPart(clause("end"), "when")?.tree;
  const { emit, aggregates } = results(undefined, exprPart(clause("emit"), "emit"));
  return {
    key: exprsPart(clause("key"), "key").map((key) => key.tree),
    ...(size === undefined ? {} : { size }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(startWhen && { startWhen }),
    ...(endWhen && { endWhen }),
    window: clause("window") !== undefined,
    aggregates,
    ...(emit && { emit }),
  };
}

/** `where` and `emit` share one list of aggregates; equal ones are one. */
function results(where: IrExpression | undefined, emit: IrExpression | undefined) {
  const aggregates: AggregatePlan[] = [];
  const add = (expression: IrExpression | undefined): ExprTree | undefined => {
    if (expression === undefined) return undefined;
    const slots = expression.aggregates.map((aggregate) => {
      if (aggregates.every(({ fn }) => fn !== aggregate.fn)) return aggregates.push(aggregate) - 1;
      const text = JSON.stringify(aggregate);
      const known = aggregates.findIndex((one) => JSON.stringify(one) === text);
      return known >= 0 ? known : aggregates.push(aggregate) - 1;
    });
    return shiftSlots(expression.tree, slots);
  };
  return { where: add(where), emit: add(emit), aggregates };
}

function assignPlan(node: IrNode): AssignPlan {
  const clause = (keyword: string) => clauseOf(node.clauses, keyword);
  const fixed = clause("fixed");
  if (fixed) return { kind: "fixed", sizeMs: msPart(fixed, "size") ?? 0, offsetMs: msPart(fixed, "offset") ?? 0 };
  const sliding = clause("sliding");
  if (sliding)
    return {
      kind: "sliding",
      sizeMs: msPart(sliding, "size") ?? 0,
      everyMs: msPart(sliding, "every") ?? 0,
      offsetMs: 0,
    };
  const session = clause("session");
  if (session) {
    const maxMs = msPart(session, "max");
    return { kind: "session", gapMs: msPart(session, "gap") ?? 0, ...(maxMs === undefined ? {} : { maxMs }) };
  }
  const count = clause("count");
  if (count) return { kind: "count", count: numberPart(count, "count") ?? 1 };
  return { kind: "global" };
}

function joinPlan(parts: Parts | undefined): WindowPlan["join"] | undefined {
  const on = exprPart(parts, "on");
  if (on === undefined) return undefined;
  const mode = wordPart(parts, "mode");
  return { on: on.tree, kind: mode === "left" || mode === "outer" ? mode : "inner" };
}
