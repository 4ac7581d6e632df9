/** Nodes as a call hierarchy: incoming is upstream, outgoing is downstream. */
import type { CallHierarchyItem, Range } from "vscode-languageserver-protocol";
import { downstream, prepareHierarchy, upstream } from "../../compiler/service/hierarchy.ts";
import type { HierarchyCall, HierarchyItem } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { documentOf, placeOf, rangeIn, type Session, uriOf } from "../session.ts";
import { numberOf } from "./symbols.ts";

export const onPrepareCallHierarchy: Handler<"textDocument/prepareCallHierarchy"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  return prepareHierarchy(session.workspace, place.document.path, place.offset).map((item) => lspItem(session, item));
};

const lspItem = (session: Session, { name, kind, detail, whole, selection }: HierarchyItem): CallHierarchyItem => ({
  name,
  kind: numberOf(kind),
  detail,
  uri: uriOf(session, whole.file),
  range: rangeIn(session, whole),
  selectionRange: rangeIn(session, selection),
});

const rangesOf = (session: Session, file: string, { from }: HierarchyCall): Range[] =>
  from.map((span) => rangeIn(session, { file, ...span }));

/** The item as the service made it: found again by its name in its file. */
function itemNamed(session: Session, { uri, name, selectionRange }: CallHierarchyItem): HierarchyItem | undefined {
  const document = documentOf(session, uri);
  const offset = document && session.positions.offset(document.source, selectionRange.start);
  if (offset === undefined) return undefined;
  return prepareHierarchy(session.workspace, document!.path, offset).find((item) => item.name === name);
}

/** An input stands in the reader, which is the item that was asked for. */
export const onIncomingCalls: Handler<"callHierarchy/incomingCalls"> = (session, { item }) => {
  const reader = itemNamed(session, item);
  if (!reader) return null;
  return upstream(session.workspace, reader).map((call) => ({
    from: lspItem(session, call.item),
    fromRanges: rangesOf(session, reader.whole.file, call),
  }));
};

export const onOutgoingCalls: Handler<"callHierarchy/outgoingCalls"> = (session, { item }) => {
  const producer = itemNamed(session, item);
  if (!producer) return null;
  return downstream(session.workspace, producer).map((call) => ({
    to: lspItem(session, call.item),
    fromRanges: rangesOf(session, call.item.whole.file, call),
  }));
};
