/** A web worker on a thread of Node, for tests: its globals are those of browsers, and what Node adds is gone before the script runs. */
import { Worker } from "node:worker_threads";

export interface WebWorkerOptions {
  /** Where scripts are looked for, by the last part of their URL. */
  readonly folder: string;
  readonly script: string;
  /** Whether it may start workers itself. */
  readonly canNest: boolean;
}

/** Plain JavaScript, as it runs before the worker's own script, in nested workers too. */
const bootstrap = `
  const { parentPort, Worker: Thread, workerData } = require("node:worker_threads");
  const { readFileSync } = require("node:fs");
  const { runInThisContext } = require("node:vm");
  const { folder, script, canNest, bootstrap } = workerData;
  const run = (url) => runInThisContext(readFileSync(folder + "/" + url.replace(/.*\\//, ""), "utf8"), { filename: url });
  const blobs = new Map();
  globalThis.self = globalThis;
  globalThis.addEventListener = () => {};
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.importScripts = (url) => { globalThis.postMessage({ imported: url }); run(url); };
  URL.createObjectURL = (blob) => { const url = "blob:" + blobs.size; blobs.set(url, blob); return url; };
  URL.revokeObjectURL = () => {};
  globalThis.Worker = class {
    #thread;
    #waiting = [];
    constructor(url) {
      blobs.get(url).text().then((text) => {
        if (!canNest) return this.onerror({});
        const nested = JSON.parse(/importScripts\\((".*")\\)/.exec(text)[1]);
        this.#thread = new Thread(bootstrap, { eval: true, workerData: { ...workerData, script: nested } });
        this.#thread.on("message", (data) => this.onmessage({ data }));
        this.#thread.on("error", (error) => this.onerror({ message: String(error) }));
        for (const message of this.#waiting) this.#thread.postMessage(message);
      });
    }
    postMessage(message) { if (this.#thread) this.#thread.postMessage(message); else this.#waiting.push(message); }
    terminate() { this.#thread?.terminate(); }
  };
  // Node makes these when they are first used, of what is gone then.
  void MessageEvent;
  parentPort.on("message", (data) => globalThis.onmessage?.({ data }));
  for (const name of ["process", "Buffer", "setImmediate", "clearImmediate", "global", "require", "module", "exports", "__filename", "__dirname"])
    delete globalThis[name];
  run(script);
`;

export function webWorker(options: WebWorkerOptions): Worker {
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData: { ...options, bootstrap } });
}
