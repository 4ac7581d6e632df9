/**
 * What is wrong in all files, for clients that ask: file by file, in slices, in parts where the client takes them. Reports
 * are kept while every text that was read for them is the same, so that asking again costs little. A client that
 * takes parts may ask over and over: it is answered when there is something new.
 */
import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Diagnostic as LspDiagnostic, WorkspaceDocumentDiagnosticReport } from "vscode-languageserver-protocol";
import { pathOfUri } from "../paths.ts";
import type { Handler } from "../requests.ts";
import { isFlow, type Session, uriOf } from "../session.ts";
import { type Work, withProgress } from "../work.ts";
import { lspDiagnostic, toldOf } from "./diagnostics.ts";

interface Report {
  readonly id: string;
  readonly items: readonly LspDiagnostic[];
  /** The texts that it was made of, by path. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

const reportsOf = new WeakMap<Session, Map<string, Report>>();
let lastId = 0;

export const onWorkspaceDiagnostic: Handler<"workspace/diagnostic"> = async (session, params, token) => {
  const known = new Map((params.previousResultIds ?? []).map(({ uri, value }) => [pathOfUri(uri), value]));
  const { partialResultToken } = params;
  const send = (items: readonly WorkspaceDocumentDiagnosticReport[]): void =>
    void session.connection.sendNotification("$/progress", { token: partialResultToken, value: { items } });
  for (;;) {
    const { revision } = session.workspace;
    const { settings } = session;
    const found = await withProgress(
      session,
      token,
      "Checking files",
      (work) => reports(session, work, known, partialResultToken === undefined ? undefined : send),
      params.workDoneToken,
    );
    const isNews = found.some(({ kind }) => kind === "full");
    if (partialResultToken === undefined) return { items: found };
    if (isNews || known.size === 0) return { items: [] };
    await somethingChanged(
      session,
      token,
      () => session.workspace.revision !== revision || session.settings !== settings,
    );
  }
};

/** Of every file that counts; what is new is sent as soon as it is known. */
async function reports(
  session: Session,
  work: Work,
  known: ReadonlyMap<string, string>,
  send: ((items: readonly WorkspaceDocumentDiagnosticReport[]) => void) | undefined,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const kept = reportsOf.get(session) ?? new Map<string, Report>();
  reportsOf.set(session, kept);
  const paths = pathsThatCount(session);
  const found: WorkspaceDocumentDiagnosticReport[] = [];
  for (const [i, path] of paths.entries()) {
    const one = reportOf(session, kept, path, known.get(path));
    found.push(one);
    if (one.kind === "full") send?.([one]);
    work.report(i + 1, paths.length);
    await work.pause();
  }
  for (const path of leaving(session, kept, known, new Set(paths))) {
    const one = { kind: "full" as const, uri: uriOf(session, path), version: null, resultId: noneId, items: [] };
    found.push(one);
    send?.([one]);
  }
  return found;
}

/**
 * Files that count no longer, of which the client must hear that nothing is wrong. A file that was closed is said in two answers:
 * while a client closes a document it may pass over what is said of it, and yet keep the id.
 */
function leaving(
  session: Session,
  kept: Map<string, Report>,
  known: ReadonlyMap<string, string>,
  counted: ReadonlySet<string>,
): readonly string[] {
  const left = leavingOf.get(session) ?? new Map<string, number>();
  leavingOf.set(session, left);
  const told = toldOf(session);
  for (const path of new Set([...kept.keys(), ...told])) {
    if (counted.has(path)) continue;
    kept.delete(path);
    told.delete(path);
    left.set(path, 2);
  }
  for (const [path, id] of known) if (!counted.has(path) && id !== noneId && !left.has(path)) left.set(path, 1);
  const said = [...left].filter(([path]) => !counted.has(path));
  left.clear();
  for (const [path, times] of said) if (times > 1) left.set(path, times - 1);
  return said.map(([path]) => path);
}

/** In how many more answers. */
const leavingOf = new WeakMap<Session, Map<string, number>>();

/** Of a file that is gone or does not count any more. */
const noneId = "none";

function reportOf(
  session: Session,
  kept: Map<string, Report>,
  path: string,
  previous: string | undefined,
): WorkspaceDocumentDiagnosticReport {
  const { workspace } = session;
  const uri = uriOf(session, path);
  const version = workspace.version(path) ?? null;
  try {
    const report = freshReport(session, kept, path);
    if (report.id === previous) return { kind: "unchanged", uri, version, resultId: report.id };
    return { kind: "full", uri, version, resultId: report.id, items: [...report.items] };
  } catch (error) {
    session.log(`workspace/diagnostic failed for ${uri}: ${error instanceof Error ? error.stack : String(error)}`);
    return { kind: "full", uri, version, items: [] };
  }
}

function freshReport(session: Session, kept: Map<string, Report>, path: string): Report {
  const { workspace } = session;
  const before = kept.get(path);
  if (before && [...before.texts].every(([file, text]) => workspace.host.readFile(file) === text)) return before;
  const analysis = workspace.file(path);
  const items = analysis.diagnostics.map((one) => lspDiagnostic(session, one));
  const texts = new Map([path, ...analysis.dependencies].map((file) => [file, workspace.host.readFile(file)]));
  const isSame = before !== undefined && JSON.stringify(before.items) === JSON.stringify(items);
  const report = { id: isSame ? before.id : `w${++lastId}`, items, texts };
  kept.set(path, report);
  return report;
}

/** Open files and what they import, or all of the workspace: that is a setting. */
function pathsThatCount(session: Session): readonly string[] {
  const { workspace, settings } = session;
  if (settings.diagnostics.scope === "workspace") return workspace.allPaths();
  const open = workspace.openPaths().filter((path) => isFlow(session, path));
  return [...new Set(open.flatMap((path) => [path, ...workspace.file(path).sources.keys()]))];
}

/** A client that asks again only after an answer would otherwise ask all the time. */
const watchMs = 250;

async function somethingChanged(session: Session, token: CancellationToken, isNew: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (token.isCancellationRequested || session.over || isNew()) resolve();
      else setTimeout(look, watchMs);
    };
    look();
  });
  if (token.isCancellationRequested || session.over)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
}
