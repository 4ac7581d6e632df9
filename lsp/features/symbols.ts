/** The outline of a file, and declarations of the whole workspace by name. */
import type { DocumentSymbol as LspSymbol, SymbolInformation } from "vscode-languageserver-protocol";
import { documentSymbols, workspaceSymbols } from "../../compiler/service/symbols.ts";
import type { DocumentSymbol, SymbolKind } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf } from "../session.ts";

/** Numbers of the protocol's `SymbolKind`. */
const numbers = {
  pipeline: 4,
  import: 2,
  type: 23,
  fn: 12,
  param: 14,
  test: 6,
  field: 8,
  clause: 7,
  source: 24,
  step: 5,
  window: 5,
  chunk: 5,
  sink: 24,
  table: 18,
} as const satisfies Record<SymbolKind, number>;

export const numberOf = (kind: SymbolKind): LspSymbol["kind"] => numbers[kind];

export const onDocumentSymbol: Handler<"textDocument/documentSymbol"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const found = documentSymbols(session.workspace, document.path);
  if (session.client.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true) {
    return found.map((symbol) => nested(document, symbol));
  }
  return found.flatMap((symbol) => flat(document, symbol));
};

const nested = (document: Document, { name, detail, kind, span, selection, children }: DocumentSymbol): LspSymbol => ({
  name: name === "" ? "?" : name,
  detail,
  kind: numberOf(kind),
  range: document.range(span),
  selectionRange: document.range(selection),
  children: children.map((child) => nested(document, child)),
});

function flat(document: Document, symbol: DocumentSymbol, containerName?: string): SymbolInformation[] {
  const { name, kind, selection, children } = symbol;
  const own: SymbolInformation = {
    name: name === "" ? "?" : name,
    kind: numberOf(kind),
    location: { uri: document.uri, range: document.range(selection) },
    ...(containerName === undefined ? {} : { containerName }),
  };
  return [own, ...children.flatMap((child) => flat(document, child, name))];
}

export const onWorkspaceSymbol: Handler<"workspace/symbol"> = (session, { query }) =>
  workspaceSymbols(session.workspace, query).map(({ name, kind, container, at }) => ({
    name,
    kind: numberOf(kind),
    containerName: container,
    location: locationOf(session, at),
  }));
