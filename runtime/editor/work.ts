/** One request of an editor, worked off. Never throws: what is our fault is told as a problem. */
import { runTest } from "../testing/run-test.ts";
import type { RunMessage, RunRequest } from "./messages.ts";
import { runHere } from "./run-here.ts";

export async function work(request: RunRequest, tell: (message: RunMessage) => void): Promise<void> {
  try {
    if (request.kind === "here") tell({ kind: "here", outcome: await runHere(request) });
    else await runTests(request.plans, request.config, tell);
    tell({ kind: "done" });
  } catch (error) {
    tell({ kind: "done", problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function runTests(
  plans: Extract<RunRequest, { readonly kind: "tests" }>["plans"],
  config: RunRequest["config"],
  tell: (message: RunMessage) => void,
): Promise<void> {
  for (const [plan, one] of plans.entries()) {
    tell({ kind: "began", plan });
    const { failures, durationMs, virtualMs } = await runTest(one, config);
    tell({ kind: "tested", plan, outcome: { failures, durationMs, virtualMs } });
  }
}
