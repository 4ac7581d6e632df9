/** Edits of the service as a workspace edit: with the versions of the texts they are for, where the client takes that. */
import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import type { Edit } from "../compiler/source/diagnostic.ts";
import { rangeIn, type Session, uriOf } from "./session.ts";

export const textEdit = (session: Session, edit: Edit): TextEdit => ({
  range: rangeIn(session, edit),
  newText: edit.newText,
});

export function workspaceEdit(session: Session, edits: readonly Edit[]): WorkspaceEdit {
  const byFile = [...Map.groupBy(edits, ({ file }) => file)];
  if (session.client.workspace?.workspaceEdit?.documentChanges !== true) {
    return {
      changes: Object.fromEntries(
        byFile.map(([file, some]) => [uriOf(session, file), some.map((edit) => textEdit(session, edit))]),
      ),
    };
  }
  return {
    documentChanges: byFile.map(
      ([file, some]): TextDocumentEdit => ({
        textDocument: { uri: uriOf(session, file), version: session.workspace.version(file) ?? null },
        edits: some.map((edit) => textEdit(session, edit)),
      }),
    ),
  };
}
