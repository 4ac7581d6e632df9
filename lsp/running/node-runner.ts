/** The runner as a thread of Node. It has a memory of its own that is limited, no environment, and nothing to write to. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { RunMessage } from "../../runtime/editor/messages.ts";
import type { StartRunner } from "./runner.ts";

/** In a bundle beside it or above its parts; without one, where its text is. */
const places = ["./flow-runner.js", "../flow-runner.js", "../../runtime/editor/node-worker.ts"];

const mostMemoryMb = 512;

export const nodeRunner: StartRunner = ({ told, lost }) => {
  const file = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (file === undefined) throw new Error("The program that runs tests is not installed beside the server.");
  const worker = new Worker(file, {
    env: {},
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  // Standard output belongs to the protocol.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();
  worker.on("message", (message: RunMessage) => told(message));
  worker.on("error", (error: Error) => lost(reasonOf(error)));
  worker.on("exit", () => lost("It ended by itself."));
  return {
    send: (request) => worker.postMessage(request),
    stop: () => {
      worker.removeAllListeners();
      worker.on("error", () => {});
      void worker.terminate();
    },
  };
};

function reasonOf(error: Error): string {
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return `It needs more than ${mostMemoryMb} MB of memory.`;
  return error.stack ?? error.message;
}
