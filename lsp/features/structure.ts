/** What an editor draws around the text: folds, growing selections, hints between the words, lenses above the lines. */
import type { Command, SelectionRange } from "vscode-languageserver-protocol";
import { codeLenses } from "../../compiler/service/code-lenses.ts";
import { foldingRanges } from "../../compiler/service/folding.ts";
import { inlayHints } from "../../compiler/service/inlay-hints.ts";
import { selectionRanges } from "../../compiler/service/selection.ts";
import type { CodeLens } from "../../compiler/service/types.ts";
import type { Span } from "../../compiler/source/span.ts";
import { clientCommands } from "../command-names.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf, type Session } from "../session.ts";

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

const typeHint = 1;

export const onInlayHint: Handler<"textDocument/inlayHint"> = (session, { textDocument, range }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const span = session.positions.span(document.source, range);
  return inlayHints(session.workspace, document.path, span).map(({ offset, label, kind, tooltip, paddingLeft }) => ({
    position: session.positions.position(document.source, offset),
    label,
    tooltip,
    paddingLeft,
    ...(kind === "type" ? { kind: typeHint } : {}),
  }));
};

export const onCodeLens: Handler<"textDocument/codeLens"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  return codeLenses(session.workspace, document.path).map((lens) => ({
    range: document.range(lens.span),
    command: commandOf(session, document, lens),
  }));
};

/** A client that does not have the command shows the words alone. */
function commandOf(session: Session, { uri, range }: Document, { title, command, span }: CodeLens): Command {
  const name = clientCommands[command.kind];
  if (!session.clientCommands.has(name)) return { title, command: "" };
  switch (command.kind) {
    case "run":
      return { title, command: name, arguments: [uri] };
    case "test":
      return { title, command: name, arguments: [uri, command.title] };
    case "neighbours": {
      const locations = command.locations.map((at) => locationOf(session, at));
      return { title, command: name, arguments: [uri, range(span).start, locations] };
    }
  }
}
