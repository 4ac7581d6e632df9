/** The lens "n upstream · n downstream": a peek at the neighbours of a node. */
import * as vscode from "vscode";

interface LspPosition {
  readonly line: number;
  readonly character: number;
}
interface LspLocation {
  readonly uri: string;
  readonly range: { readonly start: LspPosition; readonly end: LspPosition };
}

export async function showNeighbours(
  uri?: string,
  at?: LspPosition,
  neighbours?: readonly LspLocation[],
): Promise<void> {
  if (uri === undefined || at === undefined) {
    // Called by hand: the editor's own way to see what calls what.
    await vscode.commands.executeCommand("references-view.showCallHierarchy");
    return;
  }
  const position = (one: LspPosition) => new vscode.Position(one.line, one.character);
  const places = (neighbours ?? []).map(
    (one) =>
      new vscode.Location(
        vscode.Uri.parse(one.uri),
        new vscode.Range(position(one.range.start), position(one.range.end)),
      ),
  );
  await vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), position(at), places);
}
