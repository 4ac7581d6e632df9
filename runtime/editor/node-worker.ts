/** A runner as a thread of Node. */
import { parentPort } from "node:worker_threads";
import type { RunRequest } from "./messages.ts";
import { work } from "./work.ts";

const port = parentPort;
port?.on("message", (request: RunRequest) => void work(request, (message) => port.postMessage(message)));
port?.postMessage({ kind: "ready" });
