/**
 * User code behind HTTP: the program listens, each unit is a request, several at once. Where there is no command the server runs elsewhere: it is only connected to, and
 * nothing is ended or started.
 */
import { RuntimeError } from "../engine/runtime-error.ts";
import { addressEnv, freePortAddress, type HttpAddress, type HttpPlace, httpPlace, socketIn } from "./http-address.ts";
import { untilReady } from "./http-ready.ts";
import { HttpUnits } from "./http-units.ts";
import { commandOf, readyLimitMsOf } from "./plan-options.ts";
import { privateFolder } from "./private-folder.ts";
import { Supervisor } from "./supervisor.ts";
import type { OpenUserCode, UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";
import type { Watchdog } from "./watchdog.ts";

export const openHttp: OpenUserCode = (plan, services) => {
  const { url } = plan.options;
  const place = httpPlace(typeof url === "string" ? url : undefined, plan.node);
  const units = new HttpUnits(plan, services);
  return commandOf(plan).length > 0
    ? openProgram(plan, services, place, units)
    : openServer(plan, services, place, units);
};

async function openProgram(
  plan: UserCodePlan,
  services: UserCodeServices,
  place: HttpPlace,
  units: HttpUnits,
): Promise<UserCode> {
  let taken: Taken | undefined;
  let host: string | undefined;
  const supervisor = new Supervisor(plan, services, {
    channel: "none",
    begin: async (watchdog) => {
      taken = await take(place, watchdog);
      return addressEnv(taken.address);
    },
    ready: async (_, signal) => {
      host = (await untilReady(taken!.address, readyPath(plan), services.clock, signal))?.host;
    },
    up: () => units.up(taken!.address, host),
    drained: () => units.drained(),
    down: (reason) => units.down(reason),
    end: () => taken?.release(),
  });
  units.supervisor = supervisor;
  await supervisor.start();
  return units.userCode(
    () => supervisor.stop(),
    () => supervisor.abort(),
  );
}

/** @throws RuntimeError "user-code-unavailable" */
async function openServer(
  plan: UserCodePlan,
  services: UserCodeServices,
  place: HttpPlace,
  units: HttpUnits,
): Promise<UserCode> {
  if (place.kind !== "fixed")
    throw new RuntimeError("bad-config", `'${plan.node}' has neither a 'command' to start nor a 'url' to connect to.`);
  const { address } = place;
  const limitMs = readyLimitMsOf(plan);
  const late = new AbortController();
  const cancel = services.clock.after(limitMs, () => late.abort());
  const ready = await untilReady(address, readyPath(plan), services.clock, late.signal);
  cancel();
  if (ready === undefined) {
    const message = `'${plan.node}' found nothing ready at ${address.shown} within ${limitMs / 1000}s.`;
    throw new RuntimeError("user-code-unavailable", message);
  }
  units.up(address, ready.host);
  return units.userCode(
    async () => {},
    async () => {},
  );
}

function readyPath(plan: UserCodePlan): string | undefined {
  const { ready } = plan.options;
  return typeof ready === "string" && ready !== "" ? ready : undefined;
}

interface Taken {
  readonly address: HttpAddress;
  release(): Promise<void> | void;
}

async function take(place: HttpPlace, watchdog: Watchdog): Promise<Taken> {
  switch (place.kind) {
    case "fixed":
      return { address: place.address, release: () => {} };
    case "free-port":
      return { address: await freePortAddress(), release: () => {} };
    case "private-socket": {
      const folder = await privateFolder(watchdog);
      return { address: socketIn(folder.path), release: () => folder.remove() };
    }
  }
}
