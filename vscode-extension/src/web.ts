/** The extension in a browser: the server is a web worker, and reads files through the client. */
import * as vscode from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { clientOptions } from "./client-options.ts";
import * as extension from "./extension.ts";
import type { Channels } from "./server/output.ts";
import type { Platform } from "./server-client.ts";

/** The part of a web worker that is needed to end it; the rest is the protocol's. */
interface WebWorker {
  terminate(): void;
  addEventListener(event: "error", listener: (event: { readonly message?: string }) => void): void;
}
declare const Worker: new (url: string) => WebWorker;
type Port = ConstructorParameters<typeof BrowserMessageReader>[0];

export const activate = (context: vscode.ExtensionContext): Promise<void> => extension.activate(context, start);

function start(context: vscode.ExtensionContext, channels: Channels): Platform {
  const fileOf = (name: string) => vscode.Uri.joinPath(context.extensionUri, "dist/server", name).toString(true);
  const path = fileOf("lsp-worker.js");
  let worker: WebWorker | undefined;
  const serve = async () => {
    worker?.terminate();
    worker = new Worker(path);
    worker.addEventListener("error", ({ message }) =>
      channels.channel.error(`The server's worker failed: ${message ?? path}`),
    );
    const port = worker as object as Port;
    return { reader: new BrowserMessageReader(port), writer: new BrowserMessageWriter(port) };
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  const options = clientOptions(channels, { runner: fileOf("flow-runner-worker.js") });
  return { client: new LanguageClient("flow", "Flow", serve, options), origin: () => ({ kind: "bundled", path }) };
}
