/** New names: for what stands in files, and for files. */
import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol";
import { linkedEditing, prepareRename, rename, renameFile } from "../../compiler/service/rename.ts";
import { pathOfUri } from "../paths.ts";
import type { Handler } from "../requests.ts";
import { placeOf } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";

export const onPrepareRename: Handler<"textDocument/prepareRename"> = (session, params) => {
  const place = placeOf(session, params);
  const found = place && prepareRename(session.workspace, place.document.path, place.offset);
  return found ? { range: place.document.range(found.span), placeholder: found.placeholder } : null;
};

export const onRename: Handler<"textDocument/rename"> = (session, params) => {
  if (typeof params.newName !== "string") throw new ResponseError(ErrorCodes.InvalidParams, "There is no new name.");
  const place = placeOf(session, params);
  if (!place) return null;
  const result = rename(session.workspace, place.document.path, place.offset, params.newName);
  if (result.refusal !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, result.refusal);
  return workspaceEdit(session, result.edits);
};

export const onLinkedEditingRange: Handler<"textDocument/linkedEditingRange"> = (session, params) => {
  const place = placeOf(session, params);
  const spans = place && linkedEditing(session.workspace, place.document.path, place.offset);
  return spans === undefined || spans.length === 0
    ? null
    : { ranges: spans.map((span) => place!.document.range(span)) };
};

export const onWillRenameFiles: Handler<"workspace/willRenameFiles"> = (session, { files }) => {
  const edits = files.flatMap(({ oldUri, newUri }) =>
    renameFile(session.workspace, pathOfUri(oldUri), pathOfUri(newUri)),
  );
  return edits.length === 0 ? null : workspaceEdit(session, edits);
};
