/** The connectors that the runtime has, by catalogue name. Written out: nothing registers itself. */
import type { Connector } from "../engine/connector.ts";
import { cron } from "./cron.ts";
import { file } from "./file.ts";
import { generate } from "./generate.ts";
import { http } from "./http.ts";
import { log } from "./log.ts";
import { memoryBroker } from "./memory.ts";
import { stdin } from "./stdin.ts";
import { stdout } from "./stdout.ts";

/** A fresh set for one run; a test that wants to see into `memory` gives its own broker's connector. */
export function builtInConnectors(memory: Connector = memoryBroker().connector): ReadonlyMap<string, Connector> {
  return new Map(
    [file, stdin, stdout, log, generate, cron, http, memory].map((connector) => [connector.type, connector]),
  );
}
