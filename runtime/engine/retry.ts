/** How often and how long to wait before trying again: exponential with jitter, always bounded. */
import type { RetryPlan } from "../../compiler/contract/runtime-config.ts";
import { RuntimeError } from "./runtime-error.ts";

/** For a sink that says nothing: five more tries within some six seconds, then the run fails. */
export const defaultRetry: RetryPlan = { count: 5, backoffMs: [100, 10_000], else: "fail" };

/** The wait before try number `attempt` (1 = the first again): doubles, is at most the longest, and is cut by up to half at random. */
export function backoffMs(plan: RetryPlan, attempt: number, random: () => number): number {
  const [shortest, longest] = plan.backoffMs;
  const full = Math.min(longest, shortest * 2 ** Math.min(attempt - 1, 50));
  return full * (0.5 + random() / 2);
}

export function isRetryable(error: unknown): boolean {
  return error instanceof RuntimeError && error.retryable;
}
