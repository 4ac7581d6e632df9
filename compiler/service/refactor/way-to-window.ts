/** The way of events from a source through steps into a window, and how that window is cut: what can be foreseen, and why not. */
import type { Constant, ModelClause, ModelNode } from "../../semantics/model.ts";

/** A window that reads one source through steps; or why it is none, in a sentence. */
export interface Way {
  readonly source: ModelNode;
  readonly window: ModelNode;
  /** In the order of the data. */
  readonly steps: readonly ModelNode[];
}

export function wayTo(window: ModelNode): Way | string {
  const steps: ModelNode[] = [];
  for (let at = window; ; ) {
    const [input, another] = at.inputs;
    if (another) return `'${at.name}' reads several nodes.`;
    const before = input?.node;
    if (!input || !before || input.output !== "main" || input.otherwise)
      return `'${at.name}' does not read plain events.`;
    if (before.kind === "source") {
      const slow = throttleBelow(before);
      if (slow) return `'${slow}' throttles '${before.name}', which waits then.`;
      return { source: before, window, steps: steps.toReversed() };
    }
    if (before.kind !== "step" || steps.length > 50)
      return `'${before.name}', which is before it, is a ${before.kind}.`;
    steps.push(before);
    at = before;
  }
}

/** A node that makes the source wait, on this way or on another. */
function throttleBelow(source: ModelNode): string | undefined {
  const met = new Set([source]);
  for (const one of met) {
    if (one.clauses.some(({ keyword }) => keyword === "throttle")) return one.name;
    for (const { node } of one.readers) met.add(node);
  }
  return undefined;
}

/** How a window is cut: its kind, and its times in ms. */
export interface Cut {
  readonly kind: "fixed" | "session" | "global" | "count";
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly count: number;
}

export function cutOf({ clauses }: ModelNode): Cut | string {
  const clause = (keyword: string): ModelClause | undefined => clauses.find((one) => one.keyword === keyword);
  for (const other of ["early", "join"])
    if (clause(other)) return `It has '${other}', which gives more panes than one.`;
  const constant = (of: ModelClause | undefined, part: string): Constant | undefined => {
    const value = of?.values.get(part);
    return value?.kind === "constant" ? value.value : undefined;
  };
  const [fixed, session, count] = [clause("fixed"), clause("session"), clause("count")];
  const none = { sizeMs: 0, offsetMs: 0, count: 0 };
  if (clause("global")) return { ...none, kind: "global" };
  if (count) {
    const most = Number(constant(count, "count"));
    return most >= 1 && most <= 20 ? { ...none, kind: "count", count: most } : "It takes too many events.";
  }
  const sizeMs = millis(fixed ? constant(fixed, "size") : constant(session, "gap"));
  const offset = constant(fixed, "offset");
  const offsetMs = offset === undefined ? 0 : millis(offset);
  if (sizeMs === undefined || offsetMs === undefined || offsetMs < 0 || sizeMs < 100)
    return "Only windows of a fixed size, sessions, and those of all time or of a few events are foreseen.";
  return { kind: fixed ? "fixed" : "session", sizeMs, offsetMs, count: 0 };
}

const millis = (constant: Constant | undefined): number | undefined =>
  typeof constant === "object" &&
  constant !== null &&
  "kind" in constant &&
  constant.kind === "duration" &&
  Number.isInteger(constant.ms)
    ? constant.ms
    : undefined;
