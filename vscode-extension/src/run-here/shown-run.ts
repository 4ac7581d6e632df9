/** The result of a run, drawn beside the lines of its nodes until the text changes. */
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { HereAnswer } from "./answer.ts";
import { besideLine, hoverText } from "./describe.ts";

export class ShownRun implements vscode.Disposable {
  readonly #out = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 2em" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #wrong = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor("errorForeground"), margin: "0 0 0 1em" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  /** By the URI of the document that shows them: a pipeline's nodes may stand in several files. */
  readonly #shown = new Map<
    string,
    { readonly out: vscode.DecorationOptions[]; readonly wrong: vscode.DecorationOptions[] }
  >();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    this.#subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // It would no longer be true.
        if (contentChanges.length > 0 && this.#shown.has(document.uri.toString())) this.clear();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    ];
  }

  show({ nodes }: HereAnswer, { protocol2CodeConverter: converter }: BaseLanguageClient): void {
    this.#shown.clear();
    for (const node of nodes) {
      if (!node.at) continue;
      const uri = vscode.Uri.parse(node.at.uri).toString();
      const entry = this.#shown.get(uri) ?? { out: [], wrong: [] };
      this.#shown.set(uri, entry);
      const range = converter.asRange(node.at.range);
      const { text, wrong } = besideLine(node);
      const hoverMessage = new vscode.MarkdownString(hoverText(node));
      entry.out.push(beside(range, text, hoverMessage));
      if (wrong !== "") entry.wrong.push(beside(range, wrong, hoverMessage));
    }
    this.#draw();
  }

  clear(): void {
    this.#shown.clear();
    this.#draw();
  }

  dispose(): void {
    for (const one of [this.#out, this.#wrong, ...this.#subscriptions]) one.dispose();
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { out, wrong } = this.#shown.get(editor.document.uri.toString()) ?? { out: [], wrong: [] };
      editor.setDecorations(
        this.#out,
        out.map((one) => atLineEnd(editor.document, one)),
      );
      editor.setDecorations(
        this.#wrong,
        wrong.map((one) => atLineEnd(editor.document, one)),
      );
    }
    void vscode.commands.executeCommand("setContext", "flow.hasRun", this.#shown.size > 0);
  }
}

const beside = (range: vscode.Range, contentText: string, hoverMessage: vscode.MarkdownString) => ({
  range,
  hoverMessage,
  renderOptions: { after: { contentText } },
});

/** From the name, over which one hovers, to the end of the line, after which the words stand. */
function atLineEnd(document: vscode.TextDocument, one: vscode.DecorationOptions): vscode.DecorationOptions {
  const line = document.lineAt(Math.min(one.range.start.line, document.lineCount - 1));
  return { ...one, range: new vscode.Range(one.range.start, line.range.end) };
}
