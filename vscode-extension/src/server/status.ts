/** The language status item: which server runs, from where, and a way to its output and its restart. */
import * as vscode from "vscode";
import { State } from "vscode-languageclient";
import type { ServerClient, ServerOrigin } from "../server-client.ts";

const words: Readonly<Record<ServerOrigin["kind"], string>> = {
  workspace: "from the workspace's own packages",
  setting: "from the setting flow.server.path",
  bundled: "bundled with the extension",
};

export function registerStatus(
  context: vscode.ExtensionContext,
  server: ServerClient,
  channel: vscode.LogOutputChannel,
): void {
  const item = vscode.languages.createLanguageStatusItem("flow.server", { language: "flow" });
  item.name = "Flow language server";
  item.command = { title: "Actions", command: "flow.serverActions" };
  const show = (state: State): void => {
    item.busy = state === State.Starting;
    const origin = server.origin();
    const version = server.client.initializeResult?.serverInfo?.version;
    switch (state) {
      case State.Running:
        item.severity = vscode.LanguageStatusSeverity.Information;
        item.text = `Flow ${version ?? ""}`.trim();
        item.detail = origin ? `language server ${words[origin.kind]}` : "";
        if (origin) channel.info(`Server ${version ?? "of unknown version"}, ${words[origin.kind]}: ${origin.path}`);
        return;
      case State.Starting:
        item.severity = vscode.LanguageStatusSeverity.Information;
        item.text = "Flow is starting";
        item.detail = "";
        return;
      default:
        item.severity = vscode.LanguageStatusSeverity.Error;
        item.text = "Flow has stopped";
        item.detail = "no diagnostics, no completion";
    }
  };
  show(State.Starting);
  context.subscriptions.push(
    item,
    server.client.onDidChangeState(({ newState }) => show(newState)),
  );
}
