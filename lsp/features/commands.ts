/** `workspace/executeCommand`: which command is whose. The first argument of each is the URI of a document. */

import { ErrorCodes, type LSPAny, ResponseError } from "vscode-languageserver-protocol";
import type { CommandCall } from "../command-call.ts";
import { commandNames, type ServerCommand } from "../command-names.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, type Session } from "../session.ts";
import { graphCommand, previewCommand } from "./previews.ts";
import { runHereCommand, runTestsCommand, testsCommand } from "./running.ts";

type Command = (
  session: Session,
  document: Document,
  rest: readonly LSPAny[],
  call: CommandCall,
) => LSPAny | Promise<LSPAny>;

const commands: Readonly<Record<ServerCommand, Command>> = {
  "flow.preview": previewCommand,
  "flow.graph": graphCommand,
  "flow.tests": testsCommand,
  "flow.runTests": runTestsCommand,
  "flow.runHere": runHereCommand,
};

export const onExecuteCommand: Handler<"workspace/executeCommand"> = (session, params, token) => {
  const name = commandNames.find((one) => one === params.command);
  if (name === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `There is no command '${params.command}'.`);
  const [uri, ...rest] = params.arguments ?? [];
  const document = typeof uri === "string" ? documentOf(session, uri) : undefined;
  if (!document) throw new ResponseError(ErrorCodes.InvalidParams, `'${name}' needs the URI of a .flow document.`);
  const { workDoneToken } = params;
  return commands[name](session, document, rest, { token, ...(workDoneToken === undefined ? {} : { workDoneToken }) });
};
