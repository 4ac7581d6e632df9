/**
 * What a file compiles to, while it is typed: as virtual documents (`flow-preview:resource/<path>?<uri of the file>`), and by
 * commands whose answer has the way back to the source.
 */
import { ErrorCodes, type LSPAny, ResponseError } from "vscode-languageserver-protocol";
import { graphPreview } from "../../compiler/service/graph-preview.ts";
import { preview } from "../../compiler/service/preview.ts";
import type { PreviewKind } from "../../compiler/service/types.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import type { Location } from "../../compiler/source/span.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf, type Session } from "../session.ts";

const previewKinds: readonly PreviewKind[] = ["resource", "runtime", "ir", "graph"];

export const onTextDocumentContent: Handler<"workspace/textDocumentContent"> = (session, { uri }) => {
  const match = /^flow-preview:\/*([a-z]+)\/[^?]*\?(.*)$/.exec(uri);
  const kind = previewKinds.find((one) => one === match?.[1]);
  const of = decoded(match?.[2] ?? "");
  const document = match && of !== undefined ? documentOf(session, of) : undefined;
  if (!kind || of === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `There is no preview '${uri}'.`);
  // Clients ask again for a preview that stays open when its file is closed or gone.
  if (!document) return { text: "# The file of this preview is not open.\n" };
  const shown = session.previews.get(document.path) ?? new Map<string, string | undefined>();
  session.previews.set(document.path, shown);
  const { text, problem } = preview(session.workspace, document.path, kind);
  // While something half typed is in the way, what is read stays as it is.
  shown.set(uri, problem === undefined ? text : shown.get(uri));
  return { text: shown.get(uri) ?? `# ${problem}\n` };
};

/** Undefined for what is no percent-encoding. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Arguments: the document's URI, and the kind. */
export function previewCommand(session: Session, document: Document, [kind]: readonly LSPAny[]): LSPAny {
  const known = previewKinds.find((one) => one === kind);
  if (known === undefined) {
    throw new ResponseError(ErrorCodes.InvalidParams, `A preview is one of ${previewKinds.join(", ")}.`);
  }
  const { language, text, problem, mappings } = preview(session.workspace, document.path, known);
  const shown = sourceText("", text);
  return {
    kind: known,
    language,
    text,
    ...(problem === undefined ? {} : { problem }),
    mappings: mappings.map(({ span, source }) => ({
      range: session.positions.range(shown, span),
      source: placeIn(session, source),
    })),
  };
}

/** With the version of the text that it was made from, so that a client can drop an answer that came too late. */
export function graphCommand(session: Session, document: Document): LSPAny {
  const { nodes, edges, problems, stages, ...rest } = graphPreview(session.workspace, document.path);
  const placed = <T extends { readonly at: Location }>({ at, ...one }: T) => ({ ...one, at: placeIn(session, at) });
  const version = session.workspace.version(document.path);
  return {
    uri: document.uri,
    ...(version === undefined ? {} : { version }),
    ...rest,
    stages: stages.map((stage) => ({ ...stage })),
    nodes: nodes.map(({ whole, problems: own, ...node }) => ({
      ...placed(node),
      whole: placeIn(session, whole),
      problems: own.map(placed),
    })),
    edges: edges.map(placed),
    problems: problems.map(placed),
  };
}

export function placeIn(session: Session, at: Location) {
  const { uri, range } = locationOf(session, at);
  return { uri, range: { start: { ...range.start }, end: { ...range.end } } };
}
