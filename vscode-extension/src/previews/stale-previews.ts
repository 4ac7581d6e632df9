/** Says at the top of a preview that it shows an earlier text, while an error is in the way of the present one. */
import * as vscode from "vscode";
import { previewOf } from "./preview-uri.ts";

export function registerStalePreviews(context: vscode.ExtensionContext): void {
  const note = vscode.window.createTextEditorDecorationType({
    after: {
      contentText: "  shown as before the error in the source",
      color: new vscode.ThemeColor("editorWarning.foreground"),
      fontStyle: "italic",
    },
  });
  const mark = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      const preview = previewOf(editor.document.uri);
      if (preview) editor.setDecorations(note, hasErrors(preview.source) ? [new vscode.Range(0, 0, 0, 1_000)] : []);
    }
  };
  context.subscriptions.push(
    note,
    vscode.languages.onDidChangeDiagnostics(mark),
    vscode.window.onDidChangeVisibleTextEditors(mark),
  );
}

const hasErrors = (uri: string): boolean =>
  vscode.languages
    .getDiagnostics(vscode.Uri.parse(uri))
    .some(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
