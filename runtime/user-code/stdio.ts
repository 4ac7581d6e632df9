/** `io: stdio`: units on the program's standard input, answers on its standard output, JSON lines. */
import { openExchange } from "./exchange.ts";
import { lineFraming } from "./lines.ts";
import type { UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";

/** `command`: instead of the plan's, for our own runners. @throws RuntimeError "user-code-unavailable" */
export function openStdio(
  plan: UserCodePlan,
  services: UserCodeServices,
  command?: readonly string[],
): Promise<UserCode> {
  return openExchange(plan, services, lineFraming, {
    channel: "stdio",
    isReadyAtOnce: true,
    ...(command && { command }),
    connect: ({ input, output }) => ({ input: input!, output: output! }),
  });
}
