/** Diagnostics by notification, for clients that do not ask: one for each file whose diagnostics are different from the last ones sent. */
import type { Diagnostic as LspDiagnostic, PublishDiagnosticsParams } from "vscode-languageserver-protocol";
import { closedFiles, configDiagnostics, lspDiagnostic } from "./features/diagnostics.ts";
import { isFlow, type Session, uriOf } from "./session.ts";

export interface Publisher {
  /** Something has changed: what is different is sent soon, once for a burst of changes. */
  later(): void;
}

export function publisher(session: Session, send: (params: PublishDiagnosticsParams) => void): Publisher {
  const sent = new Map<string, string>();
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const publish = (): void => {
    waiting = undefined;
    const found = everything(session);
    for (const path of sent.keys()) if (!found.has(path)) found.set(path, []);
    for (const [path, diagnostics] of found) {
      const text = JSON.stringify(diagnostics);
      if ((sent.get(path) ?? (session.workspace.isOpen(path) ? "" : "[]")) === text) continue;
      const version = session.workspace.version(path);
      send({ uri: uriOf(session, path), diagnostics, ...(version === undefined ? {} : { version }) });
      if (diagnostics.length === 0 && !session.workspace.isOpen(path)) sent.delete(path);
      else sent.set(path, text);
    }
  };
  return {
    later() {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        try {
          publish();
        } catch (error) {
          session.log(`Diagnostics failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        }
      }, 0);
    },
  };
}

/** By path: an open file by its own analysis, a closed one by those that import it, each mistake once. */
function everything(session: Session): Map<string, LspDiagnostic[]> {
  const { workspace } = session;
  const found = new Map<string, LspDiagnostic[]>();
  for (const path of workspace.openPaths()) {
    if (!isFlow(session, path)) {
      found.set(path, configDiagnostics(session, path));
      continue;
    }
    const analysis = workspace.file(path);
    found.set(
      path,
      analysis.diagnostics.map((one) => lspDiagnostic(session, one)),
    );
    for (const [other, diagnostics] of closedFiles(session, analysis)) {
      const before = found.get(other) ?? [];
      const texts = new Set(before.map((one) => JSON.stringify(one)));
      const more = diagnostics
        .map((one) => lspDiagnostic(session, one))
        .filter((one) => !texts.has(JSON.stringify(one)));
      found.set(other, [...before, ...more]);
    }
  }
  return found;
}
