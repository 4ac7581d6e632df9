/** The options of a plan, by name and with their defaults, for every transport. */
import type { UserCodePlan } from "./user-code.ts";

/** `command` and `args`, one after the other. */
export function commandOf(plan: UserCodePlan): readonly string[] {
  return [...textsOf(plan.options.command), ...textsOf(plan.options.args)];
}

/** How long the oldest unit may wait for its answer. */
export function timeoutMsOf(plan: UserCodePlan): number {
  return numberOf(plan, "timeout", 30_000);
}

/** How long the program may take to end when it is asked to. */
export function graceMsOf(plan: UserCodePlan): number {
  return numberOf(plan, "grace", 10_000);
}

/** How long it may take from start to ready. */
export function readyLimitMsOf(plan: UserCodePlan): number {
  return Math.max(30_000, timeoutMsOf(plan));
}

/** Where relative paths begin, the program's working directory. */
export function directoryOf(plan: UserCodePlan): string {
  return plan.baseDirectory ?? process.cwd();
}

export function numberOf(plan: UserCodePlan, name: string, otherwise: number): number {
  const value = plan.options[name];
  return typeof value === "number" ? value : otherwise;
}

/** As in a .flow file: `30s`, `1500ms`. */
export function durationText(durationMs: number): string {
  return durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
