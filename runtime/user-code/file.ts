/**
 * User code behind files: a unit is put into the folder `in`, its answer comes under the same name into the folder `out`. Where there is no command something else
 * reads and writes them, a container with which `folder` is shared: nothing is ended or started then.
 */
import { RuntimeError } from "../engine/runtime-error.ts";
import { FileUnits, sharedPath } from "./file-units.ts";
import { commandOf } from "./plan-options.ts";
import { Supervisor } from "./supervisor.ts";
import type { OpenUserCode, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";

export const openFile: OpenUserCode = (plan, services) => {
  const units = new FileUnits(plan, services);
  return commandOf(plan).length > 0 ? openProgram(plan, services, units) : openShared(plan, units);
};

/** Each start of the program gets folders of its own, so that nothing of the one before is taken for an answer. */
async function openProgram(plan: UserCodePlan, services: UserCodeServices, units: FileUnits): Promise<UserCode> {
  const supervisor = new Supervisor(plan, services, {
    channel: "none",
    isReadyAtOnce: true,
    begin: async (watchdog) => {
      const { inFolder, outFolder } = await units.take(watchdog);
      return { FLOW_IN: inFolder, FLOW_OUT: outFolder };
    },
    up: () => units.up(),
    drained: () => units.drained(),
    down: (reason) => units.down(reason, supervisor.mayBeItsStart),
    end: () => units.release(),
  });
  units.supervisor = supervisor;
  await supervisor.start();
  return units.userCode(
    () => supervisor.stop(),
    () => supervisor.abort(),
  );
}

async function openShared(plan: UserCodePlan, units: FileUnits): Promise<UserCode> {
  if (sharedPath(plan) === undefined) {
    const message = `'${plan.node}' has neither a 'command' to start nor a 'folder' that it shares with what answers.`;
    throw new RuntimeError("bad-config", message);
  }
  await units.take(undefined);
  units.up();
  const leave = () => units.release();
  return units.userCode(leave, leave);
}
