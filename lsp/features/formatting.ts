/** Formatting: of a document, of ranges, while typing. A file that does not parse stays as it is. */
import type { Range, TextEdit } from "vscode-languageserver-protocol";
import { formatDocument, formatOnType, formatRange } from "../../compiler/service/formatting.ts";
import type { Edit } from "../../compiler/source/diagnostic.ts";
import type { Handler } from "../requests.ts";
import { documentOf, placeOf, type Session } from "../session.ts";
import { textEdit } from "../workspace-edit.ts";

const lspEdits = (session: Session, edits: readonly Edit[]): TextEdit[] => edits.map((edit) => textEdit(session, edit));

export const onFormatting: Handler<"textDocument/formatting"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  return document ? lspEdits(session, formatDocument(session.workspace, document.path)) : null;
};

export const onRangeFormatting: Handler<"textDocument/rangeFormatting"> = (session, { textDocument, range }) =>
  rangesFormatted(session, textDocument.uri, [range]);

export const onRangesFormatting: Handler<"textDocument/rangesFormatting"> = (session, { textDocument, ranges }) =>
  rangesFormatted(session, textDocument.uri, ranges);

/** An edit that touches two ranges is made once. */
function rangesFormatted(session: Session, uri: string, ranges: readonly Range[]): TextEdit[] | null {
  const document = documentOf(session, uri);
  if (!document) return null;
  const edits = ranges.flatMap((range) =>
    formatRange(session.workspace, document.path, session.positions.span(document.source, range)),
  );
  const byPlace = new Map(edits.map((edit) => [`${edit.start} ${edit.end}`, edit]));
  return lspEdits(
    session,
    [...byPlace.values()].sort((a, b) => a.start - b.start),
  );
}

export const onOnTypeFormatting: Handler<"textDocument/onTypeFormatting"> = (session, params) => {
  const place = placeOf(session, params);
  return place ? lspEdits(session, formatOnType(session.workspace, place.document.path, place.offset)) : null;
};
