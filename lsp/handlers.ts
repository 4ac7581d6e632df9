/** Every request about texts, and who answers it. The compiler holds this list to the rows of `methods.ts`. */
import * as hierarchy from "./features/call-hierarchy.ts";
import { onCodeAction, onCodeActionResolve } from "./features/code-actions.ts";
import { onCodeLens, onCodeLensResolve } from "./features/code-lenses.ts";
import { onExecuteCommand } from "./features/commands.ts";
import { onCompletion, onCompletionResolve } from "./features/completion.ts";
import { diagnosticReport } from "./features/diagnostics.ts";
import { onDocumentLink, onDocumentLinkResolve } from "./features/document-links.ts";
import * as formatting from "./features/formatting.ts";
import { onHover, onSignatureHelp } from "./features/hover.ts";
import { onInlayHint, onInlayHintResolve } from "./features/inlay-hints.ts";
import * as navigation from "./features/navigation.ts";
import { onTextDocumentContent } from "./features/previews.ts";
import * as rename from "./features/rename.ts";
import * as tokens from "./features/semantic-tokens.ts";
import * as structure from "./features/structure.ts";
import { onDocumentSymbol, onWorkspaceSymbol, onWorkspaceSymbolResolve } from "./features/symbols.ts";
import { onWorkspaceDiagnostic } from "./features/workspace-diagnostics.ts";
import type { Handlers } from "./requests.ts";

export const handlers: Handlers = {
  "textDocument/diagnostic": diagnosticReport,
  "workspace/diagnostic": onWorkspaceDiagnostic,
  "textDocument/hover": onHover,
  "textDocument/completion": onCompletion,
  "completionItem/resolve": onCompletionResolve,
  "textDocument/signatureHelp": onSignatureHelp,
  "textDocument/declaration": navigation.onDeclaration,
  "textDocument/definition": navigation.onDefinition,
  "textDocument/typeDefinition": navigation.onTypeDefinition,
  "textDocument/references": navigation.onReferences,
  "textDocument/documentHighlight": navigation.onDocumentHighlight,
  "textDocument/documentLink": onDocumentLink,
  "documentLink/resolve": onDocumentLinkResolve,
  "textDocument/documentSymbol": onDocumentSymbol,
  "workspace/symbol": onWorkspaceSymbol,
  "workspaceSymbol/resolve": onWorkspaceSymbolResolve,
  "textDocument/prepareCallHierarchy": hierarchy.onPrepareCallHierarchy,
  "callHierarchy/incomingCalls": hierarchy.onIncomingCalls,
  "callHierarchy/outgoingCalls": hierarchy.onOutgoingCalls,
  "textDocument/foldingRange": structure.onFoldingRange,
  "textDocument/selectionRange": structure.onSelectionRange,
  "textDocument/inlayHint": onInlayHint,
  "inlayHint/resolve": onInlayHintResolve,
  "textDocument/codeLens": onCodeLens,
  "codeLens/resolve": onCodeLensResolve,
  "textDocument/semanticTokens/full": tokens.onSemanticTokensFull,
  "textDocument/semanticTokens/full/delta": tokens.onSemanticTokensDelta,
  "textDocument/semanticTokens/range": tokens.onSemanticTokensRange,
  "textDocument/codeAction": onCodeAction,
  "codeAction/resolve": onCodeActionResolve,
  "textDocument/formatting": formatting.onFormatting,
  "textDocument/rangeFormatting": formatting.onRangeFormatting,
  "textDocument/rangesFormatting": formatting.onRangesFormatting,
  "textDocument/onTypeFormatting": formatting.onOnTypeFormatting,
  "textDocument/prepareRename": rename.onPrepareRename,
  "textDocument/rename": rename.onRename,
  "textDocument/linkedEditingRange": rename.onLinkedEditingRange,
  "workspace/willRenameFiles": rename.onWillRenameFiles,
  "workspace/executeCommand": onExecuteCommand,
  "workspace/textDocumentContent": onTextDocumentContent,
};
