/** New names: for what stands in files, and for files. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol";
import { linkedEditing, prepareRename, renameInSteps, renameRefusal } from "../../compiler/service/rename.ts";
import { renameFilesInSteps } from "../../compiler/service/rename-files.ts";
import type { Handler } from "../requests.ts";
import { folderPath, placeOf } from "../session.ts";
import { inSlices } from "../work.ts";
import { workspaceEdit } from "../workspace-edit.ts";

export const onPrepareRename: Handler<"textDocument/prepareRename"> = (session, params) => {
  const place = placeOf(session, params);
  const found = place && prepareRename(session.workspace, place.document.path, place.offset);
  const refusal = place && !found ? renameRefusal(session.workspace, place.document.path, place.offset) : undefined;
  if (refusal !== undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, refusal);
  return found ? { range: place.document.range(found.span), placeholder: found.placeholder } : null;
};

export const onRename: Handler<"textDocument/rename"> = async (session, params, token) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const result = await inSlices(session, token, "Renaming", params, () =>
    renameInSteps(session.workspace, place.document.path, place.offset, params.newName),
  );
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

export const onWillRenameFiles: Handler<"workspace/willRenameFiles"> = async (session, { files }, token) => {
  const moved = files.map(({ oldUri, newUri }) => ({ from: folderPath(oldUri), to: folderPath(newUri) }));
  const edits = await inSlices(session, token, "Mending imports", {}, () =>
    renameFilesInSteps(session.workspace, moved),
  );
  return edits.length === 0 ? null : workspaceEdit(session, edits);
};
