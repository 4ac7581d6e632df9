/** Counts bad events by node and reason, and makes their records. Where they go is not decided here. */
import type { NodePlan } from "../../compiler/contract/runtime-config.ts";
import { type BadEvent, badEvent, type Place } from "./bad-event.ts";
import type { Current } from "./current.ts";
import { RuntimeError } from "./runtime-error.ts";

export interface ReasonCount {
  readonly node: string;
  readonly operator?: string;
  readonly reason: string;
  readonly count: number;
}

/** Reasons kept apart; beyond these, which only data full of different mistakes has, a node's are counted together. */
const maxReasons = 200;

export class Failures {
  total = 0;
  private readonly nodes: readonly NodePlan[];
  private readonly current: Current;
  private readonly policy: "dead_letter" | "fail";
  private readonly counts = new Map<
    string,
    { readonly node: string; readonly operator: string | undefined; readonly reason: string; count: number }
  >();

  constructor(nodes: readonly NodePlan[], current: Current, policy: "dead_letter" | "fail") {
    this.nodes = nodes;
    this.current = current;
    this.policy = policy;
  }

  /** @param operator its number in a step; -1 for the `where` of an edge */
  bad(node: number, operator: number, error: unknown): BadEvent {
    return this.count(badEvent(placeOf(this.nodes[node]!, operator), this.current, error));
  }

  /** @throws RuntimeError "bad-event" under `errors fail` */
  count(bad: BadEvent): BadEvent {
    this.total++;
    if (this.policy === "fail") {
      const where = bad.operator === undefined ? `'${bad.node}'` : `'${bad.node}', ${bad.operator}`;
      throw new RuntimeError(
        "bad-event",
        `Bad event at ${bad.position}: ${bad.reason} (${where}, ${bad.at}). The pipeline says 'errors fail'.`,
      );
    }
    const key = JSON.stringify([bad.node, bad.operator, bad.reason]);
    const known = this.counts.get(key) ?? this.newReason(key, bad);
    known.count++;
    return bad;
  }

  /** All that has been counted, for a checkpoint; `restore` takes it up. */
  state(): unknown {
    return {
      total: this.total,
      counts: [...this.counts].map(([key, { node, operator, reason, count }]) => [key, node, operator, reason, count]),
    };
  }

  restore(state: Readonly<Record<string, unknown>>): void {
    this.total = Number(state.total);
    for (const [key, node, operator, reason, count] of Array.isArray(state.counts) ? state.counts : [])
      this.counts.set(key, { node, operator, reason, count });
  }

  /** Most frequent first. */
  reasons(): readonly ReasonCount[] {
    return [...this.counts.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ node, operator, reason, count }) => ({
        node,
        ...(operator === undefined ? {} : { operator }),
        reason,
        count,
      }));
  }

  private newReason(key: string, bad: BadEvent) {
    const isOne = this.counts.size < maxReasons;
    const reason = isOne ? bad.reason : "other reasons";
    const operator = isOne ? bad.operator : undefined;
    const at = isOne ? key : JSON.stringify([bad.node, undefined, reason]);
    const entry = this.counts.get(at) ?? { node: bad.node, operator, reason, count: 0 };
    this.counts.set(at, entry);
    return entry;
  }
}

function placeOf(node: NodePlan, operator: number): Place {
  const plan = node.kind === "step" ? node.operators[operator] : undefined;
  if (operator === -1) return { node: node.name, operator: "where", at: node.at };
  return plan === undefined ? { node: node.name, at: node.at } : { node: node.name, operator: plan.op, at: plan.at };
}
