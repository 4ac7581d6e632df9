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

/** The messages that failed, where the sink says which. */
export function failingOf(error: unknown): ReadonlySet<unknown> | "all" {
  return error instanceof RuntimeError && error.failing !== undefined ? error.failing : "all";
}

/** How often each message of a batch has failed: one that fails for good does not use up the tries of the others. */
export class Tries {
  private readonly byMessage = new Map<unknown, number>();

  /** @returns which have failed more than `most` times, if any, and how often the most tried of the failing has failed */
  count(
    failing: ReadonlySet<unknown> | "all",
    most: number,
  ): { readonly attempt: number; readonly spent: ReadonlySet<unknown> | "all" | undefined } {
    const messages: Iterable<unknown> = failing === "all" ? ["all"] : failing;
    const spent = new Set<unknown>();
    let attempt = 0;
    for (const message of messages) {
      const tries = (this.byMessage.get(message) ?? 0) + 1;
      this.byMessage.set(message, tries);
      attempt = Math.max(attempt, tries);
      if (tries > most) spent.add(message);
    }
    if (spent.size === 0) return { attempt, spent: undefined };
    return { attempt, spent: failing === "all" ? "all" : spent };
  }
}
