/** Triggers that would lose events: one that finishes closes its window, and what comes for it afterwards goes nowhere. */
import type { TriggerPlan } from "../../compiler/contract/runtime-config.ts";
import type { WindowRules } from "./operator.ts";

/** Why, in words; undefined for a trigger that loses nothing. */
export function unsafeTrigger({
  trigger,
  latenessMs,
}: Pick<WindowRules, "trigger" | "latenessMs">): string | undefined {
  if (!mayFinish(trigger) || trigger.kind === "never") return undefined;
  // Once the end is reached there is nothing more to come.
  if (trigger.kind === "after_watermark" && latenessMs === 0) return undefined;
  return `Unsafe trigger: '${trigger.kind}' may finish before the window does, and would lose what comes after`;
}

function mayFinish(trigger: TriggerPlan): boolean {
  switch (trigger.kind) {
    case "repeatedly":
      return false;
    case "after_watermark":
      return trigger.late === undefined;
    case "all_of":
    case "each_of":
      return trigger.of.every(mayFinish);
    case "first_of":
      return trigger.of.some(mayFinish);
    case "or_finally":
      return mayFinish(trigger.of) || mayFinish(trigger.until);
    default:
      return true;
  }
}
