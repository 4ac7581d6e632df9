/** The extension on the desktop and on remote machines: the server is a process, run by the editor's own Node. */
import type * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { clientOptions } from "./client-options.ts";
import * as extension from "./extension.ts";
import { chooseServer } from "./server/choose-server.ts";
import type { Channels } from "./server/output.ts";
import { commandLine, startProcess } from "./server/process.ts";
import type { Platform, ServerOrigin } from "./server-client.ts";

export const activate = (context: vscode.ExtensionContext): Promise<void> => extension.activate(context, start);

function start(context: vscode.ExtensionContext, channels: Channels): Platform {
  let origin: ServerOrigin | undefined;
  const bundled = context.asAbsolutePath("dist/server/flow.js");
  const serve = async () => {
    origin = chooseServer(bundled, channels.channel);
    return startProcess(origin.path);
  };
  return {
    client: new LanguageClient("flow", "Flow", serve, clientOptions(channels)),
    origin: () => origin,
    commandLine: (args) => commandLine(origin?.path ?? bundled, args),
  };
}
