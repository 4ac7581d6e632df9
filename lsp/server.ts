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
import type { StartRunner } from "./running/runner.ts";
import { Runs } from "./running/runs.ts";
import { type Session, sessionOf } from "./session.ts";
import { settingsIn, settingsOf, settingsSection } from "./settings.ts";
import { firstMissing } from "./well-formed.ts";

/**
 * @param filesFor what is not open is read from here; made when the client has said who it is.
 * @param runnerFor what tests and pipelines run in; started when something is to run.
 */
export function serve(
  connection: Connection,
  filesFor: (params: InitializeParams) => Files,
  runnerFor: (params: InitializeParams) => StartRunner,
): void {
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
    const begun = sessionOf(params, files, connection, new Runs(runnerFor(params)));
    session = begun;
    files.onArrival?.((path) => {
      begun.workspace.changed(path);
      refresh?.();
      refreshPreviews?.();
    });
    if (!pullsDiagnostics(begun.client)) {
      push = publisher(begun, (found) => void connection.sendDiagnostics(found));
    }
    refresh = refresher(connection, begun, push);
    refreshPreviews = previewRefresher(connection, begun);
    return initializeResult(begun);
  });
  connection.onInitialized(() => {
    if (!session) return;
    register(connection, session);
    askSettings();
  });
  /** Settings of the editor, where it has some; what is shown by the old ones is asked for anew. */
  const askSettings = (): void => {
    const now = session;
    if (now?.client.workspace?.configuration !== true) return;
    connection
      .sendRequest<unknown[]>("workspace/configuration", { items: [{ section: settingsSection }] })
      .then((found) => useSettings(now, Array.isArray(found) ? found[0] : undefined))
      .catch((error: unknown) => log(`The settings are not known: ${stackOf(error)}`));
  };
  const useSettings = (now: Session, flow: unknown): void => {
    const settings = settingsOf(flow);
    if (JSON.stringify(settings) === JSON.stringify(now.settings)) return;
    now.settings = settings;
    refresh?.();
  };
  connection.onShutdown(() => {
    over = true;
    if (session) session.over = true;
    session?.runs.stop();
  });

  /** Texts change in the order of the messages; a change that fails is logged and the next one counts. */
  const onText = <P>(method: string, work: (session: Session, params: P) => unknown): void => {
    connection.onNotification(method, (params: P) => {
      if (!session || over) return;
      session.taken.count++;
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
  onText("workspace/didChangeConfiguration", (now, params: unknown) => {
    if (now.client.workspace?.configuration === true) askSettings();
    else if (settingsIn(params) !== undefined) useSettings(now, settingsIn(params));
    return documents.filesMayHaveChanged(now);
  });

  const ready = (): Session | ResponseError<void> => {
    if (over) return refused(ErrorCodes.InvalidRequest, "The server is shutting down.");
    return session ?? refused(ErrorCodes.ServerNotInitialized, "The server is not initialized yet.");
  };
  for (const method of Object.keys(handlers) as FeatureMethod[]) {
    connection.onRequest(method, (params: unknown, token: CancellationToken | undefined) => {
      const now = ready();
      if (now instanceof ResponseError) return now;
      now.taken.count++;
      if (token === undefined) return notWhole(method, "");
      if (token.isCancellationRequested) return refused(LSPErrorCodes.RequestCancelled, "Cancelled.");
      return answer(now, method, params, token);
    });
  }
  connection.onRequest((method) => {
    const now = ready();
    return now instanceof ResponseError ? now : refused(ErrorCodes.MethodNotFound, `There is no method '${method}'.`);
  });
  connection.listen();
}

/** Never throws: what is wrong with the request is an error to the client, what is wrong with us is logged. */
function answer(session: Session, method: FeatureMethod, params: unknown, token: CancellationToken): unknown {
  const missing = firstMissing(method, params);
  if (missing !== undefined) return notWhole(method, missing);
  const handler = handlers[method] as (session: Session, params: unknown, token: CancellationToken) => unknown;
  const failed = (error: unknown): unknown => {
    if (error instanceof ResponseError) return error;
    session.log(`${method} failed: ${stackOf(error)}`);
    return emptyAnswer(method, params);
  };
  try {
    const found = handler(session, params, token);
    return found instanceof Promise ? found.catch(failed) : found;
  } catch (error) {
    return failed(error);
  }
}

function initializeResult({ client, encoding }: Session): InitializeResult {
  return {
    capabilities: { positionEncoding: encoding, ...serverCapabilities(client) },
    serverInfo: { name: "flow", version },
  };
}

/** What a .flow file can depend on: other ones, the configuration, schemas and samples. */
const watchedFiles = "**/*.{flow,json,ndjson}";

/** What cannot be declared beforehand: which files and settings we want to hear of. */
function register(connection: Connection, { client, log }: Session): void {
  const { workspace } = client;
  const registrations = [
    ...(workspace?.didChangeWatchedFiles?.dynamicRegistration === true
      ? [
          {
            id: "watched-files",
            method: "workspace/didChangeWatchedFiles",
            registerOptions: { watchers: [{ globPattern: watchedFiles }] },
          },
        ]
      : []),
    ...(workspace?.didChangeConfiguration?.dynamicRegistration === true
      ? [
          {
            id: "settings",
            method: "workspace/didChangeConfiguration",
            registerOptions: { section: settingsSection },
          },
        ]
      : []),
  ];
  if (registrations.length === 0) return;
  connection
    .sendRequest("client/registerCapability", { registrations })
    .catch((error: unknown) => log(`Files and settings are not watched: ${stackOf(error)}`));
}

const notWhole = (method: string, missing: string): ResponseError<void> =>
  refused(
    ErrorCodes.InvalidParams,
    `The parameters of '${method}' are not whole${missing === "" ? "" : `: '${missing}'`}.`,
  );

const refused = (code: number, message: string): ResponseError<void> => new ResponseError(code, message);

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
