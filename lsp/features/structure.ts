/** What an editor makes of the tree of the text: folds, and selections that grow. */
import type { SelectionRange } from "vscode-languageserver-protocol";
import { foldingRanges } from "../../compiler/service/folding.ts";
import { selectionRanges } from "../../compiler/service/selection.ts";
import type { Span } from "../../compiler/source/span.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf } from "../session.ts";

export const onFoldingRange: Handler<"textDocument/foldingRange"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  return foldingRanges(session.workspace, document.path).map(({ kind, ...span }) => {
    const { start, end } = document.range(span);
    return {
      startLine: start.line,
      startCharacter: start.character,
      endLine: end.line,
      endCharacter: end.character,
      kind,
    };
  });
};

export const onSelectionRange: Handler<"textDocument/selectionRange"> = (session, { textDocument, positions }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  return positions.map((position) => {
    const offset = session.positions.offset(document.source, position);
    const spans = selectionRanges(session.workspace, document.path, offset);
    return chain(document, spans) ?? { range: { start: position, end: position } };
  });
};

/** @param spans from the smallest to the largest. */
const chain = (document: Document, spans: readonly Span[]): SelectionRange | undefined =>
  spans.reduceRight<SelectionRange | undefined>(
    (parent, span) => ({ range: document.range(span), ...(parent === undefined ? {} : { parent }) }),
    undefined,
  );
