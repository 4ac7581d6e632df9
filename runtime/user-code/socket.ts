/** `io: socket`: we listen on a Unix socket, the program connects once and stays connected; JSON lines, or frames with a length before each. */
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { openExchange } from "./exchange.ts";
import { lengthFraming } from "./length-frames.ts";
import { lineFraming } from "./lines.ts";
import { type PrivateFolder, privateFolder } from "./private-folder.ts";
import type { UserCode, UserCodePlan, UserCodeServices } from "./user-code.ts";

/** @throws RuntimeError "user-code-unavailable" */
export function openSocket(plan: UserCodePlan, services: UserCodeServices): Promise<UserCode> {
  let folder: PrivateFolder | undefined;
  let server: Server | undefined;
  let connection: Promise<Socket> | undefined;
  return openExchange(plan, services, plan.options.frames === "length" ? lengthFraming : lineFraming, {
    channel: "none",
    begin: async (watchdog) => {
      folder = await privateFolder(watchdog);
      const path = join(folder.path, "socket");
      server = createServer({ allowHalfOpen: true });
      connection = firstConnection(server);
      await listen(server, path);
      return { FLOW_SOCKET: path };
    },
    connect: async (_program, signal) => {
      const socket = await Promise.race([connection!, aborted(signal)]);
      return { input: socket, output: socket };
    },
    end: async () => {
      server?.close();
      server = undefined;
      await folder?.remove();
      folder = undefined;
    },
  });
}

/** One is enough: who comes later is refused. */
function firstConnection(server: Server): Promise<Socket> {
  return new Promise((resolve) => {
    server.once("connection", (socket) => {
      server.close();
      server.on("connection", (late) => late.destroy());
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

/** The caller knows why; it only must not wait. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("It did not connect.")), { once: true });
  });
}
