/** From a name to where it is defined, used and typed, and from a text to the file it names. */
import type { Location, LocationLink } from "vscode-languageserver-protocol";
import { definition, typeDefinition } from "../../compiler/service/definition.ts";
import { highlights, referencesInSteps } from "../../compiler/service/references.ts";
import type { Target } from "../../compiler/service/types.ts";
import type { Handler } from "../requests.ts";
import { locationOf, placeOf, rangeIn, type Session, uriOf } from "../session.ts";
import { inSlices } from "../work.ts";

export const onDefinition: Handler<"textDocument/definition"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const { path } = place.document;
  const linkSupport = session.client.textDocument?.definition?.linkSupport === true;
  return targetsOf(session, path, definition(session.workspace, path, place.offset), linkSupport);
};

/** What is declared in one place is defined there too. */
export const onDeclaration: Handler<"textDocument/declaration"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const { path } = place.document;
  const linkSupport = session.client.textDocument?.declaration?.linkSupport === true;
  return targetsOf(session, path, definition(session.workspace, path, place.offset), linkSupport);
};

export const onTypeDefinition: Handler<"textDocument/typeDefinition"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const { path } = place.document;
  const linkSupport = session.client.textDocument?.typeDefinition?.linkSupport === true;
  return targetsOf(session, path, typeDefinition(session.workspace, path, place.offset), linkSupport);
};

function targetsOf(
  session: Session,
  file: string,
  targets: readonly Target[],
  linkSupport: boolean,
): LocationLink[] | Location[] {
  if (!linkSupport) return targets.map(({ at }) => locationOf(session, at));
  return targets.map(({ origin, at, whole }) => ({
    originSelectionRange: rangeIn(session, { file, ...origin }),
    targetUri: uriOf(session, at.file),
    targetRange: rangeIn(session, whole),
    targetSelectionRange: rangeIn(session, at),
  }));
}

export const onReferences: Handler<"textDocument/references"> = async (session, params, token) => {
  const place = placeOf(session, params);
  if (!place) return null;
  const { includeDeclaration } = params.context;
  const found = await inSlices(session, token, "Looking for references", params, () =>
    referencesInSteps(session.workspace, place.document.path, place.offset, includeDeclaration),
  );
  return found.map((at) => locationOf(session, at));
};

const highlightKinds = { read: 2, write: 3 } as const;

export const onDocumentHighlight: Handler<"textDocument/documentHighlight"> = (session, params) => {
  const place = placeOf(session, params);
  if (!place) return null;
  return highlights(session.workspace, place.document.path, place.offset).map((found) => ({
    range: place.document.range(found),
    kind: highlightKinds[found.kind],
  }));
};
