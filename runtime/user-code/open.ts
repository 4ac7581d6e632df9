/** Opens user code by the way its step says: each transport is loaded when it is first used. */
import { bug } from "../engine/runtime-error.ts";
import type { OpenUserCode } from "./user-code.ts";

export const openUserCode: OpenUserCode = async (plan, services) => {
  if (plan.code !== undefined) return (await import("./javascript.ts")).openJavascript(plan, services);
  switch (plan.options.io ?? "http") {
    case "stdio":
      return (await import("./stdio.ts")).openStdio(plan, services);
    case "fifo":
      return (await import("./fifo.ts")).openFifo(plan, services);
    case "socket":
      return (await import("./socket.ts")).openSocket(plan, services);
    case "http":
      return (await import("./http.ts")).openHttp(plan, services);
    case "file":
      return (await import("./file.ts")).openFile(plan, services);
    default:
      return bug(`no way to user code is called ${JSON.stringify(plan.options.io)}`);
  }
};
