/** `Flow: Show Graph`: one panel for the window, made beside the text and again after a reload. */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import { GraphPanel, pageOptions, viewType } from "./graph-panel.ts";
import { keptOf } from "./messages.ts";

export function registerGraph(context: vscode.ExtensionContext, server: ServerClient): void {
  const { extensionUri } = context;
  let shown: GraphPanel | undefined;

  const take = (panel: vscode.WebviewPanel, uri: vscode.Uri | undefined, pinned: boolean): void => {
    shown?.dispose();
    const made = new GraphPanel(panel, extensionUri, server, { uri, pinned });
    shown = made;
    made.onDidDispose(() => {
      if (shown === made) shown = undefined;
    });
  };

  const show = (given: unknown): void => {
    const uri = given instanceof vscode.Uri ? given : frontDocument();
    if (shown) {
      shown.reveal();
      if (uri) shown.show(uri);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    take(vscode.window.createWebviewPanel(viewType, "Graph", where, pageOptions(extensionUri)), uri, false);
  };

  context.subscriptions.push(
    vscode.commands.registerCommand("flow.showGraph", show),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel, state: unknown) {
        panel.webview.options = pageOptions(extensionUri);
        const kept = keptOf(state);
        take(panel, kept ? vscode.Uri.parse(kept.uri) : frontDocument(), kept?.pinned ?? false);
      },
    }),
    { dispose: () => shown?.dispose() },
  );
}

/** The file in front, else one that is in sight. */
function frontDocument(): vscode.Uri | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor ? [activeTextEditor, ...visibleTextEditors] : visibleTextEditors;
  return editors.find(({ document }) => document.languageId === "flow")?.document.uri;
}
