/** A runner as a web worker. Where another worker has loaded it, which then is `wanted` there, it only leaves its function. */
import type { RunMessage, RunRequest } from "./messages.ts";
import { work } from "./work.ts";

interface Scope {
  flowRunner?: "wanted" | typeof work;
  onmessage: ((event: { readonly data: RunRequest }) => void) | null;
  postMessage(message: RunMessage): void;
}

const scope = globalThis as object as Scope;
if (scope.flowRunner === "wanted") scope.flowRunner = work;
else {
  scope.onmessage = ({ data }) => void work(data, (message) => scope.postMessage(message));
  scope.postMessage({ kind: "ready" });
}
