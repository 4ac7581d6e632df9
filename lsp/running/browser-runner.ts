/**
 * The runner in a browser: a worker of its own, so that a pipeline that does not end can be stopped. Where the page allows the server none, the engine is loaded
 * into the server's own worker instead; there a test that does not end cannot be stopped, and everything else is the same.
 */
import type { RunMessage, RunRequest } from "../../runtime/editor/messages.ts";
import type { Runner, RunnerEvents, StartRunner } from "./runner.ts";

/** What is used of a worker's global scope. */
interface Scope {
  Worker?: new (url: string) => WorkerLike;
  importScripts?(url: string): void;
  location?: { readonly href: string };
  /** What `runtime/editor/browser-worker.ts` leaves when it is loaded into another worker. */
  flowRunner?: "wanted" | ((request: RunRequest, tell: (message: RunMessage) => void) => Promise<void>);
}

interface WorkerLike {
  onmessage: ((event: { readonly data: RunMessage }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault?(): void }) => void) | null;
  postMessage(request: RunRequest): void;
  terminate(): void;
}

const scope = globalThis as object as Scope;

/** @param url of `flow-runner-worker.js`, as the client says; by default it lies beside the server */
export function browserRunner(url: string | undefined): StartRunner {
  return (events) => {
    const script = url ?? besideServer();
    if (script === undefined)
      throw new Error("The client has not said where the program that runs tests is: initializationOptions.runner.");
    return workerRunner(script, events) ?? ownRunner(script, events);
  };
}

const besideServer = (): string | undefined => {
  const href = scope.location?.href;
  return href === undefined || !/^https?:/.test(href) ? undefined : new URL("flow-runner-worker.js", href).href;
};

/** Over a script of our own origin, as a worker from elsewhere is not allowed, but for one to import it is. */
function workerRunner(script: string, events: RunnerEvents): Runner | undefined {
  if (scope.Worker === undefined) return undefined;
  const bootstrap = new Blob([`importScripts(${JSON.stringify(script)});`], { type: "text/javascript" });
  const bootstrapUrl = URL.createObjectURL(bootstrap);
  let runner: Runner;
  const waiting: RunRequest[] = [];
  let isReady = false;
  try {
    const worker = new scope.Worker(bootstrapUrl);
    worker.onmessage = ({ data }) => {
      if (!isReady) URL.revokeObjectURL(bootstrapUrl);
      isReady = true;
      events.told(data);
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      if (isReady) return events.lost(event.message ?? "It has failed.");
      // It could not be loaded: perhaps a worker inside a worker is not allowed.
      worker.terminate();
      runner = ownRunner(script, events);
      for (const request of waiting) runner.send(request);
    };
    runner = {
      send: (request) => {
        waiting.push(request);
        worker.postMessage(request);
      },
      stop: () => worker.terminate(),
    };
  } catch {
    return undefined;
  }
  return { send: (request) => runner.send(request), stop: () => runner.stop() };
}

function ownRunner(script: string, { told, lost }: RunnerEvents): Runner {
  let isStopped = false;
  const load = () => {
    if (typeof scope.flowRunner !== "function") {
      scope.flowRunner = "wanted";
      scope.importScripts?.(script);
    }
    if (typeof scope.flowRunner !== "function") throw new Error(`${script} is not the program that runs tests.`);
    return scope.flowRunner;
  };
  return {
    send: (request) => {
      const tell = (message: RunMessage): void => {
        if (!isStopped) told(message);
      };
      try {
        const work = load();
        tell({ kind: "ready" });
        void work(request, tell);
      } catch (error) {
        queueMicrotask(() => lost(error instanceof Error ? error.message : String(error)));
      }
    },
    stop: () => {
      isStopped = true;
    },
  };
}
