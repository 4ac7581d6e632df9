/** From a text to the file or page that it names. What the file holds is read when somebody points at the link. */
import { pageOf } from "../../compiler/cli/report/findings.ts";
import { documentLinks } from "../../compiler/service/document-links.ts";
import { documentSymbols } from "../../compiler/service/symbols.ts";
import { pathOfUri } from "../paths.ts";
import type { Handler } from "../requests.ts";
import { documentOf, uriOf } from "../session.ts";

export const onDocumentLink: Handler<"textDocument/documentLink"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  return documentLinks(session.workspace, document.path).map(({ span, target, code, tooltip }) => ({
    range: document.range(span),
    target: code === undefined ? uriOf(session, target) : pageOf(code),
    ...(code === undefined ? { data: { uri: uriOf(session, target) } } : { tooltip }),
  }));
};

const mostNames = 12;

/** Only of links to files: those to pages are whole. */
export const onDocumentLinkResolve: Handler<"documentLink/resolve"> = (session, link) => {
  const uri: unknown = typeof link.data === "object" && link.data !== null ? link.data.uri : undefined;
  if (typeof uri !== "string") return link;
  const path = pathOfUri(uri);
  const name = path.slice(path.lastIndexOf("/") + 1);
  // Data may be large: it is not read for a word about it.
  if (!path.endsWith(".flow")) return { ...link, tooltip: `Open ${name}` };
  if (session.workspace.host.readFile(path) === undefined) return { ...link, tooltip: `There is no file ${name}` };
  const names = documentSymbols(session.workspace, path)
    .filter(({ kind }) => kind !== "import" && kind !== "test")
    .map((symbol) => `${symbol.kind} ${symbol.name}`);
  const shown = [...names.slice(0, mostNames), ...(names.length > mostNames ? ["…"] : [])].join(", ");
  return { ...link, tooltip: shown === "" ? `Open ${name}` : `Open ${name}: ${shown}` };
};
