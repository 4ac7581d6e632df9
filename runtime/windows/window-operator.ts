/** From a window's plan to the class that runs it: the plainest that its rules allow. */
import type { TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import { checkedSession } from "./assign.ts";
import type { CellCode } from "./cell.ts";
import { CountOperator } from "./count-operator.ts";
import { FixedOperator } from "./fixed-operator.ts";
import type { WindowOperator, WindowRules, WindowServices } from "./operator.ts";
import { PlainOperator } from "./plain-operator.ts";
import { PlainSessionOperator } from "./plain-session-operator.ts";
import { SessionOperator } from "./session-operator.ts";
import { SliceOperator } from "./slice-operator.ts";
import { unsafeTrigger } from "./unsafe-trigger.ts";

export type { Cell, CellCode, CellState, Hash, PaneInfo, TimeWindow } from "./cell.ts";
export type { WindowOperator, WindowRules, WindowServices } from "./operator.ts";

/** Aggregates that are the same whatever order events come in and parts are merged in. */
const sums: ReadonlySet<string> = new Set(["count", "sum", "min", "max", "avg", "stddev", "quantile"]);

/** @throws Error for rules that cannot be meant: they would lose events. */
export function windowOperator(rules: WindowRules, code: CellCode, services: WindowServices): WindowOperator {
  const unsafe = unsafeTrigger(rules);
  if (unsafe !== undefined) throw new Error(unsafe);
  return makeOperator(rules, code, services);
}

/** The same for rules that may lose events, which only who asks for them by hand can want. */
export function makeOperator(rules: WindowRules, code: CellCode, services: WindowServices): WindowOperator {
  const { assign } = rules;
  if (assign.kind === "count") return new CountOperator(rules, code, services);
  if (assign.kind === "session") checkedSession(assign);
  if (!givesOnePane(rules)) {
    return assign.kind === "session"
      ? new SessionOperator(rules, code, services)
      : new PlainOperator(rules, code, services);
  }
  switch (assign.kind) {
    case "session":
      return assign.maxMs === undefined && rules.timestamp === "end"
        ? new PlainSessionOperator(rules, code, services)
        : new SessionOperator(rules, code, services);
    case "sliding":
      return isSlices(rules) ? new SliceOperator(rules, code, services) : new PlainOperator(rules, code, services);
    case "global":
      return rules.timestamp === "latest"
        ? new FixedOperator(rules, code, services)
        : new PlainOperator(rules, code, services);
    case "fixed":
      return rules.timestamp === "end"
        ? new FixedOperator(rules, code, services)
        : new PlainOperator(rules, code, services);
  }
}

/** `windowOperator` gives a FixedOperator. */
export function isPlainFixed(rules: WindowRules): boolean {
  const timestamp = { fixed: "end", global: "latest", sliding: "", session: "", count: "" }[rules.assign.kind];
  return rules.timestamp === timestamp && givesOnePane(rules);
}

/** A cell gives a pane when its window ends, and is freed then. */
function givesOnePane({ latenessMs, trigger }: WindowRules): boolean {
  return latenessMs === 0 && isEnd(trigger);
}

function isEnd(trigger: TriggerPlan): boolean {
  if (trigger.kind === "repeatedly") return isEnd(trigger.of);
  return trigger.kind === "after_watermark" && trigger.early === undefined;
}

/** Sharing needs windows that overlap, and sums that do not tell how they were put together. */
function isSlices({ assign, timestamp, aggregates }: WindowRules): boolean {
  return (
    assign.kind === "sliding" &&
    timestamp === "end" &&
    assign.everyMs < assign.sizeMs &&
    aggregates.every(({ fn }) => sums.has(fn))
  );
}
