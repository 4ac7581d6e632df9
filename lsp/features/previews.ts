/**
 * What a file compiles to, while it is typed: as virtual documents (`flow-preview:resource/<path>?<uri of the file>`), and by
 * commands whose answer has the way back to the source.
 */
import { ErrorCodes, type ExecuteCommandParams, type LSPAny, ResponseError } from "vscode-languageserver-protocol";
import { graphPreview, preview } from "../../compiler/service/preview.ts";
import type { PreviewKind } from "../../compiler/service/types.ts";
import { sourceText } from "../../compiler/source/source-text.ts";
import type { Location } from "../../compiler/source/span.ts";
import { commandNames, type ServerCommand } from "../command-names.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf, type Session } from "../session.ts";

const previewKinds: readonly PreviewKind[] = ["resource", "runtime", "ir", "graph"];

export const onTextDocumentContent: Handler<"workspace/textDocumentContent"> = (session, { uri }) => {
  const match = /^flow-preview:\/*([a-z]+)\/[^?]*\?(.*)$/.exec(uri);
  const kind = previewKinds.find((one) => one === match?.[1]);
  const document = match && documentOf(session, decodeURIComponent(match[2] ?? ""));
  if (!kind || !document) throw new ResponseError(ErrorCodes.InvalidParams, `There is no preview '${uri}'.`);
  session.previews.set(document.path, (session.previews.get(document.path) ?? new Set()).add(uri));
  const { text, problem } = preview(session.workspace, document.path, kind);
  return { text: problem === undefined ? text : `# ${problem}\n` };
};

const commands: Readonly<
  Record<ServerCommand, (session: Session, document: Document, rest: readonly LSPAny[]) => LSPAny>
> = {
  "flow.preview": previewCommand,
  "flow.graph": graphCommand,
};

export const onExecuteCommand: Handler<"workspace/executeCommand"> = (session, params: ExecuteCommandParams) => {
  const name = commandNames.find((one) => one === params.command);
  if (name === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `There is no command '${params.command}'.`);
  const [uri, ...rest] = params.arguments ?? [];
  const document = typeof uri === "string" ? documentOf(session, uri) : undefined;
  if (!document) throw new ResponseError(ErrorCodes.InvalidParams, `'${name}' needs the URI of a .flow document.`);
  return commands[name](session, document, rest);
};

/** Arguments: the document's URI, and the kind. */
function previewCommand(session: Session, document: Document, [kind]: readonly LSPAny[]): LSPAny {
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

function graphCommand(session: Session, document: Document): LSPAny {
  const { problem, nodes, edges } = graphPreview(session.workspace, document.path);
  return {
    ...(problem === undefined ? {} : { problem }),
    nodes: nodes.map(({ at, whole, stages, ...node }) => ({
      ...node,
      stages: [...stages],
      at: placeIn(session, at),
      whole: placeIn(session, whole),
    })),
    edges: edges.map(({ at, ...edge }) => ({ ...edge, at: placeIn(session, at) })),
  };
}

function placeIn(session: Session, at: Location) {
  const { uri, range } = locationOf(session, at);
  return { uri, range: { start: { ...range.start }, end: { ...range.end } } };
}
