/** Text in: what the editor opens, changes, saves and closes, and what changes on disk. */
import type {
  CreateFilesParams,
  DeleteFilesParams,
  DidChangeTextDocumentParams,
  DidChangeWatchedFilesParams,
  DidChangeWorkspaceFoldersParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  RenameFilesParams,
} from "vscode-languageserver-protocol";
import { isBelow, pathOfUri } from "./paths.ts";
import { folderPath, type Session } from "./session.ts";

export function didOpen(session: Session, { textDocument }: DidOpenTextDocumentParams): void {
  const { uri, languageId, text, version } = textDocument;
  const path = pathOfUri(uri);
  session.spelledUri.set(path, uri);
  if (languageId === "flow") session.flowByLanguage.add(path);
  filesMayHaveChanged(session);
  session.workspace.open(path, text, version);
}

export function didChange(session: Session, { textDocument, contentChanges }: DidChangeTextDocumentParams): void {
  const { workspace, positions } = session;
  const path = pathOfUri(textDocument.uri);
  if (!workspace.isOpen(path)) {
    session.log(`A change of ${textDocument.uri}, which is not open, is ignored.`);
    return;
  }
  for (const change of contentChanges) {
    if (!("range" in change)) workspace.change(path, change.text, textDocument.version);
    else {
      const span = positions.span(workspace.source(path), change.range);
      workspace.change(path, [{ ...span, newText: change.text }], textDocument.version);
    }
  }
}

export function didClose(session: Session, { textDocument }: DidCloseTextDocumentParams): void {
  const path = pathOfUri(textDocument.uri);
  session.files.forget(path);
  session.workspace.close(path);
  session.flowByLanguage.delete(path);
}

/** Looks again at what was read: for clients that do not watch files, and for files outside the folders they watch. */
export function filesMayHaveChanged({ files, workspace }: Session): boolean {
  const changed = files.recheck();
  for (const path of changed) if (!workspace.isOpen(path)) workspace.changed(path);
  return changed.length > 0;
}

/** True when a file is different that something was made of. */
export function didChangeFiles(session: Session, { changes }: DidChangeWatchedFilesParams): boolean {
  return changes.map(({ uri }) => fileChanged(session, pathOfUri(uri))).includes(true);
}

/** An open document counts, whatever is on disk. */
export function fileChanged({ files, workspace }: Session, path: string): boolean {
  files.forget(path);
  if (workspace.isOpen(path)) return false;
  const mattered = workspace.dependents(path).length > 0;
  workspace.changed(path);
  return mattered;
}

export function didChangeFolders({ folders }: Session, { event }: DidChangeWorkspaceFoldersParams): void {
  for (const { uri } of event.removed) folders.delete(folderPath(uri));
  for (const { uri } of event.added) folders.add(folderPath(uri));
}

export function didCreateOrDelete(session: Session, { files }: CreateFilesParams | DeleteFilesParams): boolean {
  return files.map(({ uri }) => moved(session, folderPath(uri))).includes(true);
}

export function didRename(session: Session, { files }: RenameFilesParams): boolean {
  return files
    .flatMap(({ oldUri, newUri }) => [oldUri, newUri].map((uri) => moved(session, folderPath(uri))))
    .includes(true);
}

/** A file, or all that is known below a folder. */
function moved(session: Session, path: string): boolean {
  const inside = session.workspace.dependencyPaths().filter((one) => one !== path && isBelow(one, path));
  return [path, ...inside].map((one) => fileChanged(session, one)).includes(true);
}
