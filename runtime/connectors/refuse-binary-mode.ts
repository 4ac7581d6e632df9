/** Connectors without headers cannot write CloudEvents in binary mode: its attributes would be lost. */
import type { OpenContext } from "../engine/connector.ts";
import { RuntimeError } from "../engine/runtime-error.ts";

export function refuseBinaryMode(context: OpenContext, what: string): void {
  if (context.format.type !== "cloudevents" || context.format.options.mode !== "binary") return;
  throw new RuntimeError(
    "bad-config",
    `${what} has no headers for the attributes of a CloudEvent in binary mode. Give '${context.node}' the format 'cloudevents { mode: structured }'.`,
  );
}
