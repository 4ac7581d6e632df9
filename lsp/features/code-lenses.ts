/** Lenses above the lines. Where the neighbours of a node are is looked up when the lens is shown. */
import type { Command, CodeLens as LspLens } from "vscode-languageserver-protocol";
import { codeLenses } from "../../compiler/service/code-lenses.ts";
import type { CodeLens } from "../../compiler/service/types.ts";
import { clientCommands } from "../command-names.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, locationOf, type Session } from "../session.ts";

export const onCodeLens: Handler<"textDocument/codeLens"> = (session, { textDocument }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const later = session.client.textDocument?.codeLens?.resolveSupport?.properties.includes("command") === true;
  return codeLenses(session.workspace, document.path).map((lens): LspLens => {
    const range = document.range(lens.span);
    if (!later || lens.command.kind !== "neighbours") return { range, command: commandOf(session, document, lens) };
    return { range, data: { uri: textDocument.uri, node: lens.command.node } };
  });
};

export const onCodeLensResolve: Handler<"codeLens/resolve"> = (session, lens) => {
  if (lens.command !== undefined || typeof lens.data !== "object" || lens.data === null) return lens;
  const { uri, node } = lens.data;
  const document = typeof uri === "string" ? documentOf(session, uri) : undefined;
  const found =
    document &&
    codeLenses(session.workspace, document.path).find(
      ({ command }) => command.kind === "neighbours" && command.node === node,
    );
  return { ...lens, command: found ? commandOf(session, document, found) : { title: "", command: "" } };
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
