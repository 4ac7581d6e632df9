/**
 * What a file compiles to, beside it and live: virtual documents whose text comes from the server. Going to the definition of
 * anything in a preview leads to its source, and what is under the cursor on one side is marked on the other.
 */
import * as vscode from "vscode";
import type { ServerClient } from "../server-client.ts";
import { type Mapping, previewsOf, type Range, sourceAt } from "./mapping.ts";
import { type PreviewKind, previewOf, previewParts, previewScheme } from "./preview-uri.ts";
import { registerStalePreviews } from "./stale-previews.ts";

const commands: Readonly<Record<string, PreviewKind>> = {
  "flow.showResource": "resource",
  "flow.showRuntimeConfig": "runtime",
  "flow.showIr": "ir",
  "flow.showGraphText": "graph",
};

export function registerPreviews(context: vscode.ExtensionContext, server: ServerClient): void {
  const mappings = mappingsFrom(server);
  registerStalePreviews(context);
  const mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.wordHighlightBackground"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.wordHighlightForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  context.subscriptions.push(
    mark,
    ...Object.entries(commands).map(([name, kind]) =>
      vscode.commands.registerCommand(name, (uri?: unknown) => show(server, kind, uri)),
    ),
    vscode.commands.registerCommand("flow.goToSource", () => goToSource(mappings)),
    vscode.languages.registerDefinitionProvider(
      { scheme: previewScheme },
      {
        async provideDefinition(document, position) {
          const found = sourceAt(await mappings(document), position);
          return found && new vscode.Location(vscode.Uri.parse(found.source.uri), rangeOf(found.source.range));
        },
      },
    ),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      // A preview that is written anew moves no cursor of its reader.
      if (textEditor.document.languageId === "flow" || kind !== undefined) void follow(textEditor, mappings, mark);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const front = vscode.window.activeTextEditor;
      if (front?.document.languageId === "flow" && previewOf(document.uri)) void follow(front, mappings, mark);
    }),
  );
}

async function show(server: ServerClient, kind: PreviewKind, given: unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : frontDocument();
  if (!uri) {
    await vscode.window.showInformationMessage("Open a .flow file first: a preview shows what it compiles to.");
    return;
  }
  // Only a server that runs has said that it has previews.
  await server.client.start();
  const preview = vscode.Uri.from(previewParts(kind, uri.toString(), uri.path));
  const document = await vscode.workspace.openTextDocument(preview);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: false,
  });
}

function frontDocument(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "flow" ? document.uri : undefined;
}

type Mappings = (document: vscode.TextDocument) => Promise<readonly Mapping[]>;

/** Asks the server once for each version of a preview. */
function mappingsFrom(server: ServerClient): Mappings {
  const known = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly mappings: Promise<readonly Mapping[]> }
  >();
  const ask = async (document: vscode.TextDocument): Promise<readonly Mapping[]> => {
    const preview = previewOf(document.uri);
    if (!preview) return [];
    try {
      const found = await server.client.sendRequest<{ readonly mappings: readonly Mapping[] }>(
        "workspace/executeCommand",
        {
          command: "flow.preview",
          arguments: [preview.source, preview.kind],
        },
      );
      return found.mappings;
    } catch {
      return [];
    }
  };
  return (document) => {
    const held = known.get(document);
    if (held?.version === document.version) return held.mappings;
    const asked = ask(document);
    known.set(document, { version: document.version, mappings: asked });
    return asked;
  };
}

async function goToSource(mappings: Mappings): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const found = editor && sourceAt(await mappings(editor.document), editor.selection.active);
  if (!found) return;
  const uri = vscode.Uri.parse(found.source.uri);
  const beside = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  await vscode.window.showTextDocument(uri, {
    selection: rangeOf(found.source.range),
    ...(beside?.viewColumn === undefined ? {} : { viewColumn: beside.viewColumn }),
  });
}

/** Marks on each visible other side what belongs to the cursor. */
async function follow(
  textEditor: vscode.TextEditor,
  mappings: Mappings,
  mark: vscode.TextEditorDecorationType,
): Promise<void> {
  const at = textEditor.selection.active;
  const { document } = textEditor;
  if (document.languageId === "flow" && document.uri.scheme !== previewScheme) {
    for (const editor of vscode.window.visibleTextEditors) {
      if (previewOf(editor.document.uri)?.source !== document.uri.toString()) continue;
      const found = previewsOf(await mappings(editor.document), document.uri.toString(), at);
      paint(
        editor,
        found.map(({ range }) => rangeOf(range)),
        mark,
      );
    }
    textEditor.setDecorations(mark, []);
    return;
  }
  const preview = previewOf(document.uri);
  if (!preview) return;
  const found = sourceAt(await mappings(document), at);
  for (const editor of vscode.window.visibleTextEditors)
    if (editor.document.uri.toString() === found?.source.uri) paint(editor, [rangeOf(found.source.range)], mark);
  textEditor.setDecorations(mark, []);
}

function paint(
  editor: vscode.TextEditor,
  ranges: readonly vscode.Range[],
  mark: vscode.TextEditorDecorationType,
): void {
  editor.setDecorations(mark, [...ranges]);
  const first = ranges[0];
  if (first) editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

const rangeOf = ({ start, end }: Range): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);
