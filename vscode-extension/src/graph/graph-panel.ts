/** The panel with the graph: follows the active .flow editor, or stays with one file; leads from picture to text and from text to picture. */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import type { Graph } from "./graph-data.ts";
import { LiveGraph } from "./live-graph.ts";
import { type FromPage, fromPageOf, type Target, type ToPage } from "./messages.ts";
import { pageHtml } from "./page.ts";
import { nodeAt, placeOf } from "./places.ts";

export const viewType = "flow.graph";

export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist")] };
}

export class GraphPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #live: LiveGraph;
  readonly #subscriptions: vscode.Disposable[] = [];
  #uri: vscode.Uri | undefined;
  #isPinned: boolean;
  #graph: Graph | undefined;
  /** Why there is none. */
  #reason = "Open a .flow file: its graph is drawn here.";

  constructor(
    panel: vscode.WebviewPanel,
    extension: vscode.Uri,
    server: ServerClient,
    first: { readonly uri: vscode.Uri | undefined; readonly pinned: boolean },
  ) {
    this.#panel = panel;
    this.#isPinned = first.pinned;
    this.#live = new LiveGraph(
      server,
      (graph) => this.#draw(graph),
      (reason) => this.#say(reason),
    );
    this.#subscriptions.push(
      this.#live,
      panel.webview.onDidReceiveMessage((message: unknown) => this.#hear(fromPageOf(message))),
      panel.onDidChangeViewState(() => panel.visible && this.#live.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // A change of any file may change what this one imports.
        if (document.languageId === "flow" && contentChanges.length > 0 && panel.visible) this.#live.refreshSoon();
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#followEditor(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#sayCurrent(textEditor)),
      server.onDidStart(() => this.#live.refresh()),
    );
    const icon = (shade: string): vscode.Uri => vscode.Uri.joinPath(extension, `media/file-${shade}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    panel.webview.html = html(panel.webview, extension);
    if (first.uri) this.show(first.uri);
  }

  onDidDispose(done: () => void): void {
    this.#panel.onDidDispose(() => {
      this.dispose();
      done();
    });
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /** @param uri asked for by name: a panel that stayed with another file goes over to this one. */
  show(uri: vscode.Uri): void {
    if (this.#uri?.toString() !== uri.toString()) this.#graph = undefined;
    this.#uri = uri;
    this.#panel.title = `Graph: ${uri.path.replace(/^.*\//, "")}`;
    this.#live.follow(uri);
  }

  dispose(): void {
    for (const one of this.#subscriptions.splice(0)) one.dispose();
  }

  #followEditor(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== "flow") return;
    const isShown = editor.document.uri.toString() === this.#uri?.toString();
    if (!isShown && !this.#isPinned) this.show(editor.document.uri);
    else if (isShown) this.#sayCurrent(editor);
  }

  #draw(graph: Graph): void {
    this.#graph = graph;
    this.#post({ type: "graph", graph, pinned: this.#isPinned });
    this.#sayCurrent(this.#editor());
  }

  #say(reason: string): void {
    this.#reason = reason;
    // A graph that is drawn is better than none.
    if (!this.#graph) this.#post({ type: "nothing", reason });
  }

  /** The front one of the file, where several show it. */
  #editor(): vscode.TextEditor | undefined {
    const isOurs = (editor: vscode.TextEditor | undefined): editor is vscode.TextEditor =>
      editor?.document.uri.toString() === this.#uri?.toString();
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    return isOurs(activeTextEditor) ? activeTextEditor : visibleTextEditors.find(isOurs);
  }

  #sayCurrent(editor: vscode.TextEditor | undefined): void {
    if (!editor || !this.#graph || editor.document.languageId !== "flow") return;
    const uri = editor.document.uri.toString();
    if (uri !== this.#uri?.toString()) return;
    this.#post({ type: "current", name: nodeAt(this.#graph, uri, editor.selection.active) });
  }

  #hear(message: FromPage | undefined): void {
    switch (message?.type) {
      case "ready":
        if (this.#graph) this.#draw(this.#graph);
        else this.#post({ type: "nothing", reason: this.#reason });
        break;
      case "pin":
        this.#isPinned = message.pinned;
        if (!this.#isPinned) this.#followEditor(vscode.window.activeTextEditor ?? this.#editor());
        break;
      case "reveal":
        void this.#goTo(message.target, message.focus);
        break;
    }
  }

  /** The selection that follows tells the page which node is current, which it knows already: nothing goes round. */
  async #goTo(target: Target, focus: boolean): Promise<void> {
    const place = this.#graph && placeOf(this.#graph, target);
    if (!place) return;
    const { start, end } = place.range;
    const uri = vscode.Uri.parse(place.uri);
    const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    const beside = this.#panel.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One;
    try {
      await vscode.window.showTextDocument(uri, {
        viewColumn: open?.viewColumn ?? beside,
        preserveFocus: !focus,
        selection: new vscode.Range(start.line, start.character, end.line, end.character),
      });
    } catch (error) {
      await vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
    }
  }

  #post(message: ToPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

function html(webview: vscode.Webview, extension: vscode.Uri): string {
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", name)).toString();
  return pageHtml({
    cspSource: webview.cspSource,
    nonce: nonce(),
    script: file("graph.js"),
    style: file("graph.css"),
    layout: file("graph-layout.js"),
  });
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
