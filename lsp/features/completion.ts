/** What can stand at the cursor. Documentation comes when the client asks for it. */
import type { CompletionItem as LspItem } from "vscode-languageserver-protocol";
import { completions, resolveCompletion } from "../../compiler/service/completion.ts";
import type { CompletionItem, CompletionKind } from "../../compiler/service/types.ts";
import { markup } from "../markup.ts";
import type { Handler } from "../requests.ts";
import { type Document, placeOf, type Session } from "../session.ts";
import { withoutTabStops } from "../snippet.ts";
import { textEdit } from "../workspace-edit.ts";

/** Numbers of the protocol's `CompletionItemKind`. */
const kinds = {
  keyword: 14,
  clause: 14,
  connector: 9,
  option: 10,
  value: 12,
  node: 7,
  variable: 6,
  field: 5,
  function: 3,
  method: 2,
  type: 22,
  param: 21,
  snippet: 15,
  file: 17,
} as const satisfies Record<CompletionKind, number>;

const snippets = 2;
/** A command of the client, for those that say they have it. */
const proposeNext = "editor.action.triggerSuggest";

export const onCompletion: Handler<"textDocument/completion"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const items = completions(session.workspace, place.document.path, place.offset);
  return { isIncomplete: false, items: items.map((item) => lspItem(session, place.document, item)) };
};

function lspItem(session: Session, document: Document, item: CompletionItem): LspItem {
  const canSnippets = session.client.textDocument?.completion?.completionItem?.snippetSupport === true;
  const asSnippet = item.isSnippet && canSnippets;
  const newText = item.isSnippet && !canSnippets ? withoutTabStops(item.newText) : item.newText;
  return {
    label: item.label,
    kind: kinds[item.kind],
    sortText: item.sortText,
    textEdit: { range: document.range(item.span), newText },
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(item.kind === "field" && takesCommitCharacters(session) ? { commitCharacters: ["."] } : {}),
    ...(asSnippet ? { insertTextFormat: snippets } : {}),
    ...(item.documentation === undefined ? {} : documented(session, item.documentation)),
    ...(item.docKey === undefined ? {} : { data: { docKey: item.docKey } }),
    ...(item.additionalEdits === undefined
      ? {}
      : { additionalTextEdits: item.additionalEdits.map((edit) => textEdit(session, edit)) }),
    ...(item.triggersNext === true && session.clientCommands.has(proposeNext)
      ? { command: { title: "Propose what comes next", command: proposeNext } }
      : {}),
  };
}

/** A dot behind a field takes it. Elsewhere the word may be a new name, which nothing should replace. */
const takesCommitCharacters = ({ client }: Session): boolean =>
  client.textDocument?.completion?.completionItem?.commitCharactersSupport === true;

export const onCompletionResolve: Handler<"completionItem/resolve"> = (session, item) => {
  const docKey: unknown = item.data?.docKey;
  if (typeof docKey !== "string") return item;
  const { label, detail } = item;
  const asked = { ...bareItem, label, docKey, ...(detail === undefined ? {} : { detail }) };
  const { documentation } = resolveCompletion(session.workspace, asked);
  return documentation === undefined ? item : { ...item, ...documented(session, documentation) };
};

/** Of an item that is resolved, the key counts, and the detail that is shown above the answer. */
const bareItem: CompletionItem = {
  label: "",
  kind: "value",
  span: { start: 0, end: 0 },
  newText: "",
  isSnippet: false,
  sortText: "",
};

const documented = ({ client }: Session, markdown: string) => ({
  documentation: markup(markdown, client.textDocument?.completion?.completionItem?.documentationFormat),
});
