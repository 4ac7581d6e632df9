/** Quick fixes, fix all, organise imports. Edits come when one is chosen, where the client asks for them then. */
import {
  ErrorCodes,
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

/** What finds an action again: the same question to the same text. */
interface Origin {
  readonly uri: string;
  readonly revision: number;
  readonly span: Span;
  readonly index: number;
}

export const onCodeAction: Handler<"textDocument/codeAction"> = (session, { textDocument, range, context }) => {
  const document = documentOf(session, textDocument.uri);
  if (!document) return null;
  const span = session.positions.span(document.source, range);
  const wanted = context.only ?? [];
  return codeActions(session.workspace, document.path, span).flatMap((action, index) => {
    if (!isWanted(action, wanted)) return [];
    const origin: Origin = { uri: textDocument.uri, revision: session.workspace.revision, span, index };
    return [lspAction(session, document, action, origin)];
  });
};

/** `refactor` asks for `refactor.extract` too. Source actions come only to those who ask for them. */
function isWanted({ kind }: CodeAction, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return !kind.startsWith("source.");
  return wanted.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));
}

function lspAction(session: Session, document: Document, action: CodeAction, origin: Origin): LspAction {
  const { title, kind, preferred } = action;
  const diagnostics = mended(session, document, action);
  return {
    title,
    kind,
    ...(diagnostics === undefined ? {} : { diagnostics }),
    ...(preferred ? { isPreferred: true } : {}),
    ...(resolvesEdits(session) ? { data: origin } : { edit: workspaceEdit(session, action.edits) }),
  };
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
  const found = codeActions(session.workspace, document.path, origin.span)[origin.index];
  return found?.title === action.title ? { ...action, edit: workspaceEdit(session, found.edits) } : action;
};

function originOf(data: unknown): Origin | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { uri, revision, span, index } = data as Partial<Origin>;
  if (typeof uri !== "string" || typeof revision !== "number" || typeof index !== "number") return undefined;
  if (typeof span?.start !== "number" || typeof span.end !== "number") return undefined;
  return { uri, revision, span, index };
}
