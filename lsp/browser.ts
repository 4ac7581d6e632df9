/** The server as a web worker. Files that are not open come from the client, by the request `flow/readFile`. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { clientFiles } from "./client-files.ts";
import { browserRunner } from "./running/browser-runner.ts";
import { serve } from "./server.ts";

/** The part of a worker's global scope that carries messages. */
type Port = ConstructorParameters<typeof BrowserMessageReader>[0];

const port = globalThis as object as Port;
const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
serve(
  connection,
  (params) => clientFiles(connection, params),
  ({ initializationOptions }) => browserRunner(runnerUrl(initializationOptions)),
);

/** `initializationOptions.runner`: the URL of `flow-runner-worker.js`. */
function runnerUrl(options: unknown): string | undefined {
  const url: unknown = typeof options === "object" && options !== null ? Reflect.get(options, "runner") : undefined;
  return typeof url === "string" ? url : undefined;
}
