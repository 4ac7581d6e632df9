/** The outline of a file, and declarations of the whole workspace by name. */
import type {
  DocumentSymbol as LspSymbol,
  WorkspaceSymbol as LspWorkspaceSymbol,
  SymbolInformation,
} from "vscode-languageserver-protocol";
import { documentSymbols, workspaceSymbolsInSteps } from "../../compiler/service/symbols.ts";
import type { DocumentSymbol, SymbolKind } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf, uriOf } from "../session.ts";
import { inSlices } from "../work.ts";

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

/** A client that asks for the place of a symbol when it goes there gets the file alone. */
export const onWorkspaceSymbol: Handler<"workspace/symbol"> = async (session, params, token) => {
  const { query } = params;
  const found = await inSlices(session, token, "Looking for symbols", params, () =>
    workspaceSymbolsInSteps(session.workspace, query),
  );
  const later = session.client.workspace?.symbol?.resolveSupport?.properties.includes("location.range") === true;
  return found.map(({ name, kind, container, at }): LspWorkspaceSymbol => {
    const symbol = { name, kind: numberOf(kind), containerName: container };
    if (!later) return { ...symbol, location: locationOf(session, at) };
    return { ...symbol, location: { uri: uriOf(session, at.file) }, data: { start: at.start, end: at.end } };
  }) as LspWorkspaceSymbol[] | SymbolInformation[];
};

/** The text may have changed since: then the first declaration of that name counts. */
export const onWorkspaceSymbolResolve: Handler<"workspaceSymbol/resolve"> = (session, symbol) => {
  const document = typeof symbol.location?.uri === "string" ? documentOf(session, symbol.location.uri) : undefined;
  if (!document || "range" in symbol.location) return symbol;
  const all = documentSymbols(session.workspace, document.path).filter(({ name }) => name === symbol.name);
  const start: unknown = typeof symbol.data === "object" && symbol.data !== null ? symbol.data.start : undefined;
  const found = all.find(({ selection }) => selection.start === start) ?? all[0];
  const range = document.range(found?.selection ?? { start: 0, end: 0 });
  return { ...symbol, location: { uri: symbol.location.uri, range } };
};
