/** What is wrong with a document, for clients that ask: with an id, so that the same answer need not be sent twice. */
import type {
  DiagnosticTag,
  DocumentDiagnosticReport,
  FullDocumentDiagnosticReport,
  Diagnostic as LspDiagnostic,
} from "vscode-languageserver-protocol";
import { pageOf } from "../../compiler/cli/report/findings.ts";
import { configFileName, readConfig } from "../../compiler/config/flow-config.ts";
import type { Analysis } from "../../compiler/service/workspace.ts";
import type { Diagnostic } from "../../compiler/source/diagnostic.ts";
import { pathOfUri } from "../paths.ts";
import type { Handler } from "../requests.ts";
import { documentOf, locationOf, rangeIn, type Session, uriOf } from "../session.ts";

const severities = { error: 1, warning: 2, information: 3, hint: 4 } as const;
const tagNumbers = { unnecessary: 1, deprecated: 2 } as const satisfies Record<string, DiagnosticTag>;

export function lspDiagnostic(
  session: Session,
  { code, severity, message, at, related, tags }: Diagnostic,
): LspDiagnostic {
  return {
    range: rangeIn(session, at),
    severity: severities[severity],
    code,
    codeDescription: { href: pageOf(code) },
    source: "flow",
    message,
    ...(tags.length === 0 ? {} : { tags: tags.map((tag) => tagNumbers[tag]) }),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((one) => ({ location: locationOf(session, one.at), message: one.message })),
        }),
  };
}

export const diagnosticReport: Handler<"textDocument/diagnostic"> = (session, params) => {
  const { uri } = params.textDocument;
  const document = documentOf(session, uri);
  if (!document) return { kind: "full", items: configDiagnostics(session, pathOfUri(uri)) };
  const { analysis } = document;
  toldOf(session).add(document.path);
  const resultId = idOf(analysis);
  if (params.previousResultId === resultId) return { kind: "unchanged", resultId };
  const report: DocumentDiagnosticReport = {
    kind: "full",
    resultId,
    items: analysis.diagnostics.map((one) => lspDiagnostic(session, one)),
  };
  if (session.client.textDocument?.diagnostic?.relatedDocumentSupport !== true) return report;
  const related = [...closedFiles(session, analysis)].map(([path, found]): [string, FullDocumentDiagnosticReport] => [
    uriOf(session, path),
    { kind: "full", items: found.map((one) => lspDiagnostic(session, one)) },
  ]);
  return related.length === 0 ? report : { ...report, relatedDocuments: Object.fromEntries(related) };
};

const told = new WeakMap<Session, Set<string>>();

/** Files of which this client has been told by themselves: it has to hear when they do not count any more. */
export function toldOf(session: Session): Set<string> {
  const known = told.get(session) ?? new Set<string>();
  told.set(session, known);
  return known;
}

/** What is wrong in files that the analysis read and nobody has open; with those where nothing is wrong. */
export function closedFiles({ workspace }: Session, analysis: Analysis): ReadonlyMap<string, readonly Diagnostic[]> {
  const { allDiagnostics, sources, path } = analysis;
  return new Map(
    [...sources.keys()]
      .filter((other) => other !== path && !workspace.isOpen(other))
      .map((other) => [other, allDiagnostics.filter(({ at }) => at.file === other)]),
  );
}

/** A flow.config.json that is open has diagnostics of its own. */
export function configDiagnostics(session: Session, path: string): LspDiagnostic[] {
  if (path.split("/").at(-1) !== configFileName || !session.workspace.isOpen(path)) return [];
  return readConfig(session.workspace.source(path)).diagnostics.map((one) => lspDiagnostic(session, one));
}

/** An analysis is never changed: the same object is the same answer. */
const ids = new WeakMap<Analysis, string>();
let lastId = 0;

function idOf(analysis: Analysis): string {
  let id = ids.get(analysis);
  if (id === undefined) {
    id = String(++lastId);
    ids.set(analysis, id);
  }
  return id;
}
