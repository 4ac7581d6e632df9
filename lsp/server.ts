/**
 * The server, whatever carries its messages: order of the lifecycle, one handler for each row of the table, and a guard around each,
 * so that a feature that fails answers nothing and the others go on. Runs in Node and in browsers.
 */
import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver";
import { version } from "../compiler/cli/version.ts";
import * as documents from "./documents.ts";
import { emptyAnswer } from "./empty-answers.ts";
import type { Files } from "./files.ts";
import { handlers } from "./handlers.ts";
import { pullsDiagnostics, serverCapabilities } from "./methods.ts";
import { type Publisher, publisher } from "./publish.ts";
import { previewRefresher, refresher } from "./refresh.ts";
import type { FeatureMethod } from "./requests.ts";
import { type Session, sessionOf } from "./session.ts";

/** @param filesFor what is not open is read from here; made when the client has said who it is. */
export function serve(connection: Connection, filesFor: (params: InitializeParams) => Files): void {
  let session: Session | undefined;
  let over = false;
  let push: Publisher | undefined;
  let refresh: (() => void) | undefined;
  let refreshPreviews: (() => void) | undefined;
  const log = (message: string): void => connection.console.error(message);

  connection.onInitialize((params) => {
    if (session)
      return new ResponseError(ErrorCodes.InvalidRequest, "The server is initialized already.", { retry: false });
    const files = filesFor(params);
    const begun = sessionOf(params, files, log);
    session = begun;
    files.onArrival?.((path) => {
      begun.workspace.changed(path);
      refresh?.();
    });
    if (!pullsDiagnostics(begun.client)) {
      push = publisher(begun, (found) => void connection.sendDiagnostics(found));
    }
    refresh = refresher(connection, begun, push);
    refreshPreviews = previewRefresher(connection, begun);
    return initializeResult(begun);
  });
  connection.onInitialized(() => {
    if (session) watchFiles(connection, session);
  });
  connection.onShutdown(() => {
    over = true;
  });

  /** Texts change in the order of the messages; a change that fails is logged and the next one counts. */
  const onText = <P>(method: string, work: (session: Session, params: P) => unknown): void => {
    connection.onNotification(method, (params: P) => {
      if (!session || over) return;
      try {
        const elsewhere = work(session, params) === true;
        if (elsewhere) refresh?.();
      } catch (error) {
        log(`${method} failed: ${stackOf(error)}`);
      }
      push?.later();
      refreshPreviews?.();
    });
  };
  onText("textDocument/didOpen", documents.didOpen);
  onText("textDocument/didChange", documents.didChange);
  onText("textDocument/didClose", documents.didClose);
  onText("textDocument/didSave", documents.filesMayHaveChanged);
  onText("workspace/didChangeWatchedFiles", documents.didChangeFiles);
  onText("workspace/didChangeWorkspaceFolders", documents.didChangeFolders);
  onText("workspace/didCreateFiles", documents.didCreateOrDelete);
  onText("workspace/didDeleteFiles", documents.didCreateOrDelete);
  onText("workspace/didRenameFiles", documents.didRename);
  onText("workspace/didChangeConfiguration", documents.filesMayHaveChanged);

  const ready = (): Session | ResponseError<void> => {
    if (over) return refused(ErrorCodes.InvalidRequest, "The server is shutting down.");
    return session ?? refused(ErrorCodes.ServerNotInitialized, "The server is not initialized yet.");
  };
  for (const method of Object.keys(handlers) as FeatureMethod[]) {
    connection.onRequest(method, (params: unknown, token: CancellationToken) => {
      const now = ready();
      if (now instanceof ResponseError) return now;
      if (token?.isCancellationRequested) return refused(LSPErrorCodes.RequestCancelled, "Cancelled.");
      return answer(now, method, params);
    });
  }
  connection.onRequest((method) => {
    const now = ready();
    return now instanceof ResponseError ? now : refused(ErrorCodes.MethodNotFound, `There is no method '${method}'.`);
  });
  connection.listen();
}

/** Never throws: what is wrong with the request is an error to the client, what is wrong with us is logged. */
function answer(session: Session, method: FeatureMethod, params: unknown): unknown {
  if (!isWellFormed(method, params))
    return refused(ErrorCodes.InvalidParams, `The parameters of '${method}' are not whole.`);
  const handler = handlers[method] as (session: Session, params: unknown) => unknown;
  try {
    return handler(session, params);
  } catch (error) {
    if (error instanceof ResponseError) return error;
    session.log(`${method} failed: ${stackOf(error)}`);
    return emptyAnswer(method, params);
  }
}

/** Every request about a document names it; positions are numbers. */
function isWellFormed(method: string, params: unknown): boolean {
  if (typeof params !== "object" || params === null) return false;
  if (!method.startsWith("textDocument/")) return true;
  const { textDocument, position } = params as {
    textDocument?: { uri?: unknown };
    position?: { line?: unknown; character?: unknown };
  };
  if (typeof textDocument?.uri !== "string") return false;
  return position === undefined || (typeof position?.line === "number" && typeof position.character === "number");
}

function initializeResult({ client, encoding }: Session): InitializeResult {
  return {
    capabilities: { positionEncoding: encoding, ...serverCapabilities(client) },
    serverInfo: { name: "flow", version },
  };
}

/** What a .flow file can depend on: other ones, the configuration, schemas and samples. */
const watchedFiles = "**/*.{flow,json,ndjson}";

function watchFiles(connection: Connection, { client, log }: Session): void {
  if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  const options = { watchers: [{ globPattern: watchedFiles }] };
  connection
    .sendRequest("client/registerCapability", {
      registrations: [{ id: "watched-files", method: "workspace/didChangeWatchedFiles", registerOptions: options }],
    })
    .catch((error: unknown) => log(`Files are not watched: ${stackOf(error)}`));
}

const refused = (code: number, message: string): ResponseError<void> => new ResponseError(code, message);

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
