/** Tells the client to ask again: when something changed that it did not do itself. */
import type { Connection } from "vscode-languageserver";
import type { Publisher } from "./publish.ts";
import type { Session } from "./session.ts";

/** Does what the client can take; several calls at once are one. */
export function refresher(connection: Connection, { client, log }: Session, push: Publisher | undefined): () => void {
  const { workspace } = client;
  const methods = [
    workspace?.diagnostics?.refreshSupport === true && push === undefined ? "workspace/diagnostic/refresh" : undefined,
    workspace?.semanticTokens?.refreshSupport === true ? "workspace/semanticTokens/refresh" : undefined,
    workspace?.inlayHint?.refreshSupport === true ? "workspace/inlayHint/refresh" : undefined,
    workspace?.codeLens?.refreshSupport === true ? "workspace/codeLens/refresh" : undefined,
  ].filter((method) => method !== undefined);
  let waiting = false;
  return () => {
    push?.later();
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      for (const method of methods)
        connection.sendRequest(method).catch((error: unknown) => log(`${method} was refused: ${String(error)}`));
    }, 0);
  };
}

/** Follows texts with their previews, in clients that show some. A preview is asked for anew once for a burst of changes. */
export function previewRefresher(connection: Connection, session: Session): () => void {
  const { previews, workspace, log } = session;
  const shown = new Map<string, object>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const work = (): void => {
    for (const [path, uris] of previews) {
      const analysis = workspace.file(path);
      if (shown.get(path) === analysis) continue;
      shown.set(path, analysis);
      for (const uri of uris.keys())
        connection
          .sendRequest("workspace/textDocumentContent/refresh", { uri })
          .catch((error: unknown) => log(`The preview ${uri} was not refreshed: ${String(error)}`));
    }
  };
  return () => {
    if (previews.size === 0) return;
    clearTimeout(waiting);
    waiting = setTimeout(work, previewDelayMs);
  };
}

/** Pulls and completion of a keystroke come first. */
const previewDelayMs = 50;
