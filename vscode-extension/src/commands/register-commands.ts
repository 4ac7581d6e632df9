/** The commands about the server and the language; those of a feature are registered by the feature. */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import { showNeighbours } from "./neighbours.ts";
import { newPipeline } from "./new-pipeline.ts";

const documentation = "https://github.com/argoproj-labs/argo-dataflow";

export function registerCommands(
  context: vscode.ExtensionContext,
  server: ServerClient,
  channel: vscode.LogOutputChannel,
): void {
  const commands: Readonly<Record<string, (...given: never[]) => unknown>> = {
    "flow.restartServer": () => server.restart(),
    "flow.showOutput": () => channel.show(),
    "flow.serverActions": serverActions,
    "flow.showNeighbours": showNeighbours,
    "flow.newPipeline": newPipeline,
    "flow.openDocumentation": () => vscode.env.openExternal(vscode.Uri.parse(documentation)),
  };
  for (const [name, run] of Object.entries(commands))
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
}

async function serverActions(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(
    [
      { label: "$(output) Show Output", command: "flow.showOutput" },
      { label: "$(refresh) Restart Server", command: "flow.restartServer" },
      { label: "$(gear) Settings", command: "flow.openSettings" },
    ],
    { title: "Flow language server" },
  );
  if (chosen?.command === "flow.openSettings")
    await vscode.commands.executeCommand("workbench.action.openSettings", "flow.");
  else if (chosen) await vscode.commands.executeCommand(chosen.command);
}
