/** Runs a stage that reads no topic but writes some between stages: it makes them, and tells how far it has come, as the one task that it is. */
import type { RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import { systemClock } from "../engine/clock.ts";
import type { Log } from "../engine/connector.ts";
import { type Run, runPipeline } from "../engine/run.ts";
import type { RunServices } from "../engine/run-services.ts";
import { type ClientServices, Clients } from "./clients.ts";

const tellEveryMs = 100;

export async function runIntoTopics(config: RuntimeConfig, services: RunServices & ClientServices): Promise<Run> {
  const log: Log = services.log ?? { info: () => {}, warn: () => {} };
  const clients = new Clients(config, services, log);
  try {
    await clients.makeTopics();
  } finally {
    await clients.close();
  }
  const task = { from: `${config.stage}/0`, of: 1 };
  const run = runPipeline(config, { ...services, task });
  const clock = services.clock ?? systemClock;
  let cancel = () => {};
  const tell = () => {
    run.tellWatermarks(task.from, task.of);
    cancel = clock.after(tellEveryMs, tell);
  };
  cancel = clock.after(tellEveryMs, tell);
  const ended = () => cancel();
  run.done.then(ended, ended);
  return run;
}
