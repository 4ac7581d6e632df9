/** Quick fixes, fix all, organise imports, refactorings. Edits come when one is chosen, where the client asks for them then. */
import {
  ErrorCodes,
  LSPErrorCodes,
  type CodeAction as LspAction,
  type Diagnostic as LspDiagnostic,
  ResponseError,
} from "vscode-languageserver-protocol";
import { codeActions } from "../../compiler/service/code-actions.ts";
import type { CodeAction } from "../../compiler/service/types.ts";
import type { Span } from "../../compiler/source/span.ts";
import type { Handler } from "../requests.ts";
import { type Document, documentOf, type Session } from "../session.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { lspDiagnostic } from "./diagnostics.ts";

/** What finds an action again: the same question to the same text. `index` counts those of the kind. */
interface Origin {
  readonly uri: string;
  readonly revision: number;
  readonly span: Span;
  readonly kind: string;
  readonly index: number;
}

export const onCodeAction: Handler<"textDocument/codeAction"> = (session, { textDocument, range, context }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const span = session.positions.span(document.source, range);
  const seen = new Map<string, number>();
  return codeActions(session.workspace, document.path, span, isWanted(context.only ?? [])).flatMap((action) => {
    const index = seen.get(action.kind) ?? 0;
    seen.set(action.kind, index + 1);
    if (action.disabled !== undefined && session.client.textDocument?.codeAction?.disabledSupport !== true) return [];
    const diagnostics = mended(session, document, action);
    if (diagnostics && !isAskedFor(diagnostics, context.diagnostics)) return [];
    const origin: Origin = {
      uri: textDocument.uri,
      revision: session.workspace.revision,
      span,
      kind: action.kind,
      index,
    };
    return lspAction(session, action, diagnostics, origin);
  });
};

/** `refactor` asks for `refactor.extract` too. Source actions come only to those who ask for them. */
const isWanted =
  (wanted: readonly string[]) =>
  (kind: string): boolean =>
    wanted.length === 0
      ? !kind.startsWith("source.")
      : wanted.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));

/** A client that says which diagnostics it shows wants fixes for those. */
const isAskedFor = (found: readonly LspDiagnostic[], asked: readonly LspDiagnostic[]): boolean =>
  asked.length === 0 ||
  found.some((one) => asked.some(({ code, range }) => code === one.code && range.start.line === one.range.start.line));

function lspAction(
  session: Session,
  action: CodeAction,
  diagnostics: LspDiagnostic[] | undefined,
  origin: Origin,
): readonly LspAction[] {
  const { title, kind, preferred, disabled } = action;
  const said = { title, kind, ...(diagnostics ? { diagnostics } : {}), ...(preferred ? { isPreferred: true } : {}) };
  if (disabled !== undefined) return [{ ...said, disabled: { reason: disabled } }];
  if (resolvesEdits(session)) return [{ ...said, data: origin }];
  const edits = action.edits();
  return edits.length === 0 ? [] : [{ ...said, edit: workspaceEdit(session, edits) }];
}

function mended(session: Session, { analysis }: Document, { diagnostic }: CodeAction): LspDiagnostic[] | undefined {
  const found = diagnostic === undefined ? undefined : analysis.diagnostics[diagnostic];
  return found && [lspDiagnostic(session, found)];
}

const resolvesEdits = ({ client }: Session): boolean =>
  client.textDocument?.codeAction?.dataSupport === true &&
  client.textDocument.codeAction.resolveSupport?.properties.includes("edit") === true;

export const onCodeActionResolve: Handler<"codeAction/resolve"> = (session, action) => {
  const origin = originOf(action.data);
  const document = origin && documentOf(session, origin.uri);
  if (!origin || !document || action.edit !== undefined) return action;
  if (origin.revision !== session.workspace.revision) {
    throw new ResponseError(ErrorCodes.InvalidRequest, "The text has changed since this action was offered.");
  }
  const { workspace } = session;
  const found = codeActions(workspace, document.path, origin.span, (kind) => kind === origin.kind)[origin.index];
  if (found?.title !== action.title) return action;
  const edits = found.edits();
  if (edits.length === 0) {
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      "This would leave a mistake in the file, so nothing is changed.",
    );
  }
  return { ...action, edit: workspaceEdit(session, edits) };
};

function originOf(data: unknown): Origin | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { uri, revision, span, kind, index } = data as Partial<Origin>;
  if (typeof uri !== "string" || typeof revision !== "number") return undefined;
  if (typeof kind !== "string" || typeof index !== "number") return undefined;
  if (typeof span?.start !== "number" || typeof span.end !== "number") return undefined;
  return { uri, revision, span, kind, index };
}
