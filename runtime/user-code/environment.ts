/**
 * The environment of a user's program. Of ours it gets only what programs need to find their tools, their home and their language: whatever else we
 * were started with (tokens, FLOW_SECRET_…) stays with us. A step that needs more names it in its option `env`.
 */
import { basename } from "node:path";
import type { UserCodePlan } from "./user-code.ts";

const passedOn: ReadonlySet<string> = new Set(["PATH", "HOME", "USER", "SHELL", "LANG", "TZ", "TMPDIR"]);

/** `ours` is what the transport says (FLOW_SOCKET, PORT, …); the step's `env` wins over what is passed on, not over that. */
export function programEnvironment(
  plan: UserCodePlan,
  ours: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (passedOn.has(name) || name.startsWith("LC_"))) environment[name] = value;
  }
  const { env, io } = plan.options;
  if (typeof env === "object" && env !== null && !Array.isArray(env)) {
    for (const [name, value] of Object.entries(env)) environment[name] = String(value);
  }
  return {
    ...environment,
    FLOW_PIPELINE: plan.pipeline ?? "",
    FLOW_STEP: plan.node,
    FLOW_IO: typeof io === "string" ? io : "stdio",
    ...ours,
  };
}

/** For messages: the program's own name. */
export function programName(command: readonly string[]): string {
  return basename(command[0] ?? "");
}
